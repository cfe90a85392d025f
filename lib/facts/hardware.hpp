// Memory and processors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace konvoy::facts {

/// The bytes of a line of /proc/meminfo such as "MemTotal:  3880072 kB"; 0 when it is not there.
[[nodiscard]] std::uint64_t parse_meminfo(std::string_view text, std::string_view key);

/// How many numbers a kernel's CPU list has: 6 of "0-3,8,10"
/// (Documentation/admin-guide/cputopology).
[[nodiscard]] int parse_cpu_list(std::string_view text);

/// The feature words of the first processor of /proc/cpuinfo ("flags", on aarch64 "Features").
[[nodiscard]] std::vector<std::string> parse_cpu_flags(std::string_view text);

}  // namespace konvoy::facts

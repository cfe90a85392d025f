// Moments as manifests and reports write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace konvoy::verify {

/// Seconds since 1970 of "2026-11-23T06:00:00Z" (RFC 3339, UTC, no fractions); nothing for any
/// other text or a day that is none.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

[[nodiscard]] std::string render_time(std::int64_t seconds);

}  // namespace konvoy::verify

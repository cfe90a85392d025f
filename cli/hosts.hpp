// The host options of a command line, as the use cases take them.
#pragma once

#include <cstddef>

#include "app/hosts.hpp"
#include "app/open_target.hpp"
#include "base/result.hpp"
#include "cli/command.hpp"

namespace konvoy::cli {

class Terminal;

/// How many machines are worked on at once when nothing else is said.
inline constexpr long default_forks = 10;

/// -f N, --forks N
[[nodiscard]] Option forks_option();
[[nodiscard]] base::Result<std::size_t> forks_of(const Invocation& invocation);

/// The machines that host_options() name. Warnings of the inventory go to the terminal, which from
/// now on hides its passwords. Errors: those of app::choose_hosts.
[[nodiscard]] base::Result<app::ChosenHosts> hosts_of(const Invocation& invocation,
                                                      Terminal& terminal);

/// How they are opened.
[[nodiscard]] app::OpenTarget opener_of(const Invocation& invocation);

}  // namespace konvoy::cli

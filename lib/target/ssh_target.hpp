// A host over the system's OpenSSH: nothing is installed there, a shell and coreutils are enough.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "target/ssh_options.hpp"
#include "target/target.hpp"

namespace konvoy::target {

/// Connects and starts the session. Error of kind unreachable with cause and remedy
/// (explain_failure()). Later calls connect again where the connection was lost: observe() and file
/// actions are repeated, a detached command is waited for, and a command that was running gives an
/// Error of kind unreachable, since nobody knows whether it came to its end.
[[nodiscard]] base::Result<std::unique_ptr<Target>> connect_ssh(SshOptions options);

}  // namespace konvoy::target

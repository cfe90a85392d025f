// Commands inside another root, so that nothing they do reaches the machine that builds.
//
// The command gets private mount, pid, ipc and uts namespaces and a root of its own (pivot_root),
// where device nodes do not work, and no capability to load modules or set the clock. /proc is its
// own with /proc/sys read-only, /sys is read-only, /dev a tmpfs with null, zero, full, random,
// urandom and tty, /run and /tmp stay the root's. Unless the network is asked for there is none.
// All of it is set up in a process of our own executable that re-executes itself: the mounts live
// in namespaces that end with it, so nothing stays mounted after a crash or a SIGKILL, and every
// process that the command leaves behind ends with it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "system/process.hpp"

namespace konvoy::system {

/// The first statement of every main() whose program uses Command::isolation: when this process is
/// the one that enters a root, does so and gives the exit status to return.
[[nodiscard]] std::optional<int> enter_root_if_asked(int argc, char** argv);

/// The argument vector that makes our own executable enter the root and run `argv` there.
[[nodiscard]] std::vector<std::string> isolated_arguments(const Isolation& isolation,
                                                          const std::vector<std::string>& argv);

}  // namespace konvoy::system

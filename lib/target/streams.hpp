// The two kinds of connection a target makes: a socket of ours, or ssh -W.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "system/process.hpp"
#include "target/target.hpp"

namespace konvoy::target {

/// A TCP connection from this machine. Error of kind check when it cannot be made.
[[nodiscard]] base::Result<std::unique_ptr<Stream>> open_socket(const Address& address,
                                                                std::chrono::milliseconds timeout);

/// A stream over the stdin and stdout of a program that forwards to `address`. When the program
/// ends with a failure, read() gives an Error of kind check with what it said on stderr.
[[nodiscard]] std::unique_ptr<Stream> make_process_stream(system::Child child,
                                                          const Address& address);

}  // namespace konvoy::target

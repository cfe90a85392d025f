// What TLS runs over: a connected byte stream, wherever it comes from.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::tls {

/// A connected byte stream, closed when it ends.
class Transport {
 public:
  virtual ~Transport() = default;
  /// At least one byte, at most `limit`; empty at the end of the stream. An Error after `timeout`.
  virtual base::Result<std::string> read(std::size_t limit, std::chrono::milliseconds timeout) = 0;
  virtual base::Result<void> write(std::string_view bytes) = 0;
};

/// Makes a new connection to always the same service.
using Connect = std::function<base::Result<std::unique_ptr<Transport>>()>;

}  // namespace konvoy::tls

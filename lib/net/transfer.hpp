// One HTTP transfer by libcurl.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace konvoy::net {

struct Transfer {
  std::string url;
  std::uint64_t resume_from = 0;  ///< bytes that are there already
  std::chrono::seconds connect_timeout{30};
  std::chrono::seconds stall_timeout{60};
  /// Takes bytes; false ends the transfer.
  std::function<bool(std::string_view)> on_data;
  /// Total of bytes, 0 when unknown.
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;
};

struct TransferEnd {
  enum class Kind {
    complete,
    network,    ///< may work the next time: no answer, cut off, 5xx, 429
    refused,    ///< the server said no: 4xx
    past_end,   ///< 416: everything is there already
    no_resume,  ///< the server can only start over
    aborted,    ///< on_data said so
    failed,     ///< will not work the next time either: bad URL, bad certificate
  };
  Kind kind = Kind::complete;
  long status = 0;  ///< of HTTP, 0 when there was none
  std::string reason;
};

[[nodiscard]] TransferEnd run_transfer(const Transfer& transfer);

}  // namespace konvoy::net

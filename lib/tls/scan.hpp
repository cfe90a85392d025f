// What a service accepts: found by offers of our own, one connection after the other.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "tls/transport.hpp"
#include "tls/wire.hpp"

namespace konvoy::tls {

/// Keeps the scan short and the service unharmed.
struct ScanLimits {
  std::chrono::milliseconds reply_timeout{5000};
  std::chrono::milliseconds pause{10};     ///< between two connections
  std::chrono::milliseconds backoff{250};  ///< after a failed connection; doubles with each more
  int most_connections = 300;
  int most_failures = 4;  ///< connections that may fail in a row
};

/// The suites one version accepts.
struct AcceptedVersion {
  Version version = Version::tls1_2;
  /// In the server's order; in ours when it goes by the client's.
  std::vector<std::uint16_t> suites;
  bool server_chooses = true;  ///< false: the server takes the client's first that it knows
  bool operator==(const AcceptedVersion&) const = default;
};

struct Scan {
  std::vector<AcceptedVersion> versions;  ///< newest first; only those that are accepted
  std::vector<std::uint16_t> groups;      ///< accepted for key agreement, in our order
  int connections = 0;                    ///< how many were made
  bool operator==(const Scan&) const = default;
};

/// Offers every suite of every version, takes away what the server chose, and offers the rest until
/// it refuses. Errors: kind check when the service cannot be reached, does not speak TLS or stops
/// answering; nothing is guessed from a part of a scan.
[[nodiscard]] base::Result<Scan> scan(const Connect& connect, const std::string& server_name,
                                      const ScanLimits& limits = {});

}  // namespace konvoy::tls

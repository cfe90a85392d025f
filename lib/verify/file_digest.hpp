// SHA-256 of a file on a target: by our own probe, or by the node's openssl where that is the
// validated one. Not for other modules.
#pragma once

#include <string>

#include "target/probe.hpp"
#include "verify/files.hpp"

namespace konvoy::verify {

/// Asks for the digest of the file at `path`.
[[nodiscard]] target::Probe digest_probe(const ContentTools& tools, const std::string& path);

/// The answer's 64 hexadecimal digits; empty: there is none.
[[nodiscard]] std::string digest_of(const target::Observation& answer);

/// Why there is none.
[[nodiscard]] std::string why_no_digest(const target::Observation& answer);

/// What a report names as the digest's origin; empty: this program.
[[nodiscard]] std::string digest_by(const ContentTools& tools);

}  // namespace konvoy::verify

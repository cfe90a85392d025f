// The gate in front of everything that changes a machine.
#pragma once

#include <optional>

#include "base/diagnostic.hpp"
#include "facts/host_facts.hpp"

namespace konvoy::facts {

/// Why nothing may be changed on this machine; nothing when it is one that konvoy-image provisions:
/// Enterprise Linux 7 or 8 (Red Hat, CentOS, Rocky, AlmaLinux, Oracle) on x86_64 or aarch64.
///
/// EL9 is refused too. It keeps kernel arguments in each BLS entry and not in grubenv, its FIPS
/// provider is OpenSSL 3's, and there are no image definitions nor FIPS packages of Kubernetes for
/// it: what would be left there would look provisioned and not be. Reading commands (facts,
/// validate, verify) work on any machine.
[[nodiscard]] std::optional<base::Diagnostic> refuse_unsupported(const HostFacts& facts);

}  // namespace konvoy::facts

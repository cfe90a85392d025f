// A manifest out of a file, after its signature was checked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "openpgp/status.hpp"
#include "verify/manifest.hpp"

namespace konvoy::verify {

/// Where people keep the keys they trust, unless they say otherwise.
inline constexpr std::string_view default_keyring = "/etc/konvoy-image/trusted.gpg";

/// The longest manifest that is read: one of a thousand signed files takes 1 MiB.
inline constexpr std::uint64_t manifest_size_limit = 16U << 20U;

struct ManifestSource {
  std::string path;
  /// A signature kept beside the manifest; empty: the manifest holds its own, or (when it is plain
  /// JSON) PATH.sig or PATH.asc.
  std::string signature_path;
  std::string keyring = std::string(default_keyring);
  /// Narrows the keyring: fingerprints of which one must have signed. Blanks and case do not count.
  std::vector<std::string> fingerprints;
  std::string gpgv = "gpgv";
};

struct SignedManifest {
  Manifest manifest;
  value::Value document;  ///< all that was signed, with fields we do not know
  openpgp::Signature signature;
  std::string verified_by;  ///< "gpgv (GnuPG) 2.2.40"
};

/// Reads, checks the signature, and only then looks into the text that the signature covers. Dates
/// are not judged, see check_dates(). Errors: kind input for whatever is wrong with the manifest,
/// its signature or the keyring; kind run when gpgv is not there.
[[nodiscard]] base::Result<SignedManifest> read_signed_manifest(const ManifestSource& source);

}  // namespace konvoy::verify

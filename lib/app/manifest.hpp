// `konvoy-image manifest ...`: making and checking signed manifests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "target/target.hpp"
#include "value/value.hpp"
#include "verify/create.hpp"
#include "verify/signed_manifest.hpp"

namespace konvoy::app {

struct CreateManifestRequest {
  verify::CreateOptions options;
  std::string packages;  ///< a directory with rpm files; empty: `create_manifest` gets a target
  std::vector<std::string> image_archives;  ///< files whose images are named, too
  std::string sign_with;                    ///< what gpg --local-user takes
  std::string file_key;  ///< a PEM file or a pkcs11: URI; empty: files are not signed one by one
  base::Secret file_key_passphrase;
  verify::Scheme scheme = verify::Scheme::pkcs1_v15;
  std::string path;  ///< where the signed manifest goes
};

/// Writes a clear-signed manifest of `target`, or of the request's packages when it is null.
/// Errors: input for keys and contents, run for gpg and the disk.
[[nodiscard]] base::Result<void> create_manifest(const CreateManifestRequest& request,
                                                 target::Target* target);

/// A manifest whose signature was checked, and what is wrong with it apart from that.
struct CheckedManifest {
  verify::SignedManifest signed_manifest;
  std::vector<base::Diagnostic> problems;  ///< its dates
};

/// Errors: those of verify::read_signed_manifest().
[[nodiscard]] base::Result<CheckedManifest> check_manifest(const verify::ManifestSource& source,
                                                           std::int64_t now);

/// `{"result", "signature": {...}, "problems": []}`
[[nodiscard]] value::Value to_check_value(const CheckedManifest& checked);

/// The manifest as it was signed, and `{"signature": {"fingerprint", "created", "expires"}}`.
[[nodiscard]] value::Value to_show_value(const CheckedManifest& checked);

/// What it is for, who signed it and what is in it, for people.
[[nodiscard]] std::string render_text(const CheckedManifest& checked);

}  // namespace konvoy::app

#include "cli/manifest_options.hpp"

#include <utility>

namespace konvoy::cli {

std::vector<Option> manifest_options() {
  return {{.name = "keyring",
           .takes = Takes::value,
           .placeholder = "FILE",
           .help = "public keys that are trusted, binary or armored",
           .fallback = std::string(verify::default_keyring)},
          {.name = "fingerprint",
           .takes = Takes::values,
           .placeholder = "FPR",
           .help = "the manifest must be signed by this key of the keyring"},
          {.name = "signature",
           .takes = Takes::value,
           .placeholder = "FILE",
           .help = "the signature, if it is not in the manifest or in MANIFEST.sig"}};
}

Option image_archive_option(std::string help) {
  return {.name = "image-archive",
          .takes = Takes::values,
          .placeholder = "FILE",
          .help = std::move(help) + " (tar or directory, OCI image layout)"};
}

verify::ManifestSource manifest_source(const Invocation& invocation) {
  return {.path = invocation.argument("MANIFEST"),
          .signature_path = invocation.value("signature"),
          .keyring = invocation.value("keyring"),
          .fingerprints = invocation.values("fingerprint")};
}

}  // namespace konvoy::cli

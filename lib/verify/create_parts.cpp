#include "verify/create_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "crypto/digest.hpp"
#include "verify/services.hpp"
#include "verify/tools.hpp"

namespace konvoy::verify {

using base::Error;
using base::ErrorKind;

namespace {

/// kube-apiserver of "docker.io/mesosphere/kube-apiserver:v1.21.6_fips.0".
std::string image_name(std::string_view reference) {
  std::string_view name = reference.substr(reference.rfind('/') + 1);
  return std::string(name.substr(0, name.find_first_of(":@")));
}

}  // namespace

base::Result<Manifest> start_manifest(const CreateOptions& options, const FileSigner& signer) {
  Manifest manifest{.created = options.created,
                    .not_after = options.not_after,
                    .os_id = options.os_id,
                    .os_version = options.os_version,
                    .architecture = options.architecture,
                    .kubernetes = options.kubernetes,
                    .containerd = options.containerd,
                    .module_name = options.module_name,
                    .module_certificate = options.module_certificate};
  if (options.services) manifest.services = default_services();
  if (signer.key == nullptr) return manifest;
  if (signer.key->bits() != 4096) {
    return Error{ErrorKind::input,
                 fmt::format("the file key has {} bits, manifests use 4096", signer.key->bits()),
                 "make one with 'openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:4096'"};
  }
  KONVOY_TRY(std::string pem, signer.key->public_key().to_pem());
  manifest.signing_key = SigningKey{.scheme = signer.scheme, .spki_pem = std::move(pem)};
  return manifest;
}

base::Result<FileEntry> entry_of(const std::string& path, std::string_view content,
                                 const FileSigner& signer) {
  FileEntry entry{.path = path, .size = content.size()};
  KONVOY_TRY(entry.sha256, crypto::sha256_hex(content));
  if (signer.key != nullptr) {
    KONVOY_TRY(entry.signature, signer.key->sign(scheme_of(signer.scheme), content));
  }
  return entry;
}

void add_images(const std::vector<ListedImage>& listed, Manifest& manifest) {
  for (const ListedImage& image : listed) {
    // containerd lists an image by its tag, by its digest and by its id: the tag is for people.
    const bool tagged =
        image.reference.find('@') == std::string::npos && !image.reference.starts_with("sha256:");
    std::string name = image_name(image.reference);
    const bool known = std::any_of(manifest.images.begin(), manifest.images.end(),
                                   [&](const ImageEntry& entry) { return entry.name == name; });
    if (!tagged || known) continue;
    manifest.images.push_back(
        {.name = std::move(name), .reference = image.reference, .digest = image.digest});
  }
}

}  // namespace konvoy::verify

#include "app/manifest.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "crypto/signature.hpp"
#include "json/render.hpp"
#include "openpgp/gpg.hpp"
#include "system/file.hpp"
#include "verify/saved_images.hpp"
#include "verify/time.hpp"

namespace konvoy::app {
namespace {

using value::List;
using value::Map;
using value::Value;

base::Result<crypto::PrivateKey> load_key(const CreateManifestRequest& request) {
  if (request.file_key.starts_with("pkcs11:")) {
    return crypto::PrivateKey::open_pkcs11(request.file_key, request.file_key_passphrase);
  }
  KONVOY_TRY(std::string pem, system::read_file(request.file_key));
  return crypto::PrivateKey::parse_pem(base::Secret(std::move(pem)), request.file_key_passphrase,
                                       request.file_key);
}

Value signature_value(const verify::SignedManifest& manifest) {
  const auto& signature = manifest.signature;
  Map map;
  map.set("fingerprint", Value(signature.primary_fingerprint));
  map.set("key", Value(signature.fingerprint));
  map.set("signer", Value(signature.signer));
  map.set("created", Value(verify::render_time(signature.created)));
  map.set("expires",
          signature.expires == 0 ? Value() : Value(verify::render_time(signature.expires)));
  map.set("hash", Value(openpgp::hash_name(signature.hash_algorithm)));
  map.set("verified_by", Value(manifest.verified_by));
  return Value(std::move(map));
}

}  // namespace

base::Result<void> create_manifest(const CreateManifestRequest& request, target::Target* target) {
  auto options = request.options;
  KONVOY_TRY(options.images, verify::list_saved_images(request.image_archives));
  std::optional<crypto::PrivateKey> key;
  if (!request.file_key.empty()) {
    KONVOY_TRY(auto loaded, load_key(request));
    key = std::move(loaded);
  }
  const verify::FileSigner signer{.key = key ? &*key : nullptr, .scheme = request.scheme};
  KONVOY_TRY(const auto manifest,
             target == nullptr ? verify::manifest_of_packages(request.packages, options, signer)
                               : verify::manifest_of_target(*target, options, signer));
  KONVOY_TRY(const std::string text, openpgp::clear_sign(json::render(verify::to_value(manifest)),
                                                         {.key = request.sign_with}));
  return system::write_file(request.path, text);
}

base::Result<CheckedManifest> check_manifest(const verify::ManifestSource& source,
                                             std::int64_t now) {
  KONVOY_TRY(auto manifest, verify::read_signed_manifest(source));
  CheckedManifest checked{.signed_manifest = std::move(manifest)};
  if (auto dates = verify::check_dates(checked.signed_manifest.manifest, now); !dates) {
    checked.problems = dates.error().diagnostics;
  }
  return checked;
}

Value to_check_value(const CheckedManifest& checked) {
  Map map;
  map.set("result", Value(checked.problems.empty() ? "pass" : "fail"));
  map.set("signature", signature_value(checked.signed_manifest));
  List problems;
  for (const auto& problem : checked.problems) problems.emplace_back(problem.message);
  map.set("problems", Value(std::move(problems)));
  return Value(std::move(map));
}

Value to_show_value(const CheckedManifest& checked) {
  Map map = *checked.signed_manifest.document.map();
  map.set("signature", signature_value(checked.signed_manifest));
  return Value(std::move(map));
}

std::string render_text(const CheckedManifest& checked) {
  const auto& manifest = checked.signed_manifest.manifest;
  const auto& signature = checked.signed_manifest.signature;
  std::string text = fmt::format(
      "For:         {} {} {}, Kubernetes {}, containerd {}\nMade:        {}\nGood until:  {}\n"
      "Signed by:   {} {}\nSigned on:   {} with {}\nVerified by: {}\n",
      manifest.os_id, manifest.os_version, manifest.architecture,
      manifest.kubernetes.empty() ? "(any)" : manifest.kubernetes,
      manifest.containerd.empty() ? "(any)" : manifest.containerd,
      verify::render_time(manifest.created),
      manifest.not_after ? verify::render_time(*manifest.not_after) : "any day",
      signature.primary_fingerprint, signature.signer, verify::render_time(signature.created),
      openpgp::hash_name(signature.hash_algorithm), checked.signed_manifest.verified_by);
  for (const auto& file : manifest.files) {
    text += fmt::format("{} [file] {}{}\n", file.path, file.sha256,
                        file.signature.empty() ? "" : " signed");
  }
  for (const auto& image : manifest.images) {
    text += fmt::format("{} [image] {} {}\n", image.name, image.reference, image.digest);
  }
  for (const auto& service : manifest.services) {
    text += fmt::format("{} [service] {}\n", service.name, verify::address_of(service));
  }
  return text;
}

}  // namespace konvoy::app

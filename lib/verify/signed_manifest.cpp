#include "verify/signed_manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/text.hpp"
#include "json/reader.hpp"
#include "openpgp/gpgv.hpp"
#include "system/file.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;

/// "0x" and blanks are how people copy fingerprints.
base::Result<std::string> plain_fingerprint(const std::string& given) {
  std::string plain;
  for (const char c : given) {
    if (c != ' ' && c != ':')
      plain += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (plain.starts_with("0X")) plain.erase(0, 2);
  const bool digits = std::all_of(plain.begin(), plain.end(),
                                  [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (plain.size() == 40 && digits) return plain;
  return Error{ErrorKind::usage, fmt::format("'{}' is no fingerprint of an OpenPGP key", given),
               "give all 40 hexadecimal digits, as 'gpg --fingerprint' shows them"};
}

base::Result<openpgp::Verifier> prepare(const ManifestSource& source) {
  auto keyring = system::read_file(source.keyring);
  if (!keyring) {
    return Error{
        ErrorKind::input,
        fmt::format("cannot read the keyring with the trusted keys: {}", keyring.error().message()),
        "export the signer's key ('gpg --export FINGERPRINT > FILE') and name the file with "
        "--keyring"};
  }
  openpgp::Verifier verifier{.program = source.gpgv, .keyring = std::move(*keyring)};
  for (const std::string& given : source.fingerprints) {
    KONVOY_TRY(std::string fingerprint, plain_fingerprint(given));
    verifier.trust.fingerprints.push_back(std::move(fingerprint));
  }
  return verifier;
}

bool is_plain_json(std::string_view bytes) {
  const std::string_view text = base::trim(bytes);
  return text.starts_with('{');
}

base::Result<std::string> find_signature(const ManifestSource& source) {
  if (!source.signature_path.empty()) return source.signature_path;
  for (const char* ending : {".sig", ".asc"}) {
    if (system::exists(source.path + ending)) return source.path + ending;
  }
  return Error{
      ErrorKind::input,
      fmt::format("'{}' is not signed, and there is no '{}.sig'", source.path, source.path),
      "only signed manifests are used"};
}

base::Result<openpgp::Verified> verify(const ManifestSource& source, const std::string& bytes,
                                       const openpgp::Verifier& verifier) {
  if (source.signature_path.empty() && !is_plain_json(bytes)) {
    return openpgp::verify_signed(bytes, verifier);
  }
  KONVOY_TRY(const std::string path, find_signature(source));
  KONVOY_TRY(const std::string signature, system::read_file(path, manifest_size_limit));
  return openpgp::verify_detached(bytes, signature, verifier);
}

}  // namespace

base::Result<SignedManifest> read_signed_manifest(const ManifestSource& source) {
  KONVOY_TRY(const std::string bytes, system::read_file(source.path, manifest_size_limit));
  if (base::trim(bytes).empty()) {
    return Error{ErrorKind::input, fmt::format("the manifest '{}' is empty", source.path)};
  }
  KONVOY_TRY(const openpgp::Verifier verifier, prepare(source));
  auto verified = verify(source, bytes, verifier);
  if (!verified) {
    return std::move(verified).error().with_note(
        fmt::format("while checking the signature of '{}'", source.path));
  }
  KONVOY_TRY(value::Value document, json::parse(source.path, std::move(verified->text),
                                                {.bytes = manifest_size_limit, .depth = 20}));
  KONVOY_TRY(Manifest manifest, decode_manifest(document));
  return SignedManifest{.manifest = std::move(manifest),
                        .document = std::move(document),
                        .signature = std::move(verified->signature),
                        .verified_by = std::move(verified->by)};
}

}  // namespace konvoy::verify

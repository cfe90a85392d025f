#include "verify/manifest.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "verify/time.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;
using value::List;
using value::Map;
using value::Value;

/// Clocks differ a little.
constexpr std::int64_t forgiven_seconds = 300;

void put(Map& map, std::string_view key, const std::string& text) {
  if (!text.empty()) map.set(std::string(key), Value(text));
}

void put_signature(Map& map, const std::string& bytes) {
  if (!bytes.empty()) map.set("signature", Value(base::to_base64(bytes)));
}

Value to_value(const SigningKey& key) {
  Map map;
  put(map, "alg", "RSA-4096");
  put(map, "hash", "SHA-512");
  put(map, "scheme", std::string(name_of(key.scheme)));
  put(map, "spki_pem", key.spki_pem);
  return Value(std::move(map));
}

Value to_value(const FileEntry& file) {
  Map map;
  put(map, "path", file.path);
  map.set("size", Value(static_cast<std::int64_t>(file.size)));
  put(map, "sha256", file.sha256);
  put_signature(map, file.signature);
  put(map, "package", file.package);
  return Value(std::move(map));
}

Value to_value(const ImageEntry& image) {
  Map map;
  put(map, "name", image.name);
  put(map, "ref", image.reference);
  put(map, "digest", image.digest);
  put(map, "binary", image.binary);
  put(map, "sha256", image.sha256);
  put_signature(map, image.signature);
  return Value(std::move(map));
}

Value to_value(const ServiceEntry& service) {
  Map map;
  put(map, "name", service.name);
  put(map, "address", address_of(service));
  put(map, "min_version", service.min_version);
  if (!service.allowed_ciphers.empty()) {
    map.set("allowed_ciphers",
            Value(List(service.allowed_ciphers.begin(), service.allowed_ciphers.end())));
  }
  if (service.client_cert) map.set("client_cert", Value(true));
  return Value(std::move(map));
}

template <class Entries>
void put_list(Map& map, std::string_view key, const Entries& entries) {
  if (entries.empty()) return;
  List list;
  for (const auto& entry : entries) list.push_back(to_value(entry));
  map.set(std::string(key), Value(std::move(list)));
}

}  // namespace

std::string address_of(const ServiceEntry& service) {
  if (service.host.find(':') == std::string::npos) {
    return fmt::format("{}:{}", service.host, service.port);
  }
  return fmt::format("[{}]:{}", service.host, service.port);
}

std::string_view name_of(Scheme scheme) {
  return scheme == Scheme::pss ? "PSS" : "PKCS1v15";
}

Value to_value(const Manifest& manifest) {
  Map map;
  put(map, "api_version", std::string(manifest_version));
  put(map, "created", render_time(manifest.created));
  if (manifest.not_after) put(map, "not_after", render_time(*manifest.not_after));
  Map os;
  put(os, "id", manifest.os_id);
  put(os, "version", manifest.os_version);
  put(os, "arch", manifest.architecture);
  map.set("os", Value(std::move(os)));
  put(map, "kubernetes", manifest.kubernetes);
  put(map, "containerd", manifest.containerd);
  if (!manifest.module_name.empty()) {
    Map module;
    put(module, "name", manifest.module_name);
    put(module, "certificate", manifest.module_certificate);
    map.set("module", Value(std::move(module)));
  }
  if (manifest.signing_key) map.set("signing_key", to_value(*manifest.signing_key));
  put_list(map, "files", manifest.files);
  put_list(map, "images", manifest.images);
  put_list(map, "services", manifest.services);
  return Value(std::move(map));
}

base::Result<void> check_dates(const Manifest& manifest, std::int64_t now) {
  if (manifest.created > now + forgiven_seconds) {
    return Error{ErrorKind::input,
                 fmt::format("the manifest was made on {}, which is in the future",
                             render_time(manifest.created)),
                 "set the clock of this machine"};
  }
  if (manifest.not_after && now > *manifest.not_after) {
    return Error{
        ErrorKind::input,
        fmt::format("the manifest was good until {} only", render_time(*manifest.not_after)),
        "get the newest manifest for this release"};
  }
  return {};
}

}  // namespace konvoy::verify

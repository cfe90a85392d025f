#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "verify/json_reader.hpp"
#include "verify/manifest.hpp"
#include "verify/time.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;
using Need = JsonReader::Need;

/// Bytes of an RSA-4096 signature.
constexpr std::size_t signature_size = 512;
constexpr std::string_view digest_prefix = "sha256:";

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string want_sha256(const std::string& text) {
  return is_sha256(text) ? "" : "64 lower case hexadecimal digits";
}

std::string want_digest(const std::string& text) {
  const bool good = text.starts_with(digest_prefix) &&
                    is_sha256(std::string_view(text).substr(digest_prefix.size()));
  return good ? "" : "'sha256:' and 64 lower case hexadecimal digits";
}

std::string want_path(const std::string& text) {
  constexpr std::string_view wanted = "an absolute path without '.' and '..'";
  if (text.size() < 2 || text.front() != '/' || text.find('\0') != std::string::npos) {
    return std::string(wanted);
  }
  const std::vector<std::string> parts = base::split(std::string_view(text).substr(1), '/');
  const bool good = std::none_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.empty() || part == "." || part == "..";
  });
  return good ? "" : std::string(wanted);
}

std::string want_time(const std::string& text) {
  return parse_time(text) ? "" : "a time like '2026-11-23T06:00:00Z'";
}

std::string want_something(const std::string& text) {
  return text.empty() ? "some text" : "";
}

std::string want_signature(const std::string& text) {
  const auto bytes = base::from_base64(text);
  return bytes && bytes->size() == signature_size
             ? ""
             : fmt::format("the base64 of {} bytes", signature_size);
}

std::string want_tls_version(const std::string& text) {
  return text == "TLS1.2" || text == "TLS1.3" ? "" : "'TLS1.2' or 'TLS1.3'";
}

std::string signature_of(const JsonReader& reader) {
  return base::from_base64(reader.text("signature", Need::optional, want_signature)).value_or("");
}

/// "localhost:6443" or "[::1]:2379".
bool split_address(std::string_view address, ServiceEntry& service) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  std::string_view host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string_view port = address.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), service.port);
  service.host = host;
  return error == std::errc() && end == port.data() + port.size() && service.port != 0 &&
         !host.empty();
}

SigningKey decode_key(const JsonReader& reader) {
  SigningKey key;
  const std::string scheme = reader.text("scheme", Need::required, [](const std::string& text) {
    return text == "PKCS1v15" || text == "PSS" ? "" : "'PKCS1v15' or 'PSS'";
  });
  key.scheme = scheme == "PSS" ? Scheme::pss : Scheme::pkcs1_v15;
  static_cast<void>(reader.text("alg", Need::optional, [](const std::string& text) {
    return text == "RSA-4096" ? "" : "'RSA-4096'";
  }));
  static_cast<void>(reader.text("hash", Need::optional, [](const std::string& text) {
    return text == "SHA-512" ? "" : "'SHA-512'";
  }));
  key.spki_pem = reader.text("spki_pem", Need::required, [](const std::string& text) {
    return text.starts_with("-----BEGIN PUBLIC KEY-----") ? "" : "a public key in PEM";
  });
  return key;
}

FileEntry decode_file(const JsonReader& reader) {
  return {.path = reader.text("path", Need::required, want_path),
          .size = static_cast<std::uint64_t>(reader.integer("size", Need::required)),
          .sha256 = reader.text("sha256", Need::required, want_sha256),
          .signature = signature_of(reader),
          .package = reader.text("package", Need::optional)};
}

ImageEntry decode_image(const JsonReader& reader) {
  ImageEntry image{.name = reader.text("name", Need::required, want_something),
                   .reference = reader.text("ref", Need::required, want_something),
                   .digest = reader.text("digest", Need::required, want_digest),
                   .binary = reader.text("binary", Need::optional, want_path)};
  const Need need = image.binary.empty() ? Need::optional : Need::required;
  image.sha256 = reader.text("sha256", need, want_sha256);
  image.signature = signature_of(reader);
  return image;
}

ServiceEntry decode_service(const JsonReader& reader) {
  ServiceEntry service{.name = reader.text("name", Need::required, want_something)};
  static_cast<void>(
      reader.text("address", Need::required, [&](const std::string& address) -> std::string {
        return split_address(address, service) ? "" : "an address like 'localhost:6443'";
      }));
  service.min_version = reader.text("min_version", Need::optional, want_tls_version);
  service.allowed_ciphers = reader.texts("allowed_ciphers");
  service.client_cert = reader.boolean("client_cert");
  return service;
}

void decode_head(const JsonReader& root, Manifest& manifest) {
  const std::string version = root.text("api_version", Need::required);
  if (!version.empty() && version != manifest_version) {
    root.problem("api_version",
                 fmt::format("'{}' is not understood, only '{}'", version, manifest_version),
                 "use the program that this manifest was made for");
  }
  manifest.created = parse_time(root.text("created", Need::required, want_time)).value_or(0);
  manifest.not_after = parse_time(root.text("not_after", Need::optional, want_time));
  if (manifest.not_after && *manifest.not_after <= manifest.created) {
    root.problem("not_after", "it is not after 'created'");
  }
  root.object("os", Need::required, [&](const JsonReader& os) {
    manifest.os_id = os.text("id", Need::required, want_something);
    manifest.os_version = os.text("version", Need::required, want_something);
    manifest.architecture = os.text("arch", Need::required, want_something);
  });
  manifest.kubernetes = root.text("kubernetes", Need::optional);
  manifest.containerd = root.text("containerd", Need::optional);
  root.object("module", Need::optional, [&](const JsonReader& module) {
    manifest.module_name = module.text("name", Need::required);
    manifest.module_certificate = module.text("certificate", Need::optional);
  });
  root.object("signing_key", Need::optional,
              [&](const JsonReader& key) { manifest.signing_key = decode_key(key); });
}

/// Two entries for one thing: which one counts would be a guess.
template <class Entries, class Name>
void refuse_twice(const JsonReader& root, std::string_view key, const Entries& entries, Name name) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string& text = name(entries[i]);
    if (!text.empty() && !seen.insert(text).second) {
      root.problem(fmt::format("{}[{}]", key, i), fmt::format("'{}' stands twice", text));
    }
  }
}

template <class Entries>
void need_key(const JsonReader& root, std::string_view key, const Entries& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].signature.empty()) continue;
    root.problem(fmt::format("{}[{}].signature", key, i),
                 "there is no '$.signing_key' to check it");
    return;
  }
}

}  // namespace

base::Result<Manifest> decode_manifest(const value::Value& document) {
  std::vector<base::Diagnostic> problems;
  const JsonReader root(document, "$", problems);
  if (!document.is_map()) {
    root.problem("", fmt::format("expected an object, got {}", value::name_of(document.kind())));
    return Error{ErrorKind::input, std::move(problems)};
  }
  Manifest manifest;
  decode_head(root, manifest);
  root.objects("files", [&](const auto& file) { manifest.files.push_back(decode_file(file)); });
  root.objects("images",
               [&](const auto& image) { manifest.images.push_back(decode_image(image)); });
  root.objects("services",
               [&](const auto& service) { manifest.services.push_back(decode_service(service)); });
  if (problems.empty() && manifest.files.empty() && manifest.images.empty()) {
    root.problem("", "it names neither files nor images");
  }
  refuse_twice(
      root, "files", manifest.files, [](const auto& file) -> auto& { return file.path; });
  refuse_twice(
      root, "images", manifest.images, [](const auto& image) -> auto& { return image.name; });
  refuse_twice(
      root, "services", manifest.services,
      [](const auto& service) -> auto& { return service.name; });
  if (!manifest.signing_key) {
    need_key(root, "files", manifest.files);
    need_key(root, "images", manifest.images);
  }
  if (!problems.empty()) return Error{ErrorKind::input, std::move(problems)};
  return manifest;
}

}  // namespace konvoy::verify

// The signed list of what belongs on a node: files, images, services. Its schema is
// data/manifest.schema.json (`konvoy-image manifest schema`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "value/value.hpp"

namespace konvoy::verify {

/// What `api_version` must say.
inline constexpr std::string_view manifest_version = "fips.manifest/v1";

/// RSA padding of the files' signatures (RFC 8017), always over SHA-512.
enum class Scheme { pkcs1_v15, pss };

[[nodiscard]] std::string_view name_of(Scheme scheme);

struct SigningKey {
  Scheme scheme = Scheme::pkcs1_v15;
  std::string spki_pem;  ///< the RSA-4096 public key
  bool operator==(const SigningKey&) const = default;
};

struct FileEntry {
  std::string path;        ///< absolute, without "." and ".."
  std::uint64_t size = 0;  ///< bytes
  std::string sha256;      ///< 64 lower case digits
  std::string signature;   ///< raw bytes, 512 of them; empty: none
  std::string package;     ///< NEVRA it came from; empty: unknown
  bool operator==(const FileEntry&) const = default;
};

struct ImageEntry {
  std::string name;       ///< "kube-apiserver"
  std::string reference;  ///< "docker.io/mesosphere/kube-apiserver:v1.21.6_fips.0"
  std::string digest;     ///< "sha256:" and 64 digits: of the image's manifest or index
  std::string binary;     ///< absolute path inside the image; empty: none is checked
  std::string sha256;     ///< of that binary
  std::string signature;  ///< of that binary; raw bytes
  bool operator==(const ImageEntry&) const = default;
};

struct ServiceEntry {
  std::string name;  ///< "etcd"
  std::string host;  ///< as seen from the node
  std::uint16_t port = 0;
  std::string min_version;                   ///< "TLS1.2"; empty: what the policy says
  std::vector<std::string> allowed_ciphers;  ///< narrows the policy; empty: what it says
  bool client_cert = false;                  ///< it demands a certificate of its clients
  bool operator==(const ServiceEntry&) const = default;
};

/// "localhost:6443", "[::1]:2379".
[[nodiscard]] std::string address_of(const ServiceEntry& service);

struct Manifest {
  std::int64_t created = 0;               ///< seconds since 1970
  std::optional<std::int64_t> not_after;  ///< seconds since 1970
  std::string os_id;                      ///< ID of os-release: "rhel"
  std::string os_version;                 ///< VERSION_ID: "8.4"; "8" stands for every 8.x
  std::string architecture;               ///< "x86_64"
  std::string kubernetes;                 ///< "1.21.6+fips.0"; empty: not said
  std::string containerd;
  std::string module_name;  ///< "BoringCrypto"
  std::string module_certificate;
  std::optional<SigningKey> signing_key;
  std::vector<FileEntry> files;
  std::vector<ImageEntry> images;
  std::vector<ServiceEntry> services;
  bool operator==(const Manifest&) const = default;
};

/// Fields that are not known are passed over. Errors (kind input) name the JSON path of each
/// problem and come all together.
[[nodiscard]] base::Result<Manifest> decode_manifest(const value::Value& document);

/// The manifest as JSON, ready to be signed: the same manifest always gives the same bytes.
[[nodiscard]] value::Value to_value(const Manifest& manifest);

/// Whether a manifest is of today: not made in the future (five minutes are forgiven) and not past
/// its not_after. Kind input.
[[nodiscard]] base::Result<void> check_dates(const Manifest& manifest, std::int64_t now);

}  // namespace konvoy::verify

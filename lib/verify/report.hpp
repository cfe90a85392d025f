// What a node's verification found, as data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.hpp"

namespace konvoy::verify {

enum class Status { ok, mismatch, missing, error };

/// "ok", "mismatch", "missing", "error".
[[nodiscard]] std::string_view name_of(Status status);

/// A file or an image of the manifest.
struct Component {
  enum class Kind { file, image };
  std::string name;  ///< path of a file, name of an image
  Kind kind = Kind::file;
  Status status = Status::ok;
  std::string detail;        ///< "signature validated", or what is wrong
  std::string fix;           ///< what to do about it; empty when nothing is to be done
  std::string file_class;    ///< of an executable, as `inspect` names it; empty: not looked at
  std::string package;       ///< who owns the file; empty: nobody, or unknown
  std::string digest_by;     ///< what computed the digest
  std::string signature_by;  ///< what checked the signature; empty: it has none
  bool operator==(const Component&) const = default;
};

/// `not_running`: nothing listens. `unknown`: it could not be asked.
enum class ServiceStatus { ok, warning, failed, not_running, unknown };

/// "ok", "warning", "failed", "not-running", "unknown".
[[nodiscard]] std::string_view name_of(ServiceStatus status);

struct ServiceVersion {
  std::string version;               ///< "TLS1.2"
  std::vector<std::string> ciphers;  ///< in the order of `server_order`
  bool server_order = true;          ///< false: the client's order counts
  bool operator==(const ServiceVersion&) const = default;
};

struct ServiceFinding {
  std::string name;
  std::string address;
  ServiceStatus status = ServiceStatus::ok;
  std::string preferred_cipher;   ///< of the newest version
  std::string negotiated_cipher;  ///< of one full handshake; empty when it did not come so far
  std::vector<ServiceVersion> versions;
  std::vector<std::string> rejected;  ///< accepted ciphers that are not approved
  std::vector<std::string> groups;
  std::vector<std::string> certificates;  ///< "CN=kube-apiserver: RSA 2048, SHA256"
  bool asks_for_client_certificate = false;
  struct Remark {
    bool fails = false;
    std::string what;
    std::string fix;
    bool operator==(const Remark&) const = default;
  };
  std::vector<Remark> remarks;
  bool operator==(const ServiceFinding&) const = default;

  /// All accepted ciphers, newest version first, each once.
  [[nodiscard]] std::vector<std::string> supported_ciphers() const;
};

/// One sign of FIPS mode (the truth table of `validate --fips`).
struct Sign {
  std::string name;   ///< "running"
  std::string state;  ///< "yes", "no", "unknown"
  std::string because;
  bool operator==(const Sign&) const = default;
};

struct OsFinding {
  std::optional<bool> fips_enabled;  ///< nothing: unknown, because no system runs there
  std::vector<Sign> signs;
  bool passed = true;  ///< every sign that this machine can have is there
  bool operator==(const OsFinding&) const = default;
};

struct Report {
  std::string host;
  bool live = true;
  std::string signed_by;    ///< fingerprint of the primary key
  std::string signer;       ///< the name on it
  std::string verified_by;  ///< "gpgv (GnuPG) 2.2.40"
  std::string os;           ///< "rhel 8.4 x86_64" as found
  std::string module_name;
  std::string module_certificate;
  std::vector<Component> components;
  std::vector<ServiceFinding> services;
  OsFinding os_finding;
  std::vector<std::string> extra_executables;  ///< Kubernetes programs the manifest does not know
  /// Why the manifest is none for this node.
  std::vector<std::string> problems;
  bool operator==(const Report&) const = default;

  /// Nothing failed. A running machine that is not in FIPS mode never passes.
  [[nodiscard]] bool passed() const;
};

/// The documented JSON (`--json`).
[[nodiscard]] value::Value to_value(const Report& report);

/// Lines for people: host, files, images, services, system, result; each finding with what to do.
[[nodiscard]] std::string render_text(const Report& report);

}  // namespace konvoy::verify

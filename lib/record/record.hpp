// What a run did, as a document that outlives it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/scrubber.hpp"
#include "execute/outcome.hpp"
#include "facts/host_facts.hpp"
#include "value/value.hpp"

namespace konvoy::record {

/// The version of the document's form: raised when a reader of the old form would misread the new.
inline constexpr int format_version = 1;

/// A file that the run was made from.
struct Input {
  std::string path;  ///< as the user named it
  std::string sha256;
  bool operator==(const Input&) const = default;
};

/// One installed package and who signed it.
struct InstalledPackage {
  std::string name;
  std::string version;  ///< "1.21.3-0.x86_64"
  std::string key_id;   ///< 16 hexadecimal digits; empty: not signed, or unknown
  bool operator==(const InstalledPackage&) const = default;
};

/// An executable whose cryptography was looked at.
struct Executable {
  std::string path;
  std::string sha256;
  std::string verdict;  ///< "goboring"; see binary/
  bool operator==(const Executable&) const = default;
};

/// Something that came from the controller and not from a repository.
struct Artifact {
  std::string source;  ///< path on the controller, or URL without credentials
  std::string sha256;
  bool sha256_known = true;  ///< the configuration gave the digest, and it was checked
  bool operator==(const Artifact&) const = default;
};

struct HostRecord {
  execute::HostOutcome outcome;
  /// Of the configuration as it was resolved for this host, secrets left out; empty: it was not.
  std::string configuration_sha256;
  std::optional<facts::HostFacts> before;  ///< nothing: the host never answered
  std::optional<facts::HostFacts> after;
  std::vector<Artifact> artifacts;
  std::vector<InstalledPackage> packages;
  std::vector<Executable> executables;
  /// The signs of FIPS mode at the end of the run, as `validate --fips` gives them; null: FIPS mode
  /// of the machine was not asked for.
  value::Value fips = nullptr;
  /// {"rebooted", "detail", "host_keys"}; null: no reboot was asked for.
  value::Value reboot = nullptr;
  bool reboot_asked = false;         ///< fips.reboot is on for this host
  bool new_host_keys_asked = false;  ///< fips.regenerate_host_keys is on for it
};

struct Record {
  std::string tool_version;
  std::string run_id;
  std::string command;       ///< "provision", "plan"
  std::string image;         ///< the image definition, as the user named it
  std::int64_t started = 0;  ///< seconds since 1970
  std::int64_t ended = 0;
  std::string user;     ///< who ran it
  std::string machine;  ///< where it ran
  std::vector<Input> inputs;
  std::vector<HostRecord> hosts;
};

/// The document: keys in a fixed order, hosts, packages and executables by name.
[[nodiscard]] value::Value to_value(const Record& record);

/// The document as JSON with every known secret replaced.
[[nodiscard]] std::string render(const Record& record, const base::Scrubber& scrubber);

/// "2021-12-01T10:00:00Z".
[[nodiscard]] std::string render_time(std::int64_t seconds);

/// The output of packages_command(): "name version-release.arch key-description" a line.
[[nodiscard]] std::vector<InstalledPackage> parse_packages(std::string_view output);
/// The read-only command that lists what is installed.
[[nodiscard]] std::vector<std::string> packages_command();

}  // namespace konvoy::record

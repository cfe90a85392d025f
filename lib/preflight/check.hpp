// What a check of a machine gives, and which checks there are.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "preflight/subnet.hpp"

namespace konvoy::preflight {

enum class Status { ok, failed, warning, skipped };

/// "ok", "failed", "warning", "skipped": the words of CONTRACT.
[[nodiscard]] std::string_view name_of(Status status);

/// One check of one machine: why it has this status, and what to do (empty when nothing).
struct Check {
  std::string name;
  Status status = Status::ok;
  std::string reason;
  std::string fix;
  bool operator==(const Check&) const = default;
};

/// What the user chose. The defaults are konvoy-image-builder's.
struct Settings {
  std::vector<Subnet> pod_subnets;
  std::vector<Subnet> service_subnets;
  std::uint16_t apiserver_port = 6443;
  std::set<std::string, std::less<>> ignored;  ///< names of checks; see parse_ignored()
};

inline constexpr std::string_view default_pod_subnet = "192.168.0.0/16";
inline constexpr std::string_view default_service_subnet = "10.96.0.0/12";

/// The names of all checks in the order in which they are shown.
[[nodiscard]] const std::vector<std::string>& check_names();

/// `--errors-to-ignore`: names of checks, `all`, or kubeadm's names for the same ("swap", "NumCPU",
/// "Port-10250", "FileContent--proc-sys-net-..."), in any case. Error (usage): a name that is none.
[[nodiscard]] base::Result<std::set<std::string, std::less<>>> parse_ignored(
    const std::vector<std::string>& names);

}  // namespace konvoy::preflight

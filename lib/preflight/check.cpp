#include "preflight/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/suggest.hpp"
#include "base/text.hpp"

namespace konvoy::preflight {
namespace {

struct Alias {
  std::string_view beginning;  // lower case
  std::string_view check;
};

// The names of kubeadm's preflight errors (k8s.io/kubernetes/cmd/kubeadm/app/preflight), which
// konvoy-image-builder takes too.
constexpr std::array aliases{
    Alias{"numcpu", "cpu"},
    Alias{"mem", "memory"},
    Alias{"port-", "ports"},
    Alias{"diravailable-", "leftovers"},
    Alias{"fileavailable-", "leftovers"},
    Alias{"filecontent-", "kernel-settings"},
    Alias{"fileexisting-", "programs"},
    Alias{"hostname", "hostname"},
    Alias{"service-kubelet", "services"},
    Alias{"service-containerd", "services"},
};

std::optional<std::string> check_called(const std::string& name) {
  const auto& all = check_names();
  if (std::ranges::find(all, name) != all.end()) return name;
  for (const auto& alias : aliases) {
    if (name.starts_with(alias.beginning)) return std::string(alias.check);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Status status) {
  switch (status) {
    case Status::ok: return "ok";
    case Status::failed: return "failed";
    case Status::warning: return "warning";
    case Status::skipped: break;
  }
  return "skipped";
}

const std::vector<std::string>& check_names() {
  static const std::vector<std::string> all{"os",
                                            "hostname",
                                            "unique-hostnames",
                                            "time",
                                            "cpu",
                                            "memory",
                                            "swap",
                                            "disk-usage",
                                            "disk-size",
                                            "service-subnet",
                                            "pod-subnet",
                                            "ports",
                                            "connectivity",
                                            "leftovers",
                                            "persistent-volumes",
                                            "kernel-settings",
                                            "services",
                                            "programs"};
  return all;
}

base::Result<std::set<std::string, std::less<>>> parse_ignored(
    const std::vector<std::string>& names) {
  std::set<std::string, std::less<>> ignored;
  for (const auto& written : names) {
    const auto name = base::to_lower(base::trim(written));
    if (name.empty()) continue;
    if (name == "all") {
      ignored.insert(check_names().begin(), check_names().end());
      continue;
    }
    auto check = check_called(name);
    if (!check) {
      auto hint = base::did_you_mean(name, check_names());
      if (hint.empty()) hint = "the checks are " + base::join(check_names(), ", ");
      return base::Error(base::ErrorKind::usage,
                         fmt::format("--errors-to-ignore: there is no check '{}'", written),
                         std::move(hint));
    }
    ignored.insert(std::move(*check));
  }
  return ignored;
}

}  // namespace konvoy::preflight

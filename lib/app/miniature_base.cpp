#include "app/miniature_base.hpp"

#include <utility>

#include "base/text.hpp"
#include "miniature/miniature.hpp"
#include "plan/planners.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;

// What the miniature root will say of itself (miniature/data/make-root.sh).
facts::HostFacts miniature_facts() {
  return {.live = false,
          .distribution = "CentOS",
          .distribution_version = "8.4",
          .major_version = 8,
          .os_family = "RedHat",
          .os_id = "centos",
          .architecture = "x86_64",
          .package_manager = facts::PackageManager::dnf};
}

// A whole version-release for a pin that may leave the release, or everything, open.
std::string concrete_version(const std::string& pin) {
  if (pin.empty()) return "1.0-1.el8";
  return pin.find('-') == std::string::npos ? pin + "-1.el8" : pin;
}

}  // namespace

base::Result<void> make_miniature_base(const std::string& root, const BuildRequest& request,
                                       const ProvisionServices& services) {
  if (request.build_name.find("centos-8") != 0) {
    return Error(ErrorKind::input, "there is no base to build '" + request.build_name + "' from",
                 "give a directory, a tar archive or an OCI layout with --base; only "
                 "images/root/centos-8.yaml can do without");
  }
  KONVOY_TRY(
      const auto config,
      services.configure({.host = {.name = request.build_name}, .root = root}, miniature_facts()));
  KONVOY_TRY(const auto spec, plan::decode_spec(config));
  std::vector<miniature::RepositoryPackage> packages;
  for (const auto& package : plan::wanted_packages(spec)) {
    packages.push_back({package.name, concrete_version(package.version)});
  }
  if (services.events) {
    services.events(
        {.kind = base::Event::Kind::warning,
         .subject = request.build_name,
         .detail = "no base was given: building on a miniature EL 8 root, which is not CentOS"});
  }
  return miniature::make_root(root, packages, services.events);
}

ConfigurationFor with_miniature_repository(ConfigurationFor configure) {
  return [configure = std::move(configure)](
             const ChosenHost& host, const facts::HostFacts& facts) -> base::Result<value::Value> {
    KONVOY_TRY(const auto config, configure(host, facts));
    auto map = *config.map();
    for (const auto* name : {"kubernetes_rpm_repository_url", "docker_rpm_repository_url"}) {
      map.set(name, miniature::repository_url);
    }
    for (const auto* name : {"kubernetes_rpm_gpg_key_url", "docker_rpm_gpg_key_url"}) {
      map.set(name, miniature::repository_key_url);
    }
    return value::Value(std::move(map));
  };
}

}  // namespace konvoy::app

#include "resource/package_look.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "base/text.hpp"
#include "resource/centos_vault.hpp"
#include "resource/inquiry.hpp"
#include "resource/package_digests.hpp"
#include "resource/package_manager.hpp"

namespace konvoy::resource {
namespace {

// How the package manager sees repositories that are not set up yet.
class Foresight {
 public:
  // Nothing is installed, so no key is asked for and none is imported: the signatures are checked
  // when the packages are installed.
  Foresight()
      : options({"--setopt=gpgcheck=0", "--setopt=localpkg_gpgcheck=0", "--setopt=*.gpgcheck=0"}) {}

  void use_proxy(const std::string& url) {
    // Settings have no variables for a login, but curl knows its own.
    if (login_of(url)) {
      environment.emplace("http_proxy", base::Secret(url));
      environment.emplace("https_proxy", base::Secret(url));
    } else if (!url.empty()) {
      options.push_back("--setopt=proxy=" + url);
    }
  }

  void add(const std::string& id, const std::string& url) {
    options.push_back(fmt::format("--repofrompath={},{}", id, without_login(url)));
  }

  std::vector<std::string> options;  // after those of install_command(): the last one counts
  std::map<std::string, base::Secret> environment;

 private:
  struct Place {
    std::size_t start;
    std::size_t length;
  };
  // Where "user:password" is in a URL.
  static std::optional<Place> login_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return std::nullopt;
    const auto start = scheme + 3;
    const auto at = url.substr(start, url.find('/', start) - start).rfind('@');
    if (at == std::string_view::npos) return std::nullopt;
    return Place{start, at};
  }

  // dnf.conf(5), VARIABLES: $DNF0 to $DNF9 are those of the environment.
  std::string without_login(std::string url) {
    const auto place = login_of(url);
    if (!place) return url;
    const auto variable = fmt::format("DNF{}", logins_++);
    environment.emplace(variable, base::Secret(url.substr(place->start, place->length)));
    return url.replace(place->start, place->length, "$" + variable);
  }

  std::size_t logins_ = 0;
};

target::CommandProbe own_repositories_of_centos() {
  return {
      .argv = {"/bin/sh", "-c",
               "for f in /etc/yum.repos.d/CentOS-*.repo; do cat \"$f\"; echo; done 2>/dev/null"}};
}

Foresight foresee(const PackageLook& look, Inquiry& ask) {
  Foresight foresight;
  foresight.use_proxy(look.proxy);
  for (const auto& repository : look.repositories) {
    const auto* file = ask.stat({.path = file_of(repository)});
    if (file == nullptr || file->stat) continue;
    foresight.add(repository.id, repository.base_url);
    if (repository.module_hotfixes) {
      foresight.options.push_back(fmt::format("--setopt={}.module_hotfixes=1", repository.id));
    }
  }
  const auto* own = look.vault ? ask.command(own_repositories_of_centos()) : nullptr;
  if (own == nullptr) return foresight;
  for (const auto& moved : moved_repositories(own->out)) {
    foresight.options.push_back("--disablerepo=" + moved.id);
    foresight.add("vault-" + moved.id, moved.base_url);
  }
  return foresight;
}

Decision not_known_yet(const std::string& why) {
  return Actions{.actions = {},
                 .warnings = {{.severity = base::Severity::warning,
                               .message = "whether rpm in FIPS mode can verify the packages is not "
                                          "known yet: " +
                                          why,
                               .hint = "it is looked at again before they are installed"}}};
}

std::vector<std::string> local_directories(const PackageLook& look) {
  auto directories = source_directories(look.set);
  for (const auto& repository : look.repositories) {
    if (auto directory = local_directory(repository.base_url)) {
      directories.push_back(*std::move(directory));
    }
  }
  return directories;
}

}  // namespace

Decision decide(const PackageLook& look, const facts::HostFacts& facts, const Observations& seen) {
  std::vector<std::string> names;
  for (const auto& package : look.set.packages) names.push_back(package.name);
  Inquiry ask(seen);
  const auto* rpm = ask.command(installed_probe(names));
  auto foresight = foresee(look, ask);
  if (auto open = ask.open()) return *std::move(open);
  const auto found = gap_of(look.set, parse_installed(rpm->out));
  if (const auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const auto& gap = std::get<PackageGap>(found);
  if (gap.specs.empty()) return Actions{};

  // What does not answer is told by the steps to come.
  auto patience = foresight.options;
  patience.insert(patience.end(), {"--setopt=retries=2", "--setopt=timeout=10"});
  const auto* trial =
      ask.command({.argv = install_command(look.set, facts, "--assumeno", gap.specs, patience),
                   .timeout = resolve_timeout,
                   .environment = foresight.environment,
                   .needs_network = true});
  if (auto open = ask.open()) return *std::move(open);
  if (!asked_and_refused(*trial) || lacks_metadata_key(*trial)) {
    return not_known_yet(end_of(*trial));
  }
  const auto arriving = arriving_packages(*trial);
  const auto* stored = ask.command(stored_packages(arriving, local_directories(look)));
  if (auto open = ask.open()) return *std::move(open);
  foresight.options.emplace_back(download_only);
  return until_verifiable(
             arriving, *stored, gap.reasons,
             {.argv = install_command(look.set, facts, "-y", gap.specs, foresight.options),
              .environment = std::move(foresight.environment),
              .timeout = transaction_timeout,
              .needs_network = true})
      .value_or(Actions{});
}

Resource as_resource(PackageLook look) {
  // Of kind package: a run looks again after the download.
  return wrap("package", "digests", std::move(look));
}

}  // namespace konvoy::resource

#include "resource/package_look.hpp"

#include <fmt/format.h>

#include <string_view>

#include "base/text.hpp"
#include "resource/inquiry.hpp"
#include "resource/package_digests.hpp"
#include "resource/package_manager.hpp"

namespace konvoy::resource {
namespace {

bool holds_login(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto authority = url.substr(scheme + 3);
  return authority.substr(0, authority.find('/')).find('@') != std::string_view::npos;
}

// Nothing is installed, so no key is asked for and none is imported: the signatures are checked
// when the packages are installed.
std::vector<std::string> options_of(const PackageLook& look, Inquiry& ask) {
  std::vector<std::string> options = {"--nogpgcheck"};
  if (!look.proxy.empty()) options.push_back("--setopt=proxy=" + look.proxy);
  for (const auto& repository : look.repositories) {
    const auto* file = ask.stat({.path = file_of(repository)});
    if (file == nullptr || file->stat) continue;
    options.push_back(fmt::format("--repofrompath={},{}", repository.id, repository.base_url));
    if (repository.module_hotfixes) {
      options.push_back(fmt::format("--setopt={}.module_hotfixes=1", repository.id));
    }
  }
  return options;
}

Decision not_known_yet(const std::string& why) {
  return Actions{.actions = {},
                 .warnings = {{.severity = base::Severity::warning,
                               .message = "whether rpm in FIPS mode can verify the packages is not "
                                          "known yet: " +
                                          why,
                               .hint = "it is looked at again before they are installed"}}};
}

}  // namespace

Decision decide(const PackageLook& look, const facts::HostFacts& facts, const Observations& seen) {
  std::vector<std::string> names;
  for (const auto& package : look.set.packages) names.push_back(package.name);
  Inquiry ask(seen);
  const auto* rpm = ask.command(installed_probe(names));
  auto options = options_of(look, ask);
  if (auto open = ask.open()) return *std::move(open);
  const auto found = gap_of(look.set, parse_installed(rpm->out));
  if (const auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const auto& gap = std::get<PackageGap>(found);
  if (gap.specs.empty()) return Actions{};

  for (const auto& option : options) {
    if (holds_login(option)) {
      return not_known_yet("an address holds a login, which must not stand in a command line");
    }
  }
  // What does not answer is told by the steps to come.
  auto patience = options;
  patience.insert(patience.end(), {"--setopt=retries=2", "--setopt=timeout=10"});
  const auto* trial =
      ask.command({.argv = install_command(look.set, facts, "--assumeno", gap.specs, patience),
                   .timeout = resolve_timeout});
  const auto* cached = ask.command(cached_packages());
  if (auto open = ask.open()) return *std::move(open);
  if (!asked_and_refused(*trial) || lacks_metadata_key(*trial)) {
    return not_known_yet(end_of(*trial));
  }
  options.emplace_back(download_only);
  return until_verifiable(*trial, *cached, gap.reasons,
                          install_command(look.set, facts, "-y", gap.specs, options))
      .value_or(Actions{});
}

Resource as_resource(PackageLook look) {
  // Of kind package: a run looks again after the download.
  return wrap("package", "digests", std::move(look));
}

}  // namespace konvoy::resource

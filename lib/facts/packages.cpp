#include "facts/packages.hpp"

#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

const std::vector<std::string>& query() {
  static const std::vector<std::string> argv{"rpm", "-qa", "--qf",
                                             "%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\n"};
  return argv;
}

std::vector<target::Probe> probes(bool) {
  return {target::CommandProbe{query()}, target::StatProbe{.path = "/usr/bin/dnf", .follow = true},
          target::StatProbe{.path = "/usr/bin/yum", .follow = true}};
}

void parse(const Answers& answers, HostFacts& facts) {
  facts.packages = parse_packages(answers.output(query()));
  // A broken database must not look like a machine without packages.
  constexpr int not_there = 127;
  const int status = answers.status(query());
  if (status != 0 && status != not_there) {
    facts.unread.push_back("rpm -qa: exit status " + std::to_string(status));
  }
  if (answers.stat("/usr/bin/dnf") != nullptr) {
    facts.package_manager = PackageManager::dnf;
  } else if (answers.stat("/usr/bin/yum") != nullptr) {
    facts.package_manager = PackageManager::yum;
  }
}

struct Version {
  int epoch = 0;
  std::string version_release;
};

// rpm compares epochs, then versions, then releases (the dash stands in neither of them).
bool older(const Version& a, const Version& b) {
  if (a.epoch != b.epoch) return a.epoch < b.epoch;
  const auto dash_a = a.version_release.find('-');
  const auto dash_b = b.version_release.find('-');
  const int versions = base::compare_versions(a.version_release.substr(0, dash_a),
                                              b.version_release.substr(0, dash_b));
  if (versions != 0) return versions < 0;
  return base::compare_versions(a.version_release.substr(dash_a + 1),
                                b.version_release.substr(dash_b + 1)) < 0;
}

}  // namespace

std::map<std::string, std::string> parse_packages(std::string_view text) {
  std::map<std::string, Version> newest;
  for (const auto& line : base::split_lines(text)) {
    const auto parts = base::split(line, '\t');
    if (parts.size() != 3 || parts[2].find('-') == std::string::npos) continue;
    Version version{.version_release = parts[2]};
    std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), version.epoch);
    const auto [known, added] = newest.try_emplace(parts[0], version);
    if (!added && older(known->second, version)) known->second = std::move(version);
  }
  std::map<std::string, std::string> all;
  for (const auto& [name, version] : newest) {
    const auto epoch = version.epoch == 0 ? std::string() : std::to_string(version.epoch) + ":";
    all.emplace(name, epoch + version.version_release);
  }
  return all;
}

Family package_family() {
  return {.probes = probes, .parse = parse};
}

}  // namespace konvoy::facts

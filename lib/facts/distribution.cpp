#include "facts/distribution.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

constexpr std::string_view os_release = "/etc/os-release";
constexpr std::string_view usr_os_release = "/usr/lib/os-release";
constexpr std::string_view redhat_release = "/etc/redhat-release";
constexpr std::string_view centos_release = "/etc/centos-release";
constexpr std::string_view oracle_release = "/etc/oracle-release";
constexpr std::array release_files{os_release, usr_os_release, redhat_release, centos_release,
                                   oracle_release};

struct Known {
  std::string_view id;  // ID of os-release
  std::string_view name;
  std::string_view family;
};

// Names and families as Ansible's facts have them (module_utils/facts/system/distribution.py).
constexpr std::array known_distributions{
    Known{"rhel", "RedHat", "RedHat"},
    Known{"centos", "CentOS", "RedHat"},
    Known{"rocky", "Rocky", "RedHat"},
    Known{"almalinux", "AlmaLinux", "RedHat"},
    Known{"ol", "OracleLinux", "RedHat"},
    Known{"fedora", "Fedora", "RedHat"},
    Known{"amzn", "Amazon", "RedHat"},
    Known{"debian", "Debian", "Debian"},
    Known{"ubuntu", "Ubuntu", "Debian"},
    Known{"sles", "SLES", "Suse"},
    Known{"opensuse-leap", "openSUSE Leap", "Suse"},
    Known{"flatcar", "Flatcar", "Flatcar"},
    Known{"alpine", "Alpine", "Alpine"},
    Known{"arch", "Archlinux", "Archlinux"},
};

std::vector<target::Probe> probes(bool) {
  std::vector<target::Probe> all;
  for (const auto path : release_files) all.emplace_back(target::ReadProbe{std::string(path)});
  // Where an rpm-ostree system says so: at run time, and in an image.
  all.emplace_back(target::StatProbe{"/run/ostree-booted"});
  all.emplace_back(target::StatProbe{"/ostree"});
  return all;
}

// EL6 has no os-release; its release file starts with the name.
std::string id_from_release_text(std::string_view text) {
  if (text.starts_with("CentOS")) return "centos";
  if (text.starts_with("Red Hat")) return "rhel";
  return {};
}

// os-release of CentOS 7 and 8 knows only the major version; Oracle's redhat-release is Red Hat's.
std::string version_of(const Answers& answers, const std::string& id,
                       const std::string& version_id) {
  const auto release = [&](std::string_view path) {
    return parse_release_version(answers.text(path).value_or(""));
  };
  std::string found;
  if (id == "centos") found = release(centos_release);
  if (id == "ol") found = release(oracle_release);
  const bool derived = id == "centos" || id == "rhel" || id == "rocky" || id == "almalinux";
  if (found.empty() && derived) found = release(redhat_release);
  return found.empty() ? version_id : found;
}

void parse(const Answers& answers, HostFacts& facts) {
  const auto text =
      answers.text(os_release) ? answers.text(os_release) : answers.text(usr_os_release);
  auto release = parse_os_release(text.value_or(""));
  facts.os_id = release["ID"];
  if (facts.os_id.empty()) {
    facts.os_id = id_from_release_text(answers.text(redhat_release).value_or(""));
  }
  const auto known = std::ranges::find(known_distributions, facts.os_id, &Known::id);
  facts.distribution = known == known_distributions.end() ? release["NAME"] : known->name;
  facts.os_family = known == known_distributions.end() ? facts.distribution : known->family;
  facts.distribution_version = version_of(answers, facts.os_id, release["VERSION_ID"]);
  const auto& version = facts.distribution_version;
  std::from_chars(version.data(), version.data() + version.size(), facts.major_version);
  facts.ostree =
      answers.stat("/run/ostree-booted") != nullptr || answers.stat("/ostree") != nullptr;
}

std::string unquote(std::string_view word) {
  const bool quoted = word.size() >= 2 && (word.front() == '"' || word.front() == '\'') &&
                      word.back() == word.front();
  if (!quoted) return std::string(word);
  const char quote = word.front();
  word = word.substr(1, word.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\\' && quote == '"' && i + 1 < word.size()) ++i;
    out += word[i];
  }
  return out;
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

}  // namespace

std::map<std::string, std::string> parse_os_release(std::string_view text) {
  std::map<std::string, std::string> all;
  for (const auto& line : base::split_lines(text)) {
    const auto assignment = base::trim(line);
    const auto equals = assignment.find('=');
    if (assignment.starts_with('#') || equals == std::string_view::npos) continue;
    all[std::string(assignment.substr(0, equals))] = unquote(assignment.substr(equals + 1));
  }
  return all;
}

std::string parse_release_version(std::string_view text) {
  constexpr std::string_view word = "release ";
  const auto at = text.find(word);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + word.size());
  std::string version;
  int parts = 1;
  for (const char character : text) {
    if (character == '.' && ++parts > 2) break;
    if (character != '.' && !is_digit(character)) break;
    version += character;
  }
  return version;
}

Family distribution_family() {
  return {.probes = probes, .parse = parse};
}

}  // namespace konvoy::facts

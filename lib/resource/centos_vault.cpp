#include "resource/centos_vault.hpp"

#include "base/text.hpp"
#include "resource/file.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

constexpr std::string_view directory = "/etc/yum.repos.d";
// What the files of CentOS 7 and 8 name, and what answers today.
constexpr std::string_view mirror = "://mirror.centos.org/";
constexpr std::string_view vault_host = "://vault.centos.org/";

// dnf.conf(5), TYPES OF OPTIONS, boolean.
bool is_false(std::string_view value) {
  const auto text = base::to_lower(value);
  return text == "0" || text == "false" || text == "no" || text == "off";
}

}  // namespace

std::string with_vault(std::string_view repo_file) {
  std::string text;
  for (const auto& line : base::split_lines(repo_file)) {
    auto changed = line;
    if (line.starts_with("mirrorlist=")) {
      changed = "#" + line;
    } else if ((line.starts_with("#baseurl=") || line.starts_with("baseurl=")) &&
               line.find(mirror) != std::string::npos) {
      changed = base::replace_all(line.substr(line.front() == '#' ? 1 : 0), mirror, vault_host);
    }
    text += changed + "\n";
  }
  return text;
}

std::vector<MovedRepository> moved_repositories(std::string_view repo_files) {
  std::vector<MovedRepository> found;
  bool enabled = true;
  const auto end_section = [&] {
    if (!found.empty() && (!enabled || found.back().base_url.empty())) found.pop_back();
    enabled = true;
  };
  const auto text = with_vault(repo_files);
  if (base::split_lines(text) == base::split_lines(repo_files)) return found;
  for (const auto& line : base::split_lines(text)) {
    const auto equals = line.find('=');
    const auto key = base::trim(line.substr(0, equals));
    if (line.starts_with('[')) {
      end_section();
      found.push_back({.id = line.substr(1, line.find(']') - 1), .base_url = {}});
    } else if (equals == std::string::npos || found.empty()) {
      continue;
    } else if (key == "baseurl" && line.find(vault_host) != std::string::npos) {
      found.back().base_url = base::trim(line.substr(equals + 1));
    } else if (key == "enabled") {
      enabled = !is_false(base::trim(line.substr(equals + 1)));
    }
  }
  end_section();
  return found;
}

Decision decide(const CentosVault& /*vault*/, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* list = ask.list({.path = std::string(directory)});
  if (auto open = ask.open()) return *std::move(open);
  std::vector<std::string> paths;
  for (const auto& name : list->names.value_or(std::vector<std::string>{})) {
    if (base::matches_glob(name, "CentOS-*.repo")) {
      paths.push_back(std::string(directory) + "/" + name);
    }
  }
  for (const auto& path : paths) ask.read({.path = path});
  if (auto open = ask.open()) return *std::move(open);
  Actions result;
  for (const auto& path : paths) {
    const auto& before = ask.read({.path = path})->content;
    if (!before) continue;
    const auto after = with_vault(*before);
    if (base::split_lines(after) == base::split_lines(*before)) continue;
    auto action = replace_file(path, before, after);
    action.reason = "points at mirrors that are gone";
    result.actions.push_back(std::move(action));
  }
  return result;
}

Resource as_resource(CentosVault vault) {
  return wrap("repository", "CentOS vault", vault);
}

}  // namespace konvoy::resource

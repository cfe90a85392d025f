#include "resource/repository.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "resource/file.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

using facts::PackageManager;

// Where the plugins of yum 3.4 (yum-plugin-versionlock) and dnf 4 (python3-dnf-plugin-versionlock)
// keep their lists.
constexpr std::string_view yum_list = "/etc/yum/pluginconf.d/versionlock.list";
constexpr std::string_view dnf_list = "/etc/dnf/plugins/versionlock.list";

// Whether a line locks this package. The name ends where "-[epoch:]version" begins: at a dash and
// a digit, and the rest has two dashes at most ("kubernetes" is not "kubernetes-cni").
bool locks(std::string_view line, std::string_view name, PackageManager manager) {
  auto text = base::trim(line);
  if (manager == PackageManager::yum) {
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
      text.remove_prefix(colon + 1);
    }
  }
  if (!text.starts_with(name)) return false;
  text.remove_prefix(name.size());
  return text.size() > 1 && text[0] == '-' && text[1] >= '0' && text[1] <= '9';
}

std::string lock_line(const Package& package, PackageManager manager) {
  const auto release = package.version.find('-') == std::string::npos ? "-*" : ".*";
  return manager == PackageManager::dnf
             ? fmt::format("{}-0:{}{}", package.name, package.version, release)
             : fmt::format("0:{}-{}{}", package.name, package.version, release);
}

}  // namespace

std::string file_of(const Repository& repository) {
  return fmt::format("/etc/yum.repos.d/{}.repo", repository.id);
}

std::string render(const Repository& repository) {
  auto text = fmt::format(
      "# Written by konvoy-image; changes are replaced.\n"
      "[{}]\nname={}\nbaseurl={}\nenabled={}\ngpgcheck=1\nrepo_gpgcheck={}\n",
      repository.id, repository.name, repository.base_url, repository.enabled ? 1 : 0,
      repository.check_metadata ? 1 : 0);
  if (!repository.keys.empty()) {
    text += fmt::format("gpgkey={}\n", base::join(repository.keys, "\n       "));
  }
  if (!repository.proxy.empty()) text += fmt::format("proxy={}\n", repository.proxy);
  if (repository.module_hotfixes) text += "module_hotfixes=1\n";
  return text + "skip_if_unavailable=0\n" + repository.options;
}

Decision decide(const Repository& repository, const facts::HostFacts& facts,
                const Observations& seen) {
  const File file{
      .path = file_of(repository), .content = render(repository), .ownership = {.mode = 0644}};
  auto decision = decide(file, facts, seen);
  auto* actions = std::get_if<Actions>(&decision);
  if (actions != nullptr && !actions->actions.empty() &&
      facts.package_manager == PackageManager::yum) {
    // yum's cache goes by the repository's name: what it knows may be of another address.
    actions->actions.push_back(
        {target::RunCommand{.argv = {"yum", "--disablerepo=*", "--enablerepo=" + repository.id,
                                     "clean", "metadata"}},
         "the repository changed",
         {}});
  }
  return decision;
}

std::string with_locks(std::string_view list, const VersionLock& lock, PackageManager manager) {
  auto lines = base::split_lines(list);
  for (const auto& package : lock.packages) {
    const auto wanted = lock_line(package, manager);
    bool there = false;
    std::erase_if(lines, [&](const std::string& line) {
      if (!locks(line, package.name, manager)) return false;
      if (line != wanted || there) return true;
      there = true;
      return false;
    });
    if (!there) lines.push_back(wanted);
  }
  return lines.empty() ? std::string() : base::join(lines, "\n") + "\n";
}

Decision decide(const VersionLock& lock, const facts::HostFacts& facts, const Observations& seen) {
  const std::string path(facts.package_manager == PackageManager::dnf ? dnf_list : yum_list);
  Inquiry ask(seen);
  const auto* list = ask.read({.path = path});
  if (auto open = ask.open()) return *std::move(open);
  const auto after = with_locks(list->content.value_or(""), lock, facts.package_manager);
  if (list->content == after) return Actions{};
  std::vector<PlannedAction> actions;
  if (!list->content) {
    actions.push_back({target::MakeDirectory{.path = path.substr(0, path.rfind('/'))},
                       "the list is not there",
                       {}});
  }
  actions.push_back(replace_file(path, list->content, after));
  return Actions{std::move(actions)};
}

Resource as_resource(Repository repository) {
  auto name = repository.id;
  return wrap("repository", std::move(name), std::move(repository));
}

Resource as_resource(VersionLock lock) {
  std::vector<std::string> names;
  for (const auto& package : lock.packages) names.push_back(spec_of(package));
  return wrap("versionlock", base::join(names, ", "), std::move(lock));
}

}  // namespace konvoy::resource

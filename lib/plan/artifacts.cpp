#include "plan/artifacts.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace konvoy::plan {
namespace {

// Every directory between `top` and the file.
void add_parents(std::string_view top, std::string_view path, std::set<std::string>& directories) {
  for (auto slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    directories.insert(std::string(top) + std::string(path.substr(0, slash)));
  }
}

}  // namespace

resource::PushedFiles push_below(const ArchiveContent& content, std::string name,
                                 std::string_view top, const std::vector<std::string>& except) {
  const auto wanted = [&](const std::string& path) {
    return std::ranges::none_of(
        except, [&](const std::string& pattern) { return base::matches_glob(path, pattern); });
  };
  resource::PushedFiles pushed{.name = std::move(name)};
  std::set<std::string> directories;
  for (const auto& file : content.files) {
    if (!wanted(file.path)) continue;
    add_parents(top, file.path, directories);
    pushed.files.push_back({.local_path = file.local_path,
                            .path = std::string(top) + file.path,
                            .sha256 = file.sha256,
                            .ownership = {.mode = file.mode, .owner = "root", .group = "root"}});
  }
  for (const auto& [path, to] : content.links) {
    if (!wanted(path)) continue;
    add_parents(top, path, directories);
    pushed.links.emplace_back(std::string(top) + path, to);
  }
  pushed.directories.assign(directories.begin(), directories.end());
  return pushed;
}

}  // namespace konvoy::plan

#include "inventory/vars_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "inventory/connection.hpp"
#include "system/file.hpp"
#include "yaml/reader.hpp"

namespace konvoy::inventory {
namespace {

namespace fs = std::filesystem;

constexpr std::array endings{"", ".yml", ".yaml", ".json"};

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool has_known_ending(const fs::path& path) {
  return std::ranges::find(endings, path.extension().string()) != endings.end();
}

// The files of a directory and of those below it; hidden files and backups are no variables.
base::Result<void> collect(const fs::path& directory, std::vector<fs::path>& files) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    entries.push_back(at->path());
  }
  if (error) {
    return base::Error(
        base::ErrorKind::input,
        fmt::format("can't list the directory '{}': {}", directory.string(), error.message()),
        "make it readable, or move it away from the inventory");
  }
  std::ranges::sort(entries);
  for (const auto& entry : entries) {
    const auto name = entry.filename().string();
    if (name.starts_with('.') || name.ends_with('~')) continue;
    if (is_folder(entry)) {
      if (entry.extension().empty()) KONVOY_CHECK(collect(entry, files));
    } else if (has_known_ending(entry)) {
      files.push_back(entry);
    }
  }
  return {};
}

base::Result<std::vector<fs::path>> files_of(const fs::path& directory, const std::string& name) {
  std::vector<fs::path> files;
  // A host named by a path is none whose variables could be kept in a file.
  if (name.find('/') != std::string::npos) return files;
  for (const auto* ending : endings) {
    const auto path = directory / (name + ending);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) continue;
    if (is_folder(path)) {
      KONVOY_CHECK(collect(path, files));
    } else {
      files.push_back(path);
    }
    break;
  }
  return files;
}

base::Result<void> read_file_into(const fs::path& path, value::Map& vars,
                                  std::vector<base::Diagnostic>& warnings) {
  KONVOY_TRY(auto text, system::read_file(path.string()));
  if (text.starts_with("$ANSIBLE_VAULT")) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("'{}' is encrypted with ansible-vault", path.string()),
                       fmt::format("decrypt it: ansible-vault decrypt {}", path.string()));
  }
  KONVOY_TRY(auto document, yaml::parse(path.string(), std::move(text)));
  std::ranges::move(document.warnings, std::back_inserter(warnings));
  if (document.value.is_null()) return {};
  if (!document.value.is_map()) {
    return base::Error(
        base::ErrorKind::input,
        base::Diagnostic{.message = fmt::format("a file of variables is a map, not {}",
                                                value::name_of(document.value.kind())),
                         .span = document.value.span(),
                         .hint = "write 'variable: value' lines"});
  }
  for (auto entry : document.value.map()->entries()) {
    if (holds_password(entry.key)) entry.value = entry.value.as_secret();
    vars.set(std::move(entry));
  }
  return {};
}

template <class Names>
base::Result<VarsByName> read_all(const fs::path& directory, const Names& named,
                                  std::vector<base::Diagnostic>& warnings) {
  VarsByName all;
  if (!is_folder(directory)) return all;
  for (const auto& owner : named) {
    KONVOY_TRY(const auto files, files_of(directory, owner.name));
    for (const auto& file : files) KONVOY_CHECK(read_file_into(file, all[owner.name], warnings));
  }
  return all;
}

}  // namespace

base::Result<VarsFiles> read_vars_files(const std::string& directory, const Draft& draft,
                                        std::vector<base::Diagnostic>& warnings) {
  const fs::path base = directory.empty() ? "." : directory;
  VarsFiles all;
  KONVOY_TRY(all.groups,
             read_all((base / "group_vars").lexically_normal(), draft.groups(), warnings));
  KONVOY_TRY(all.hosts, read_all((base / "host_vars").lexically_normal(), draft.hosts(), warnings));
  return all;
}

}  // namespace konvoy::inventory

#include "app/data_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/suggest.hpp"
#include "system/file.hpp"
#include "system/own_executable.hpp"

namespace konvoy::app {
namespace {

// "./images/x.yaml" is bundled as "images/x.yaml".
std::string_view bundled_name(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

bool is_directory(const std::string& path) {
  return system::exists(path + "/.");
}

base::Error not_there(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& file : bundled_files()) known.emplace_back(file.path);
  auto hint = base::did_you_mean(bundled_name(name), known);
  if (hint.empty()) {
    hint = "the program brings images/generic/*.yaml, images/ami/*.yaml and overrides/*.yaml";
  }
  return {base::ErrorKind::input, fmt::format("there is no file '{}'", name), std::move(hint)};
}

}  // namespace

base::Result<DataFile> read_data_file(const std::string& name, const std::string& data_dir) {
  if (!system::exists(name)) return read_own_file(name, data_dir);
  if (is_directory(name)) {
    return base::Error(base::ErrorKind::input, fmt::format("'{}' is a directory, not a file", name),
                       "name one of the files in it");
  }
  KONVOY_TRY(auto bytes, system::read_file(name));
  return DataFile{.name = name, .bytes = std::move(bytes)};
}

std::vector<std::string> installed_data_directories(std::string_view executable) {
  constexpr std::string_view packaged = "/usr/share/konvoy-image";
  std::vector<std::string> directories;
  const auto bin = executable.rfind("/bin/");
  if (bin != std::string_view::npos && executable.find('/', bin + 5) == std::string_view::npos) {
    directories.push_back(fmt::format("{}/share/konvoy-image", executable.substr(0, bin)));
  }
  if (directories.empty() || directories.front() != packaged) directories.emplace_back(packaged);
  return directories;
}

base::Result<DataFile> read_own_file(const std::string& name, const std::string& data_dir) {
  const auto bundled = bundled_name(name);
  // Without /proc there is still where packages put things.
  const auto executable = system::own_executable();
  auto directories = installed_data_directories(executable ? *executable : std::string());
  if (!data_dir.empty()) directories.insert(directories.begin(), data_dir);
  for (const auto& directory : directories) {
    const auto path = fmt::format("{}/{}", directory, bundled);
    if (system::exists(path)) {
      KONVOY_TRY(auto bytes, system::read_file(path));
      return DataFile{.name = name, .bytes = std::move(bytes)};
    }
  }
  const auto found = std::ranges::find(bundled_files(), bundled, &BundledFile::path);
  if (found == bundled_files().end()) return not_there(name);
  return DataFile{.name = name, .bytes = std::string(found->bytes)};
}

}  // namespace konvoy::app

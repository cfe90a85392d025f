#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "archive/reader.hpp"
#include "verify/create_parts.hpp"
#include "verify/files.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;

/// "kubelet", "1.21.6" and the whole of "kubelet-1.21.6-0.x86_64.rpm".
struct PackageName {
  std::string nevra;
  std::string name;
  std::string version;
};

PackageName parse_name(const std::string& file_name) {
  PackageName package{.nevra = file_name.substr(0, file_name.size() - 4)};
  const std::size_t release = package.nevra.rfind('-');
  if (release == std::string::npos || release == 0) return package;
  const std::size_t version = package.nevra.rfind('-', release - 1);
  if (version == std::string::npos) return package;
  package.name = package.nevra.substr(0, version);
  package.version = package.nevra.substr(version + 1, release - version - 1);
  return package;
}

base::Result<std::vector<std::string>> find_packages(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".rpm") files.push_back(entry->path().filename());
  }
  std::sort(files.begin(), files.end());
  if (!error && !files.empty()) return files;
  return Error{ErrorKind::input,
               error ? fmt::format("cannot list '{}': {}", directory, error.message())
                     : fmt::format("there are no rpm files in '{}'", directory)};
}

/// A directory with two versions of a package would give two entries for one path.
base::Result<void> refuse_same_path(const std::vector<FileEntry>& files) {
  const auto twice = std::adjacent_find(
      files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path == b.path; });
  if (twice == files.end()) return {};
  return Error{ErrorKind::input,
               fmt::format("'{}' is in '{}' and in '{}'", twice->path, twice->package,
                           std::next(twice)->package),
               "leave only the packages of one version in the directory"};
}

bool wanted(const std::string& path, const CreateOptions& options) {
  return is_kubernetes_program(path) ||
         std::find(options.paths.begin(), options.paths.end(), path) != options.paths.end();
}

base::Result<void> add_package(const std::string& directory, const std::string& file_name,
                               const CreateOptions& options, const FileSigner& signer,
                               Manifest& manifest) {
  const PackageName package = parse_name(file_name);
  if (package.name == "kubelet" && manifest.kubernetes.empty()) {
    manifest.kubernetes = package.version;
  }
  if (package.name.starts_with("containerd") && manifest.containerd.empty()) {
    manifest.containerd = package.version;
  }
  KONVOY_TRY(auto reader, archive::Reader::open(fmt::format("{}/{}", directory, file_name)));
  for (;;) {
    KONVOY_TRY(const auto entry, reader.next());
    if (!entry) return {};
    const std::string path = "/" + entry->path;
    if (entry->kind != archive::EntryKind::file || !wanted(path, options)) continue;
    KONVOY_TRY(const std::string content, reader.read_all(file_size_limit));
    KONVOY_TRY(FileEntry file, entry_of(path, content, signer));
    file.package = package.nevra;
    manifest.files.push_back(std::move(file));
  }
}

}  // namespace

base::Result<Manifest> manifest_of_packages(const std::string& directory,
                                            const CreateOptions& options,
                                            const FileSigner& signer) {
  if (options.os_id.empty() || options.os_version.empty() || options.architecture.empty()) {
    return Error{ErrorKind::usage, "packages do not say which operating system they are for",
                 "give --os ID-VERSION and --arch, such as --os rhel-8.4 --arch x86_64"};
  }
  KONVOY_TRY(const auto packages, find_packages(directory));
  KONVOY_TRY(Manifest manifest, start_manifest(options, signer));
  for (const std::string& package : packages) {
    KONVOY_CHECK(add_package(directory, package, options, signer, manifest));
  }
  if (manifest.files.empty()) {
    return Error{ErrorKind::input,
                 fmt::format("the packages in '{}' hold no Kubernetes programs", directory),
                 "name files with --file"};
  }
  std::sort(manifest.files.begin(), manifest.files.end(),
            [](const FileEntry& a, const FileEntry& b) {
              return std::tie(a.path, a.package) < std::tie(b.path, b.package);
            });
  KONVOY_CHECK(refuse_same_path(manifest.files));
  add_images(options.images, manifest);
  return manifest;
}

}  // namespace konvoy::verify

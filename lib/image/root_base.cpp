#include "image/root_base.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <vector>

#include "archive/reader.hpp"
#include "base/text.hpp"
#include "image/blob.hpp"
#include "image/oci_layout.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"
#include "system/process.hpp"
#include "system/rooted_directory.hpp"
#include "system/rooted_files.hpp"

namespace konvoy::image {
namespace {

using base::Error;
using base::ErrorKind;

// What every copy of a root keeps. GNU tar does it all, and refuses to follow a link that the
// archive itself made.
const std::vector<std::string> faithful = {"--numeric-owner", "--xattrs", "--xattrs-include=*",
                                           "--acls", "--same-permissions"};

std::vector<std::string> tar(std::vector<std::string> arguments) {
  std::vector<std::string> argv = {"tar"};
  argv.insert(argv.end(), faithful.begin(), faithful.end());
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

base::Result<void> extract_tar(const std::string& archive, const std::string& directory,
                               std::vector<std::string> more = {}) {
  more.insert(more.end(), {"-C", directory, "-xf", archive});
  auto outcome = system::run_checked({.argv = tar(std::move(more))});
  if (outcome) return {};
  return std::move(outcome).error().with_note(fmt::format("while unpacking '{}'", archive));
}

// OCI layer.md, "Whiteouts": ".wh.NAME" takes NAME of the layers below away, ".wh..wh..opq" all of
// its directory. They come before the layer's own files.
base::Result<void> apply_whiteouts(const std::string& layer, const std::string& directory) {
  constexpr std::string_view prefix = ".wh.";
  constexpr std::string_view opaque = ".wh..wh..opq";
  KONVOY_TRY(const auto root, system::RootedDirectory::open(directory));
  KONVOY_TRY(const auto entries, archive::list(layer));
  for (const auto& entry : entries) {
    const auto slash = entry.path.rfind('/');
    const auto name = slash == std::string::npos ? entry.path : entry.path.substr(slash + 1);
    if (!name.starts_with(prefix)) continue;
    const auto parent = slash == std::string::npos ? std::string() : entry.path.substr(0, slash);
    std::vector<std::string> hidden = {name.substr(prefix.size())};
    if (name == opaque)
      hidden = system::list_entries(root, parent).value.value_or(std::vector<std::string>());
    for (const auto& one : hidden) {
      const auto path = fmt::format("{}/{}", parent, one);
      if (const int problem = system::remove_entry(root, path, true); problem != 0) {
        return Error(ErrorKind::run, fmt::format("'{}' can't be removed from the base: {}", path,
                                                 system::describe_errno(problem)));
      }
    }
  }
  return {};
}

base::Result<Unpacked> unpack_layout(const RootBase& from, const std::string& directory) {
  KONVOY_TRY(auto image, read_oci_layout(from.path));
  for (const auto& layer : image.layers) {
    KONVOY_CHECK(apply_whiteouts(layer, directory));
    KONVOY_CHECK(extract_tar(layer, directory, {"--exclude=.wh.*"}));
  }
  return Unpacked{std::move(image.digest), std::move(image.config)};
}

base::Result<Unpacked> copy_directory(const RootBase& from, const std::string& directory) {
  KONVOY_CHECK(system::run_checked({.argv = {"cp", "--archive", "--reflink=auto",
                                             "--one-file-system", from.path + "/.", directory}}));
  return Unpacked{};
}

}  // namespace

base::Result<RootBase> find_base(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    return Error(ErrorKind::input, fmt::format("there is no base '{}'", path),
                 "give a directory, a tar archive or an OCI layout with --base");
  }
  if (S_ISDIR(found.st_mode)) {
    return RootBase{
        path, system::exists(path + "/oci-layout") ? BaseForm::oci_layout : BaseForm::directory};
  }
  auto reader = archive::Reader::open(path);
  if (!reader) return std::move(reader).error();
  auto first = reader->next();
  if (!first) return std::move(first).error();
  if (!first->has_value()) return Error(ErrorKind::input, fmt::format("'{}' is empty", path));
  return RootBase{path, BaseForm::tar};
}

base::Result<Unpacked> unpack(const RootBase& from, const std::string& directory) {
  switch (from.form) {
    case BaseForm::directory: return copy_directory(from, directory);
    case BaseForm::oci_layout: return unpack_layout(from, directory);
    case BaseForm::tar: break;
  }
  KONVOY_TRY(auto blob, blob_of(from.path));
  KONVOY_CHECK(extract_tar(from.path, directory));
  return Unpacked{.digest = std::move(blob.digest)};
}

}  // namespace konvoy::image

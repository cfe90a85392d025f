#include "verify/saved_images.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "archive/extract.hpp"
#include "json/reader.hpp"
#include "system/file.hpp"
#include "target/root_target.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;
using value::Value;

constexpr std::string_view save_again =
    "save the images as an OCI image layout, as 'ctr images export' does";

std::string text_in(const value::Map& map, std::string_view key) {
  const Value* found = map.find(key);
  return found == nullptr || !found->is_string() ? std::string() : *found->string();
}

/// A directory with a layout: the one that was named, or one that an archive was unpacked into.
struct Layout {
  std::string directory;
  std::optional<system::TemporaryDirectory> unpacked;  ///< removed with this object
  std::vector<ListedImage> listed;
};

base::Result<Layout> find_layout(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return Layout{.directory = std::filesystem::absolute(path, error)};
  }
  KONVOY_TRY(auto unpacked, system::TemporaryDirectory::make("konvoy-images"));
  const archive::ExtractOptions options{.only = {"index.json", "blobs/sha256/*"}};
  KONVOY_CHECK(archive::extract(path, unpacked.path(), options));
  std::string directory = unpacked.path();
  return Layout{.directory = std::move(directory), .unpacked = std::move(unpacked)};
}

base::Result<Layout> open_layout(const std::string& path) {
  KONVOY_TRY(Layout layout, find_layout(path));
  const std::string index = layout.directory + "/index.json";
  if (!system::exists(index)) {
    return Error{ErrorKind::input, fmt::format("'{}' has no index.json", path),
                 std::string(save_again)};
  }
  KONVOY_TRY(std::string text, system::read_file(index));
  KONVOY_TRY(const Value parsed, json::parse(fmt::format("{}: index.json", path), std::move(text)));
  layout.listed = parse_layout_index(parsed);
  if (!layout.listed.empty()) return layout;
  return Error{ErrorKind::input, fmt::format("the index of '{}' gives no image a name", path),
               std::string(save_again)};
}

base::Result<std::vector<Layout>> open_layouts(const std::vector<std::string>& paths) {
  std::vector<Layout> layouts;
  for (const std::string& path : paths) {
    KONVOY_TRY(auto layout, open_layout(path));
    layouts.push_back(std::move(layout));
  }
  return layouts;
}

}  // namespace

std::vector<ListedImage> parse_layout_index(const Value& index) {
  std::vector<ListedImage> images;
  const Value* entries = index.at_path("manifests");
  if (entries == nullptr || !entries->is_list()) return images;
  for (const Value& entry : *entries->list()) {
    const Value* annotations = entry.is_map() ? entry.map()->find("annotations") : nullptr;
    if (annotations == nullptr || !annotations->is_map()) continue;
    std::string reference = text_in(*annotations->map(), "io.containerd.image.name");
    if (reference.empty()) {
      reference = text_in(*annotations->map(), "org.opencontainers.image.ref.name");
    }
    std::string digest = text_in(*entry.map(), "digest");
    if (!reference.empty()) images.push_back({std::move(reference), std::move(digest)});
  }
  return images;
}

base::Result<std::vector<Component>> verify_saved_images(const std::vector<std::string>& paths,
                                                         const Manifest& manifest,
                                                         const ContentTools& tools) {
  KONVOY_TRY(const auto layouts, open_layouts(paths));
  KONVOY_TRY(const auto local, target::open_root({}));
  std::vector<ImageStore> stores;
  for (const Layout& layout : layouts) {
    stores.push_back({.target = local.get(),
                      .blobs = layout.directory + "/blobs/sha256",
                      .listed = layout.listed});
  }
  return verify_images(stores, manifest, tools);
}

base::Result<std::vector<ListedImage>> list_saved_images(const std::vector<std::string>& paths) {
  std::vector<ListedImage> images;
  KONVOY_TRY(const auto layouts, open_layouts(paths));
  for (const Layout& layout : layouts) {
    images.insert(images.end(), layout.listed.begin(), layout.listed.end());
  }
  return images;
}

}  // namespace konvoy::verify

#include "image/oci_layout.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdio>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "image/blob.hpp"
#include "json/reader.hpp"
#include "json/render.hpp"
#include "system/file.hpp"

namespace konvoy::image {
namespace {

using base::Error;
using base::ErrorKind;
using value::Value;

constexpr std::string_view index_type = "application/vnd.oci.image.index.v1+json";
constexpr std::string_view manifest_type = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view config_type = "application/vnd.oci.image.config.v1+json";
constexpr std::string_view layer_type = "application/vnd.oci.image.layer.v1.tar";
// Indexes of several architectures may point to further ones; nobody needs more than a few.
constexpr int deepest_index = 4;

std::string text_at(const Value& value, std::string_view path) {
  const auto* found = value.at_path(path);
  return found != nullptr && found->is_string() ? *found->string() : std::string();
}

std::string our_architecture() {
  utsname machine{};
  if (::uname(&machine) == 0 && std::string_view(machine.machine) == "aarch64") return "arm64";
  return "amd64";
}

// The file of a blob whose name and content agree.
base::Result<std::string> checked_blob(const std::string& directory, const std::string& digest) {
  constexpr std::string_view prefix = "sha256:";
  const bool known = digest.starts_with(prefix) && digest.size() == prefix.size() + 64 &&
                     base::from_hex(digest.substr(prefix.size())).has_value();
  if (!known) {
    return Error(ErrorKind::input,
                 fmt::format("'{}': the digest '{}' is no SHA-256", directory, digest));
  }
  auto path = fmt::format("{}/blobs/sha256/{}", directory, digest.substr(prefix.size()));
  KONVOY_TRY(const auto blob, blob_of(path));
  if (blob.digest == digest) return path;
  return Error(ErrorKind::input,
               fmt::format("'{}' is damaged: its content has the digest {}", path, blob.digest));
}

base::Result<Value> read_json(const std::string& path) {
  KONVOY_TRY(auto text, system::read_file(path));
  return json::parse(path, std::move(text));
}

bool fits(const Value& descriptor) {
  const auto os = text_at(descriptor, "platform.os");
  const auto architecture = text_at(descriptor, "platform.architecture");
  return (os.empty() || os == "linux") &&
         (architecture.empty() || architecture == our_architecture());
}

// The digest of the manifest that an index leads to.
base::Result<std::string> find_manifest(const std::string& directory, const Value& index,
                                        int depth) {
  const auto* manifests = index.at_path("manifests");
  std::vector<std::string> found;
  if (manifests != nullptr && manifests->is_list()) {
    for (const auto& descriptor : *manifests->list()) {
      if (!fits(descriptor)) continue;
      auto digest = text_at(descriptor, "digest");
      if (text_at(descriptor, "mediaType") == index_type) {
        if (depth == 0)
          return Error(ErrorKind::input, "the layout's indexes are nested too deeply");
        KONVOY_TRY(const auto path, checked_blob(directory, digest));
        KONVOY_TRY(const auto inner, read_json(path));
        KONVOY_TRY(digest, find_manifest(directory, inner, depth - 1));
      }
      found.push_back(std::move(digest));
    }
  }
  if (found.size() == 1) return found.front();
  return Error(ErrorKind::input, fmt::format("'{}' holds {} linux/{} images, exactly one is needed",
                                             directory, found.size(), our_architecture()));
}

Value descriptor(std::string_view type, const Blob& blob) {
  value::Map map;
  map.set("mediaType", std::string(type));
  map.set("digest", blob.digest);
  map.set("size", static_cast<std::int64_t>(blob.size));
  return map;
}

base::Result<Blob> write_blob(const std::string& directory, const Value& content) {
  const auto text = json::render(content, {.indent = 0});
  KONVOY_TRY(const auto hex, crypto::sha256_hex(text));
  auto path = fmt::format("{}/blobs/sha256/{}", directory, hex);
  KONVOY_CHECK(system::write_file(path, text));
  return Blob{std::move(path), "sha256:" + hex, text.size()};
}

std::string timestamp(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

// The base's history, whose layers are all in ours now, and our own entry.
value::List history(const OciMetadata& metadata) {
  value::List entries;
  if (const auto* old = metadata.base_config.at_path("history"); old != nullptr && old->is_list()) {
    for (const auto& entry : *old->list()) {
      if (!entry.is_map()) continue;
      auto map = *entry.map();
      map.set("empty_layer", true);
      entries.emplace_back(std::move(map));
    }
  }
  value::Map ours;
  ours.set("created", timestamp(metadata.created));
  ours.set("created_by", metadata.created_by);
  entries.emplace_back(std::move(ours));
  return entries;
}

Value image_config(const OciMetadata& metadata, const std::string& diff_id) {
  value::Map config;
  config.set("created", timestamp(metadata.created));
  config.set("architecture", metadata.architecture);
  config.set("os", "linux");
  value::Map settings;
  if (const auto* old = metadata.base_config.at_path("config"); old != nullptr && old->is_map()) {
    settings = *old->map();
  }
  value::Map labels;
  if (const auto* old = settings.find("Labels"); old != nullptr && old->is_map()) {
    labels = *old->map();
  }
  for (const auto& label : metadata.labels.entries()) labels.set(label);
  if (!labels.empty()) settings.set("Labels", std::move(labels));
  config.set("config", std::move(settings));
  value::Map root;
  root.set("type", "layers");
  root.set("diff_ids", value::List{diff_id});
  config.set("rootfs", std::move(root));
  config.set("history", history(metadata));
  return config;
}

}  // namespace

base::Result<OciImage> read_oci_layout(const std::string& directory) {
  KONVOY_TRY(const auto index, read_json(directory + "/index.json"));
  KONVOY_TRY(auto digest, find_manifest(directory, index, deepest_index));
  KONVOY_TRY(const auto manifest_path, checked_blob(directory, digest));
  KONVOY_TRY(const auto manifest, read_json(manifest_path));
  KONVOY_TRY(const auto config_path, checked_blob(directory, text_at(manifest, "config.digest")));
  OciImage image{.digest = std::move(digest)};
  KONVOY_TRY(image.config, read_json(config_path));
  const auto* layers = manifest.at_path("layers");
  if (layers == nullptr || !layers->is_list()) {
    return Error(ErrorKind::input, fmt::format("'{}' lists no layers", manifest_path));
  }
  for (const auto& layer : *layers->list()) {
    KONVOY_TRY(auto path, checked_blob(directory, text_at(layer, "digest")));
    image.layers.push_back(std::move(path));
  }
  return image;
}

base::Result<std::string> write_oci_layout(const std::string& directory, const std::string& layer,
                                           const OciMetadata& metadata) {
  KONVOY_CHECK(system::make_directories(directory + "/blobs/sha256"));
  KONVOY_TRY(auto layer_blob, blob_of(layer));
  const auto place = fmt::format("{}/blobs/sha256/{}", directory, layer_blob.digest.substr(7));
  if (std::rename(layer.c_str(), place.c_str()) != 0) {
    return Error(ErrorKind::run, fmt::format("'{}' can't be moved to '{}'", layer, place));
  }
  KONVOY_TRY(const auto config, write_blob(directory, image_config(metadata, layer_blob.digest)));
  value::Map manifest;
  manifest.set("schemaVersion", 2);
  manifest.set("mediaType", std::string(manifest_type));
  manifest.set("config", descriptor(config_type, config));
  manifest.set("layers", value::List{descriptor(layer_type, layer_blob)});
  KONVOY_TRY(const auto manifest_blob, write_blob(directory, manifest));
  auto entry = *descriptor(manifest_type, manifest_blob).map();
  if (!metadata.reference.empty()) {
    value::Map annotations;
    annotations.set("org.opencontainers.image.ref.name", metadata.reference);
    entry.set("annotations", std::move(annotations));
  }
  value::Map index;
  index.set("schemaVersion", 2);
  index.set("mediaType", std::string(index_type));
  index.set("manifests", value::List{std::move(entry)});
  KONVOY_CHECK(system::write_file(directory + "/index.json", json::render(index)));
  KONVOY_CHECK(
      system::write_file(directory + "/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}\n"));
  return manifest_blob.digest;
}

}  // namespace konvoy::image

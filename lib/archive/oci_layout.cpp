#include "archive/oci_layout.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "json/reader.hpp"
#include "system/descriptor.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"

namespace konvoy::archive {
namespace {

// Manifests and indexes are small; the specification lets registries refuse more than 4 MiB.
constexpr std::uint64_t most_json = 4U << 20U;
constexpr int most_depth = 4;
constexpr std::string_view name_annotation = "org.opencontainers.image.ref.name";

base::Error input_error(std::string message) {
  return {base::ErrorKind::input, std::move(message)};
}

std::string text_at(const value::Value& map, std::string_view key) {
  const auto* entries = map.map();
  const auto* found = entries == nullptr ? nullptr : entries->find(key);
  const auto* text = found == nullptr ? nullptr : found->string();
  return text == nullptr ? std::string() : *text;
}

value::List list_at(const value::Value& map, std::string_view key) {
  const auto* entries = map.map();
  const auto* found = entries == nullptr ? nullptr : entries->find(key);
  const auto* items = found == nullptr ? nullptr : found->list();
  return items == nullptr ? value::List() : *items;
}

std::string name_of(const value::Value& descriptor) {
  const auto* entries = descriptor.map();
  const auto* annotations = entries == nullptr ? nullptr : entries->find("annotations");
  return annotations == nullptr ? std::string() : text_at(*annotations, name_annotation);
}

class Layout {
 public:
  explicit Layout(const std::string& directory) : directory_(directory) {}

  base::Result<std::vector<OciImage>> run() {
    KONVOY_TRY(const auto index, read_json(directory_ + "/index.json"));
    KONVOY_CHECK(add_index(index, 0));
    return std::move(images_);
  }

 private:
  // The path of the blob with that digest, once its bytes are seen to have it.
  base::Result<std::string> blob(const std::string& digest) {
    constexpr std::string_view prefix = "sha256:";
    const auto hex = digest.starts_with(prefix) ? digest.substr(prefix.size()) : std::string();
    if (hex.size() != 64 || hex.find_first_not_of("0123456789abcdef") != std::string::npos) {
      return input_error(
          fmt::format("'{}' names a blob by '{}', which is no SHA-256 digest", directory_, digest));
    }
    auto path = fmt::format("{}/blobs/sha256/{}", directory_, hex);
    const system::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open()) return system::system_error(base::ErrorKind::input, "open", path, errno);
    KONVOY_TRY(const auto found, crypto::digest_file(crypto::DigestAlgorithm::sha256, file.fd()));
    if (base::to_hex(found.digest) == hex) return path;
    return input_error(fmt::format("'{}' has the digest {}", path, base::to_hex(found.digest)));
  }

  base::Result<value::Value> read_json(const std::string& path) {
    KONVOY_TRY(auto text, system::read_file(path, most_json));
    return json::parse(path, std::move(text));
  }

  base::Result<void> add_index(const value::Value& index, int depth) {
    if (depth > most_depth) {
      return input_error(
          fmt::format("'{}' has more than {} indexes inside each other", directory_, most_depth));
    }
    for (const auto& descriptor : list_at(index, "manifests")) {
      const auto digest = text_at(descriptor, "digest");
      KONVOY_TRY(const auto path, blob(digest));
      KONVOY_TRY(const auto document, read_json(path));
      if (!list_at(document, "manifests").empty()) {
        KONVOY_CHECK(add_index(document, depth + 1));
        continue;
      }
      auto name = name_of(descriptor);
      if (name.empty()) name = digest.substr(0, 19);  // "sha256:" and twelve digits
      KONVOY_CHECK(add_manifest(document, std::move(name)));
    }
    return {};
  }

  base::Result<void> add_manifest(const value::Value& manifest, std::string name) {
    OciImage image{.name = std::move(name)};
    for (const auto& layer : list_at(manifest, "layers")) {
      // Attestations and the like are no file systems.
      if (text_at(layer, "mediaType").find("tar") == std::string::npos) continue;
      KONVOY_TRY(auto path, blob(text_at(layer, "digest")));
      image.layers.push_back(std::move(path));
    }
    if (!image.layers.empty()) images_.push_back(std::move(image));
    return {};
  }

  const std::string& directory_;
  std::vector<OciImage> images_;
};

}  // namespace

bool is_oci_layout(const std::string& directory) {
  return system::exists(directory + "/oci-layout") && system::exists(directory + "/index.json");
}

base::Result<std::vector<OciImage>> read_oci_layout(const std::string& directory) {
  return Layout(directory).run();
}

Whiteout whiteout_of(std::string_view entry_path) {
  constexpr std::string_view prefix = ".wh.";
  constexpr std::string_view opaque = ".wh..wh..opq";
  const auto slash = entry_path.rfind('/');
  const auto begin = slash == std::string_view::npos ? 0 : slash + 1;
  const auto name = entry_path.substr(begin);
  const auto directory = std::string(entry_path.substr(0, begin));
  if (name == opaque) {
    return {Whiteout::Kind::directory_content, directory.substr(0, begin == 0 ? 0 : begin - 1)};
  }
  if (!name.starts_with(prefix)) return {};
  return {Whiteout::Kind::path, directory + std::string(name.substr(prefix.size()))};
}

}  // namespace konvoy::archive

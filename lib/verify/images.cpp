#include "verify/images.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "json/reader.hpp"
#include "verify/file_digest.hpp"
#include "verify/image_binary.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;
using target::Probe;
using value::Value;

constexpr std::string_view digest_prefix = "sha256:";
constexpr std::string_view pull_again = "remove the image and pull it again";
/// An index leads to a manifest; deeper is nothing that containerd pulls.
constexpr int deepest_index = 3;

/// Go's names, which images use, for the kernel's.
std::string_view image_architecture(std::string_view machine) {
  if (machine == "x86_64") return "amd64";
  if (machine == "aarch64") return "arm64";
  return machine;
}

bool is_sha256(std::string_view digest) {
  return digest.starts_with(digest_prefix) && digest.size() == digest_prefix.size() + 64 &&
         digest.find_first_not_of("0123456789abcdef", digest_prefix.size()) == digest.npos;
}

std::string text_at(const Value& value, std::string_view path) {
  const Value* found = value.at_path(path);
  return found == nullptr || !found->is_string() ? std::string() : *found->string();
}

std::vector<ListedImage>::const_iterator find_reference(const std::vector<ListedImage>& listed,
                                                        std::string_view reference) {
  return std::find_if(listed.begin(), listed.end(),
                      [&](const ListedImage& image) { return image.reference == reference; });
}

/// The store that knows a reference, else the first: there it is missing.
const ImageStore& store_with(std::span<const ImageStore> stores, std::string_view reference) {
  const auto found = std::find_if(stores.begin(), stores.end(), [&](const ImageStore& store) {
    return store.listed && find_reference(*store.listed, reference) != store.listed->end();
  });
  return found == stores.end() ? stores.front() : *found;
}

/// What is wrong with an image; an Error only when the target fails.
struct Objection {
  Status status = Status::ok;
  std::string what;
};

/// Verifies one image of the manifest in a store.
class ImageJudge {
 public:
  ImageJudge(const ImageStore& store, const Manifest& manifest, const ContentTools& tools)
      : store_(store), target_(*store.target), manifest_(manifest), tools_(tools) {}

  base::Result<Component> judge(const ImageEntry& image) {
    Component component{.name = image.name,
                        .kind = Component::Kind::image,
                        .detail = "Digest Validated",
                        .digest_by = digest_by(tools_)};
    if (store_.listed) judge_reference(image, *store_.listed);
    if (fine()) {
      KONVOY_CHECK(walk(image.digest, 0));
    }
    if (fine()) {
      KONVOY_CHECK(judge_blobs());
    }
    if (fine() && !image.binary.empty()) {
      KONVOY_CHECK(judge_binary(image, component));
    }
    if (!fine()) {
      component.status = objection_.status;
      component.detail = objection_.what;
      component.fix = pull_again;
    }
    return component;
  }

 private:
  [[nodiscard]] bool fine() const { return objection_.status == Status::ok; }
  void object(Status status, std::string what) { objection_ = {status, std::move(what)}; }

  [[nodiscard]] std::string blob_path(std::string_view digest) const {
    return fmt::format("{}/{}", store_.blobs, digest.substr(digest_prefix.size()));
  }

  void judge_reference(const ImageEntry& image, const std::vector<ListedImage>& listed) {
    const auto found = find_reference(listed, image.reference);
    if (found == listed.end()) {
      object(Status::missing, fmt::format("there is no image '{}'", image.reference));
    } else if (found->digest != image.digest) {
      object(Status::mismatch, fmt::format("'{}' is {}, the manifest says {}", image.reference,
                                           found->digest, image.digest));
    }
  }

  /// The JSON of an index or a manifest, once its digest is right.
  base::Result<std::optional<Value>> read_blob(const std::string& digest) {
    blobs_.push_back(digest);
    KONVOY_TRY(auto content, read_content(target_, blob_path(digest)));
    if (!content) {
      object(Status::missing, fmt::format("its content {} is not there", digest));
      return std::optional<Value>{};
    }
    KONVOY_TRY(const std::string found, crypto::sha256_hex(*content));
    if (std::string(digest_prefix) + found != digest) {
      object(Status::mismatch, fmt::format("its content {} was changed", digest));
      return std::optional<Value>{};
    }
    auto parsed = json::parse(digest, std::move(*content));
    if (parsed) return std::optional(std::move(*parsed));
    object(Status::error, fmt::format("its content {} is no JSON", digest));
    return std::optional<Value>{};
  }

  base::Result<void> walk(const std::string& digest, int depth) {
    KONVOY_TRY(const auto blob, read_blob(digest));
    if (!blob) return {};
    if (const Value* entries = blob->at_path("manifests"); entries && entries->is_list()) {
      return follow_index(*entries->list(), depth);
    }
    const Value* layers = blob->at_path("layers");
    if (layers == nullptr || !layers->is_list()) {
      object(Status::error, fmt::format("its content {} is no image manifest", digest));
      return {};
    }
    blobs_.push_back(text_at(*blob, "config.digest"));
    for (const Value& layer : *layers->list()) layers_.push_back(text_at(layer, "digest"));
    blobs_.insert(blobs_.end(), layers_.begin(), layers_.end());
    if (!std::all_of(blobs_.begin(), blobs_.end(), is_sha256)) {
      object(Status::error, "it names content by other digests than SHA-256");
    }
    return {};
  }

  base::Result<void> follow_index(const value::List& entries, int depth) {
    const std::string_view wanted = image_architecture(manifest_.architecture);
    for (const Value& entry : entries) {
      const std::string digest = text_at(entry, "digest");
      if (text_at(entry, "platform.architecture") != wanted || depth >= deepest_index) continue;
      if (!is_sha256(digest)) continue;
      return walk(digest, depth + 1);
    }
    object(Status::missing, fmt::format("it has no variant for {}", wanted));
    return {};
  }

  base::Result<void> judge_blobs() {
    std::vector<Probe> probes;
    for (const std::string& digest : blobs_) {
      probes.push_back(digest_probe(tools_, blob_path(digest)));
    }
    KONVOY_TRY(const auto answers, target_.observe(probes));
    for (std::size_t i = 0; i < answers.size() && fine(); ++i) {
      const std::string digest = digest_of(answers[i]);
      if (digest.empty()) {
        object(Status::missing, fmt::format("its content {} cannot be read: {} (does containerd "
                                            "discard unpacked layers?)",
                                            blobs_[i], why_no_digest(answers[i])));
      } else if (std::string(digest_prefix) + digest != blobs_[i]) {
        object(Status::mismatch, fmt::format("its content {} was changed", blobs_[i]));
      }
    }
    return {};
  }

  base::Result<void> judge_binary(const ImageEntry& image, Component& component) {
    KONVOY_TRY(const auto content, find_binary(image.binary));
    if (!content) {
      if (fine()) object(Status::missing, fmt::format("it holds no '{}'", image.binary));
      return {};
    }
    KONVOY_TRY(const std::string digest, crypto::sha256_hex(*content));
    if (digest != image.sha256) {
      object(Status::mismatch, fmt::format("the SHA-256 of its '{}' is {}", image.binary, digest));
      return {};
    }
    if (!image.signature.empty() && manifest_.signing_key && tools_.check_signature) {
      KONVOY_TRY(const bool good,
                 tools_.check_signature(*manifest_.signing_key, *content, image.signature));
      component.signature_by = tools_.signature_by;
      component.detail = "Signature Validated";
      if (!good) {
        object(Status::mismatch, "its signature in the manifest is of another content");
        return {};
      }
    }
    if (!tools_.classify) return {};
    KONVOY_TRY(const Classification classification, tools_.classify(*content));
    component.file_class = classification.file_class;
    if (!classification.objection.empty()) object(Status::error, classification.objection);
    return {};
  }

  /// From the uppermost layer down: the first that holds or removes it decides.
  base::Result<std::optional<std::string>> find_binary(const std::string& path) {
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
      KONVOY_TRY(const auto bytes, read_content(target_, blob_path(*layer)));
      KONVOY_TRY(const std::string digest, crypto::sha256_hex(bytes.value_or("")));
      if (std::string(digest_prefix) + digest != *layer) {
        object(Status::error, fmt::format("its content {} was changed while it was read", *layer));
        return std::optional<std::string>{};
      }
      auto found = find_in_layer(*bytes, path);
      if (!found) {
        object(Status::error, found.error().message());
        return std::optional<std::string>{};
      }
      if (found->content || found->removed) return std::move(found->content);
    }
    return std::optional<std::string>{};
  }

  const ImageStore& store_;
  target::Target& target_;
  const Manifest& manifest_;
  const ContentTools& tools_;
  Objection objection_;
  std::vector<std::string> blobs_;   ///< digests of everything below the image's own
  std::vector<std::string> layers_;  ///< lowest first
};

base::Result<std::vector<ListedImage>> list_images(target::Target& target) {
  const std::vector<Probe> probes{
      target::CommandProbe{.argv = {"ctr", "--namespace", "k8s.io", "images", "list"}}};
  KONVOY_TRY(const auto answers, target.observe(probes));
  const auto* answer =
      answers.empty() ? nullptr : std::get_if<target::CommandAnswer>(&answers.front());
  if (answer == nullptr || answer->status != 0) return std::vector<ListedImage>{};
  return parse_image_list(answer->out);
}

}  // namespace

std::vector<ListedImage> parse_image_list(std::string_view text) {
  std::vector<ListedImage> images;
  for (const std::string& line : base::split_lines(text)) {
    const std::vector<std::string> words = base::split_words(line);
    // REF TYPE DIGEST SIZE PLATFORMS LABELS
    if (words.size() >= 3 && is_sha256(words[2])) images.push_back({words[0], words[2]});
  }
  return images;
}

base::Result<ImageStore> node_images(target::Target& node) {
  ImageStore store{.target = &node, .blobs = std::string(content_store)};
  if (node.live()) {
    KONVOY_TRY(store.listed, list_images(node));
  }
  return store;
}

base::Result<std::vector<Component>> verify_images(std::span<const ImageStore> stores,
                                                   const Manifest& manifest,
                                                   const ContentTools& tools) {
  std::vector<Component> components;
  for (const ImageEntry& image : manifest.images) {
    auto component = ImageJudge(store_with(stores, image.reference), manifest, tools).judge(image);
    if (!component && component.error().kind == ErrorKind::run) {
      components.push_back({.name = image.name,
                            .kind = Component::Kind::image,
                            .status = Status::error,
                            .detail = component.error().message(),
                            .fix = "run it as root"});
      continue;
    }
    KONVOY_TRY(Component judged, std::move(component));
    components.push_back(std::move(judged));
  }
  return components;
}

}  // namespace konvoy::verify

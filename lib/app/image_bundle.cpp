#include "app/image_bundle.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "archive/reader.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "json/reader.hpp"
#include "system/descriptor.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"
#include "verify/saved_images.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view sums_name = "SHA256SUMS";
constexpr std::uint64_t index_limit = 16U << 20U;

Error problem(const base::SourceSpan& span, std::string message, std::string hint) {
  base::Diagnostic found{.message = std::move(message), .hint = std::move(hint)};
  if (span.source) found.span = span;
  return {ErrorKind::input, std::move(found)};
}

base::Result<std::vector<std::string>> archive_names(const std::string& directory,
                                                     const base::SourceSpan& span) {
  std::error_code failed;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    const auto name = entry.path().filename().string();
    if (name.ends_with(".tar") || name.ends_with(".tar.gz")) names.push_back(name);
  }
  if (failed) {
    return problem(
        span,
        fmt::format("images are looked for in '{}': {}", directory,
                    system::describe_errno(failed.value())),
        "'images_local_bundle_dir' is a directory on the machine where konvoy-image runs");
  }
  if (names.empty()) {
    return problem(span, fmt::format("'{}' has no archive of images", directory),
                   "'ctr images export' and 'docker save' write them; their names end in .tar "
                   "or .tar.gz");
  }
  std::ranges::sort(names);
  return names;
}

// Name to digest. "*" before a name: the file was read as binary, which makes no difference.
using Sums = std::map<std::string, std::string>;

base::Result<Sums> read_sums(const std::string& directory) {
  Sums sums;
  KONVOY_TRY(const auto text,
             system::read_file_if_there(fmt::format("{}/{}", directory, sums_name)));
  for (const auto& line : base::split_lines(text.value_or(""))) {
    const auto words = base::split_words(line);
    if (words.size() != 2) continue;
    const auto& name = words[1];
    sums[name.starts_with('*') ? name.substr(1) : name] = base::to_lower(words[0]);
  }
  return sums;
}

base::Result<std::string> digest_of(const std::string& path) {
  const system::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    return Error(ErrorKind::input,
                 fmt::format("'{}' can't be read: {}", path, system::describe_errno(errno)));
  }
  KONVOY_TRY(const auto digest, crypto::digest_file(crypto::DigestAlgorithm::sha256, file.fd()));
  return base::to_hex(digest.digest);
}

base::Result<void> tell_unknown(const std::string& directory,
                                const std::vector<std::string>& unknown,
                                const base::SourceSpan& span, const ArtifactOptions& options) {
  if (unknown.empty()) return {};
  auto message = fmt::format("{} in '{}' used without knowing its SHA-256: {}",
                             unknown.size() == 1 ? "an archive is" : "archives are", directory,
                             base::join(unknown, ", "));
  auto remedy =
      fmt::format("write their digests into '{}' there, as sha256sum prints them", sums_name);
  if (options.strict) return problem(span, std::move(message), std::move(remedy));
  if (options.events) {
    options.events({.kind = base::Event::Kind::warning,
                    .subject = directory,
                    .step = "digest",
                    .detail = message + "; " + remedy});
  }
  return {};
}

// The reference as containerd's importer completes Docker's: "busybox:1" is
// "docker.io/library/busybox:1" (distribution/reference of its sources).
std::string full_name(const std::string& tag) {
  const auto slash = tag.find('/');
  if (slash == std::string::npos) return "docker.io/library/" + tag;
  const auto host = tag.substr(0, slash);
  const bool is_host = host == "localhost" || host.find_first_of(".:") != std::string::npos;
  return is_host ? tag : "docker.io/" + tag;
}

std::vector<std::string> docker_names(const value::Value& manifest) {
  std::vector<std::string> names;
  if (!manifest.is_list()) return names;
  for (const auto& image : *manifest.list()) {
    const auto* tags = image.at_path("RepoTags");
    if (tags == nullptr || !tags->is_list()) continue;
    for (const auto& tag : *tags->list()) {
      if (tag.is_string()) names.push_back(full_name(*tag.string()));
    }
  }
  return names;
}

struct Indexes {
  std::optional<std::string> layout;  // index.json
  std::optional<std::string> docker;  // manifest.json
};

base::Result<Indexes> read_indexes(const std::string& path) {
  Indexes found;
  KONVOY_TRY(auto reader, archive::Reader::open(path));
  while (!found.layout || !found.docker) {
    KONVOY_TRY(const auto entry, reader.next());
    if (!entry) break;
    auto* text = entry->path == "index.json"      ? &found.layout
                 : entry->path == "manifest.json" ? &found.docker
                                                  : nullptr;
    if (text == nullptr) continue;
    KONVOY_TRY(*text, reader.read_all(index_limit));
  }
  return found;
}

}  // namespace

base::Result<std::vector<std::string>> images_in(const std::string& path) {
  KONVOY_TRY(auto indexes, read_indexes(path));
  std::vector<std::string> names;
  if (indexes.layout) {
    KONVOY_TRY(const auto index, json::parse(path + ": index.json", *std::move(indexes.layout)));
    for (const auto& image : verify::parse_layout_index(index)) {
      // Layouts that containerd did not write may give only a tag, which makes no name.
      if (image.reference.find_first_of("/:") == std::string::npos) continue;
      names.push_back(full_name(image.reference));
    }
  }
  if (names.empty() && indexes.docker) {
    KONVOY_TRY(const auto manifest,
               json::parse(path + ": manifest.json", *std::move(indexes.docker)));
    names = docker_names(manifest);
  }
  if (names.empty()) {
    return Error(ErrorKind::input, fmt::format("'{}' gives no image a name", path),
                 "save images with their names, as 'ctr images export' and 'docker save NAME' do");
  }
  return names;
}

base::Result<ImageBundle> open_image_bundle(const plan::Sourced<std::string>& directory,
                                            const ArtifactOptions& options) {
  const auto top = std::filesystem::path(directory.value).lexically_normal().string();
  KONVOY_TRY(const auto names, archive_names(top, directory.source));
  KONVOY_TRY(const auto sums, read_sums(top));
  ImageBundle bundle;
  std::vector<std::string> unknown;
  for (const auto& name : names) {
    const auto path = fmt::format("{}/{}", top, name);
    KONVOY_TRY(auto sha256, digest_of(path));
    const auto known = sums.find(name);
    if (known == sums.end()) unknown.push_back(name);
    else if (known->second != sha256) {
      return problem(directory.source,
                     fmt::format("'{}' has the SHA-256 {}, not {}", path, sha256, known->second),
                     fmt::format("do not use it, or correct '{}' there", sums_name));
    }
    KONVOY_TRY(auto images, images_in(path));
    bundle.origins.push_back({path, sha256, known != sums.end()});
    bundle.archives.push_back({name, path, std::move(sha256), std::move(images)});
  }
  KONVOY_CHECK(tell_unknown(top, unknown, directory.source, options));
  return bundle;
}

}  // namespace konvoy::app

#include "app/artifact_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>

#include "app/image_bundle.hpp"
#include "app/unpacked_archive.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "net/download.hpp"
#include "system/descriptor.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"
#include "system/file_lock.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;

Error at(base::SourceSpan span, std::string message, std::string hint) {
  base::Diagnostic problem{.message = std::move(message), .hint = std::move(hint)};
  if (span.source) problem.span = std::move(span);
  return {ErrorKind::input, std::move(problem)};
}

// "ansible/../artifacts/x", as konvoy-image-builder's overrides write it, is "artifacts/x" even
// where there is no directory 'ansible'.
std::string local_name(const plan::ArchiveSource& source) {
  return std::filesystem::path(source.file.value).lexically_normal().string();
}

std::string shown(const plan::ArchiveSource& source) {
  return source.file.value.empty() ? net::without_credentials(source.url.value)
                                   : local_name(source);
}

// A containerd that lacks one of these would show it only when the service does not start.
base::Result<void> check_containerd(const plan::ArchiveContent& content,
                                    const plan::ArchiveSource& source) {
  for (const std::string_view name : {"containerd", "containerd.service", "runc"}) {
    const auto there = std::ranges::any_of(content.files, [&](const plan::ArchiveFile& file) {
      return file.path.ends_with("/" + std::string(name));
    });
    if (there) continue;
    return at(source.file.value.empty() ? source.url.source : source.file.source,
              fmt::format("'{}' has no '{}'", shown(source), name),
              "the archive is unpacked into /, with usr/local/bin/containerd, runc and a unit in "
              "etc/systemd/system, as cri-containerd-cni-*.tar.gz has them");
  }
  return {};
}

// Without its index a directory of packages is no repository.
base::Result<void> check_packages(const plan::ArchiveContent& content,
                                  const plan::OfflineSpec& spec) {
  const auto inside = spec.repository_directory.substr(spec.packages_directory.size());
  const auto index = inside + "repodata/repomd.xml";
  const auto there = std::ranges::any_of(
      content.files, [&](const plan::ArchiveFile& file) { return file.path == index; });
  if (there) return {};
  return at(spec.packages.file.source, fmt::format("'{}' has no '{}'", shown(spec.packages), index),
            "the bundle holds a directory 'offline-repo' that createrepo has indexed; another name "
            "is told by 'offline.os_packages_remote_filesystem_repo_path'");
}

}  // namespace

base::Result<FoundArtifacts> ArtifactStore::find(const plan::Spec& spec) {
  FoundArtifacts found;
  if (spec.containerd.form == plan::ContainerdForm::archive) {
    KONVOY_TRY(auto containerd, archive(spec.containerd.archive));
    KONVOY_CHECK(check_containerd(containerd.content, spec.containerd.archive));
    found.artifacts.containerd = std::move(containerd.content);
    found.origins.push_back(std::move(containerd.origin));
  }
  if (!spec.offline.packages.file.value.empty()) {
    KONVOY_TRY(auto packages, archive(spec.offline.packages));
    KONVOY_CHECK(check_packages(packages.content, spec.offline));
    found.artifacts.packages = std::move(packages.content);
    found.origins.push_back(std::move(packages.origin));
  }
  if (!spec.offline.images.value.empty()) {
    KONVOY_TRY(auto bundle, images(spec.offline.images));
    found.artifacts.images = std::move(bundle.archives);
    std::ranges::move(bundle.origins, std::back_inserter(found.origins));
  }
  return found;
}

// One after another: hosts mostly want the same, and another process may fill the same cache.
base::Result<ArtifactStore::Archive> ArtifactStore::archive(const plan::ArchiveSource& source) {
  const std::scoped_lock lock(mutex_);
  const auto key = source.file.value + "\n" + source.url.value + "\n" + source.sha256.value;
  if (const auto known = archives_.find(key); known != archives_.end()) return known->second;
  KONVOY_CHECK(system::make_directories(options_.cache, 0700));
  KONVOY_TRY(const auto file_lock, system::FileLock::lock(options_.cache + "/lock"));
  KONVOY_TRY(auto opened, open_archive(source));
  return archives_.emplace(key, std::move(opened)).first->second;
}

base::Result<ImageBundle> ArtifactStore::images(const plan::Sourced<std::string>& directory) {
  const std::scoped_lock lock(mutex_);
  if (const auto known = bundles_.find(directory.value); known != bundles_.end()) {
    return known->second;
  }
  KONVOY_TRY(auto opened, open_image_bundle(directory, options_));
  return bundles_.emplace(directory.value, std::move(opened)).first->second;
}

base::Result<ArtifactStore::Archive> ArtifactStore::open_archive(
    const plan::ArchiveSource& source) {
  const auto name = shown(source);
  if (source.sha256.value.empty()) KONVOY_CHECK(warn_unknown(source, name));
  KONVOY_TRY(const auto path, local_path(source));
  const system::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    return at(source.file.source,
              fmt::format("'{}' can't be read: {}", name, system::describe_errno(errno)),
              "it is looked for on the machine where konvoy-image runs");
  }
  KONVOY_TRY(const auto digest, crypto::digest_file(crypto::DigestAlgorithm::sha256, file.fd()));
  const auto sha256 = base::to_hex(digest.digest);
  const bool known = !source.sha256.value.empty();
  if (known && base::to_lower(source.sha256.value) != sha256) {
    return at(source.sha256.source,
              fmt::format("'{}' has the SHA-256 {}, not {}", name, sha256, source.sha256.value),
              fmt::format("do not use it, or correct '{}'", source.sha256_variable));
  }
  KONVOY_TRY(auto content, unpacked(file.fd(), name, sha256, options_.cache));
  return Archive{std::move(content), {.source = name, .sha256 = sha256, .sha256_known = known}};
}

base::Result<std::string> ArtifactStore::local_path(const plan::ArchiveSource& source) {
  if (!source.file.value.empty()) return local_name(source);
  KONVOY_TRY(auto fetched,
             net::fetch_cached({.url = source.url.value, .sha256 = source.sha256.value},
                               options_.cache, options_.events, *options_.clock));
  return std::move(fetched.path);
}

base::Result<void> ArtifactStore::warn_unknown(const plan::ArchiveSource& source,
                                               const std::string& shown) {
  const auto message = fmt::format("'{}' is used without knowing its SHA-256", shown);
  const auto remedy =
      fmt::format("set '{}' to the digest that its publisher gives", source.sha256_variable);
  if (options_.strict) {
    return at(source.file.value.empty() ? source.url.source : source.file.source, message, remedy);
  }
  if (options_.events) {
    options_.events({.kind = base::Event::Kind::warning,
                     .subject = shown,
                     .step = "digest",
                     .detail = message + "; " + remedy});
  }
  return {};
}

}  // namespace konvoy::app

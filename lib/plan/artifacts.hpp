// What lies on the controller and is put onto machines: fetched, checked and unpacked before a plan
// is made of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resource/pushed_files.hpp"

namespace konvoy::plan {

/// A regular file of an archive.
struct ArchiveFile {
  std::string path;        ///< in the archive: "usr/local/bin/containerd"
  std::string local_path;  ///< where its bytes lie on the controller
  std::string sha256;      ///< 64 lower case hexadecimal digits
  std::uint32_t mode = 0;  ///< 0777
  bool operator==(const ArchiveFile&) const = default;
};

/// An archive that was unpacked on the controller. Its paths are safe: relative, without "..".
struct ArchiveContent {
  std::string sha256;                                      ///< of the archive
  std::vector<ArchiveFile> files;                          ///< ordered by path
  std::vector<std::pair<std::string, std::string>> links;  ///< path and what it leads to
  bool operator==(const ArchiveContent&) const = default;
};

/// A file of saved images, as `ctr images import` takes it.
struct ImageArchive {
  std::string name;  ///< without its directory: "kube-apiserver.tar"
  std::string local_path;
  std::string sha256;               ///< of the file
  std::vector<std::string> images;  ///< what it holds, as containerd names it
  bool operator==(const ImageArchive&) const = default;
};

struct Artifacts {
  std::optional<ArchiveContent> containerd;  ///< there when a Spec wants it in form archive
  std::optional<ArchiveContent> packages;    ///< there when a Spec has a bundle of packages
  std::vector<ImageArchive> images;          ///< ordered by name
  bool operator==(const Artifacts&) const = default;
};

/// `content` as files below `top` ("/"), owned by root, without what matches one of `except`
/// (base::matches_glob on the path in the archive).
[[nodiscard]] resource::PushedFiles push_below(const ArchiveContent& content, std::string name,
                                               std::string_view top,
                                               const std::vector<std::string>& except);

}  // namespace konvoy::plan

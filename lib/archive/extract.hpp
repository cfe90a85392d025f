// Unpacking an archive that may be hostile.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "archive/reader.hpp"
#include "base/result.hpp"

namespace konvoy::archive {

/// What to do with links: nothing in Kubernetes' and containerd's own archives needs them.
enum class Links {
  refuse,       ///< an archive with a link is an error
  keep_inside,  ///< links that stay inside are made, others are an error
};

struct ExtractOptions {
  /// Only names that match one of these (base::matches_glob, on the name in the archive); empty:
  /// all.
  std::vector<std::string> only;
  unsigned strip_components = 0;  ///< leading directories to drop, as tar's option of that name
  Links links = Links::refuse;
  std::uint64_t entry_limit = 1'000'000;
  std::uint64_t byte_limit = 64ULL << 30U;  ///< of all files together
};

/// Unpacks into the directory open as `directory` and gives what was made, paths as they are
/// below it. Refused, with nothing of that entry written: absolute names, "..", devices, sockets
/// and pipes, links as `links` says, a name below a link or a file. A link that already stands in
/// `directory` is never followed; an existing file is replaced atomically. Permission bits and
/// times are kept, setuid, setgid and owners are not.
/// Errors: kind input for the archive, run for the disk. What was unpacked before stays.
[[nodiscard]] base::Result<std::vector<Entry>> extract(Reader& reader, int directory,
                                                       const ExtractOptions& options = {});

/// The same from a file into a directory that exists.
[[nodiscard]] base::Result<std::vector<Entry>> extract(const std::string& path,
                                                       const std::string& directory,
                                                       const ExtractOptions& options = {});

}  // namespace konvoy::archive

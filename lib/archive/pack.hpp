// Making archives whose bytes depend on nothing but what is packed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "archive/reader.hpp"
#include "base/result.hpp"

namespace konvoy::archive {

enum class Compression { none, gzip, xz, zstd };

/// One member. A file's content is in `content`, or in the file `source` when that is not empty.
struct Member {
  std::string path;
  EntryKind kind = EntryKind::file;
  std::uint32_t mode = 0644;  ///< 0777
  std::string content;
  std::string source;
  std::string link_target;  ///< of a symbolic link
  bool operator==(const Member&) const = default;
};

struct PackOptions {
  Compression compression = Compression::gzip;
  std::int64_t mtime = 0;  ///< of every member, seconds since 1970 (SOURCE_DATE_EPOCH)
};

/// Writes a tar file (pax where ustar cannot say it) to `output`, atomically. The same members and
/// options give the same bytes: members are sorted by path, owned by 0:0 without names, and the
/// compressor stores no time. Errors: kind input for a member that is no safe path or has no
/// readable source, run for the disk.
[[nodiscard]] base::Result<void> pack(const std::string& output, std::vector<Member> members,
                                      const PackOptions& options = {});

/// Everything below `directory` as members: files (0755 if the owner may execute them, else 0644),
/// directories (0755) and symbolic links; anything else is an error of kind input.
[[nodiscard]] base::Result<std::vector<Member>> members_of(const std::string& directory);

}  // namespace konvoy::archive

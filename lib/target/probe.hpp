// What can be asked of a machine. A probe never changes it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/secret.hpp"

namespace konvoy::target {

/// Everything lstat() says (stat() with `follow`: the link is followed inside the target's root).
struct StatProbe {
  std::string path;
  bool follow = false;
  bool operator==(const StatProbe&) const = default;
};

/// Bytes of a regular file; links are followed inside the target's root.
struct ReadProbe {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t limit = 4U << 20U;  ///< bytes
  bool operator==(const ReadProbe&) const = default;
};

/// The names in a directory.
struct ListProbe {
  std::string path;
  bool operator==(const ListProbe&) const = default;
};

/// SHA-256 of a regular file.
struct DigestProbe {
  std::string path;
  bool operator==(const DigestProbe&) const = default;
};

/// A command that only reads. It runs without a shell, with LC_ALL=C, an empty stdin and the
/// target's root as its root. A command that is not there gives status 127.
struct CommandProbe {
  std::vector<std::string> argv;
  std::chrono::seconds timeout{60};
  std::uint64_t output_limit = 4U << 20U;                ///< bytes of each stream that are kept
  std::map<std::string, base::Secret> environment = {};  ///< on top of PATH and LC_ALL=C
  bool needs_network = false;                            ///< as of RunCommand
  bool operator==(const CommandProbe&) const = default;
};

using Probe = std::variant<StatProbe, ReadProbe, ListProbe, DigestProbe, CommandProbe>;

enum class FileType { regular, directory, link, other };

struct FileStat {
  FileType type = FileType::regular;
  std::uint32_t mode = 0;  ///< permission bits with setuid, setgid and sticky: 07777
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string owner;  ///< name in the target, or the number as text
  std::string group;
  std::uint64_t size = 0;  ///< bytes
  std::int64_t mtime = 0;  ///< seconds since 1970
  std::int64_t ctime = 0;  ///< seconds since 1970
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::string link_target;      ///< of a link
  std::string selinux_context;  ///< empty where there is none
  bool operator==(const FileStat&) const = default;
};

/// The answers, in the order of the kinds of probes. "Not there" is an answer (an empty optional);
/// anything else that kept a probe from its answer is a ProbeFailure.
struct StatAnswer {
  std::optional<FileStat> stat;
  bool operator==(const StatAnswer&) const = default;
};
struct ReadAnswer {
  std::optional<std::string> content;
  bool truncated = false;  ///< the file is longer than what `limit` let through
  bool operator==(const ReadAnswer&) const = default;
};
struct ListAnswer {
  std::optional<std::vector<std::string>> names;  ///< sorted, without "." and ".."
  bool operator==(const ListAnswer&) const = default;
};
struct DigestAnswer {
  std::optional<std::string> sha256;  ///< 64 lower case hexadecimal digits
  bool operator==(const DigestAnswer&) const = default;
};
struct CommandAnswer {
  int status = 0;  ///< exit status, 128 + signal, 124 after the timeout
  std::string out;
  std::string err;
  bool operator==(const CommandAnswer&) const = default;
};
struct ProbeFailure {
  std::string reason;  ///< "permission denied", "is a directory"
  bool operator==(const ProbeFailure&) const = default;
};

using Observation =
    std::variant<StatAnswer, ReadAnswer, ListAnswer, DigestAnswer, CommandAnswer, ProbeFailure>;

}  // namespace konvoy::target

// What can be done to a machine: one change each.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/secret.hpp"

namespace konvoy::target {

/// Who owns a file and who may do what; what is empty stays as it is (a new file: 0644, root).
struct Ownership {
  std::optional<std::uint32_t> mode;  ///< 07777
  std::string owner;                  ///< name or number
  std::string group;
  std::string selinux_context;  ///< empty: kept, or the default of the policy for a new file
  bool operator==(const Ownership&) const = default;
};

/// Replaces a file as a whole: temporary file in the same directory, fsync, rename. The directory
/// must be there. `content` is a Secret so that no log shows it by accident.
struct WriteFile {
  std::string path;
  base::Secret content;
  Ownership ownership;
  /// A link at `path` is followed inside the root and what it leads to is replaced; otherwise the
  /// link itself is.
  bool follow_link = false;
  /// Writes over the bytes of the existing file of the same size instead of a rename, with fsync:
  /// for grubenv, which GRUB itself writes block by block.
  bool in_place = false;
  bool operator==(const WriteFile&) const = default;
};

/// Removes a file, a link, or (recursive) a tree without leaving its file system. Nothing there is
/// success.
struct Remove {
  std::string path;
  bool recursive = false;
  bool operator==(const Remove&) const = default;
};

/// Makes a directory and its missing parents (0755, root); an existing one gets the ownership.
struct MakeDirectory {
  std::string path;
  Ownership ownership;
  bool operator==(const MakeDirectory&) const = default;
};

/// Puts a symbolic link to `to` at `path`, replacing what is no directory there.
struct MakeLink {
  std::string path;
  std::string to;
  bool operator==(const MakeLink&) const = default;
};

/// Changes owner, mode or context of what is there.
struct SetOwnership {
  std::string path;
  Ownership ownership;
  bool operator==(const SetOwnership&) const = default;
};

/// Renames inside one directory's file system, with an fsync of the directory.
struct Rename {
  std::string from;
  std::string to;
  bool operator==(const Rename&) const = default;
};

/// Copies a file of the controller to the target like WriteFile: streamed, resumed after a lost
/// connection, accepted only with this SHA-256 (64 hexadecimal digits).
struct PushFile {
  std::string local_path;
  std::string path;
  std::string sha256;
  Ownership ownership;
  bool operator==(const PushFile&) const = default;
};

/// Judges what a command says it would do, from all that it wrote to stdout until it asks: what
/// speaks against it, or nothing.
using Objection = std::optional<base::Diagnostic> (*)(std::string_view output);

/// Runs a command, without a shell, in the target's root.
struct RunCommand {
  std::vector<std::string> argv;
  std::map<std::string, base::Secret> environment;  ///< on top of PATH and LC_ALL=C
  base::Secret input;                               ///< stdin
  std::chrono::seconds timeout{300};
  /// Survives the loss of the connection and is never started twice for the same id; for package
  /// transactions, dracut, image pulls. Holds no secrets: its command line lands in a file.
  bool detached = false;
  std::string id;  ///< of a detached command: run id + step + attempt
  bool needs_network =
      false;  ///< in an image root: whether the network is there (not when offline)
  /// Not over ssh, and not detached: each question of the command ("[y/N]: ") is answered with yes,
  /// or after an objection with no; the objection is then the Error.
  Objection objection = nullptr;
  bool operator==(const RunCommand&) const = default;
};

using Action = std::variant<WriteFile, Remove, MakeDirectory, MakeLink, SetOwnership, Rename,
                            PushFile, RunCommand>;

/// What an action did. Only a RunCommand has a status and output.
struct ActionResult {
  int status = 0;  ///< exit status, 128 + signal, 124 after the timeout
  std::string out;
  std::string err;
  /// A detached command's process or its machine ended before it could leave a status.
  bool interrupted = false;
  bool operator==(const ActionResult&) const = default;
};

/// The action in a few words for plans, logs and errors: "write /etc/sysctl.d/90-kubernetes.conf",
/// "run dracut --force ...". Never shows content, input or environment.
[[nodiscard]] std::string describe(const Action& action);

}  // namespace konvoy::target

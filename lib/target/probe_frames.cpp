#include "target/probe_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "target/action_scripts.hpp"
#include "target/shell_text.hpp"

namespace konvoy::target {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_paths = 1000;  // of one process: far below the kernel's limit
// Reading and digesting: a slow disk with large files.
constexpr milliseconds file_timeout{300'000};

// Puts the words of paths, where they are regular files or not there at all (for the message), into
// the positional parameters, each after $p; a pipe would block, a device never ends.
constexpr std::string_view keep_regular =
    "do if [ -d \"$f\" ]; then printf \" %s: Is a directory\\n\" \"$f\" >&2; "
    "elif [ -e \"$f\" ] && ! [ -f \"$f\" ]; then printf \" %s: Is not a regular file\\n\" \"$f\" "
    ">&2; "
    "else set -- \"$@\" \"$p$f\"; fi; done; ";

std::string stat_script(const std::vector<std::string>& paths, bool follow) {
  // "/" cannot be part of a user's name. The links' targets follow after a NUL, each ended by one.
  ShellWords words;
  const std::string list = words.all(paths);
  const std::string format = "%f/%u/%g/%s/%Y/%Z/%i/%d/%U/%G/";
  std::string script = fmt::format(
      "{}( set -- {}; c=; if [ -d /sys/fs/selinux/booleans ]; then c=%C; fi; "
      "stat {}-c \"{}$c/%n\" -- \"$@\"; ",
      words.assignments(), list, follow ? "-L " : "", format);
  if (!follow) {
    script +=
        "printf \"\\000\"; for f in \"$@\"; do if [ -L \"$f\" ]; then readlink -n -- \"$f\"; "
        "printf \"\\000\"; fi; done; ";
  }
  return script + ")";
}

std::string read_script(const std::vector<std::string>& paths, std::uint64_t limit,
                        const std::string& prefix) {
  ShellWords words;
  const std::string list = words.all(paths);
  return fmt::format("{}( p={}; set --; for f in {}; {}[ $# = 0 ] || head -v -c {} -- \"$@\" )",
                     words.assignments(), prefix, list, keep_regular, limit + 1);
}

std::string digest_script(const std::vector<std::string>& paths) {
  ShellWords words;
  const std::string list = words.all(paths);
  return fmt::format("{}( p=; set --; for f in {}; {}[ $# = 0 ] || sha256sum -- \"$@\" )",
                     words.assignments(), list, keep_regular);
}

std::string list_script(const std::string& path) {
  ShellWords words;
  const std::string word = words(path);
  return fmt::format(
      "{0}( [ -e {1} ] || exit 2; [ -d {1} ] || exit 3; cd {1} 2>/dev/null && [ -r . ] || exit 4; "
      "for f in * .[!.]* ..?*; do if [ -e \"$f\" ] || [ -L \"$f\" ]; then printf \"%s/\" \"$f\"; "
      "fi; done; exit 0 )",
      words.assignments(), word);
}

// Collects the probes that can share a process: same kind, same parameters.
class Batch {
 public:
  void operator()(std::size_t index, const StatProbe& probe) {
    add("stat", probe.path, probe.follow ? 1 : 0, index);
  }
  void operator()(std::size_t index, const ReadProbe& probe) {
    if (probe.offset > 0) {
      read_part(index, probe);
    } else {
      add("read", probe.path, probe.limit, index);
    }
  }
  void operator()(std::size_t index, const DigestProbe& probe) {
    add("digest", probe.path, 0, index);
  }
  void operator()(std::size_t index, const ListProbe& probe) {
    frames.push_back({.frame = {.script = list_script(probe.path)}, .probes = {index}});
  }
  void operator()(std::size_t index, const CommandProbe& probe) {
    auto frame = encode_action(
        RunCommand{.argv = probe.argv, .environment = probe.environment, .timeout = probe.timeout});
    frame.limit = probe.output_limit;
    frames.push_back({.frame = std::move(frame), .probes = {index}});
  }
  void finish() {
    for (auto& [key, group] : groups_) flush(key, group);
  }

  std::vector<ProbeFrame> frames;

 private:
  using Key = std::pair<std::string, std::uint64_t>;  // kind and its parameter
  struct Group {
    std::vector<std::string> paths;
    std::vector<std::size_t> probes;
  };
  void add(const char* kind, const std::string& path, std::uint64_t parameter, std::size_t index) {
    const Key key{kind, parameter};
    if (!is_plain_path(path)) {
      flush(key, Group{{path}, {index}});
      return;
    }
    Group& group = groups_[key];
    group.paths.push_back(path);
    group.probes.push_back(index);
    if (group.paths.size() >= most_paths) {
      flush(key, group);
      group = {};
    }
  }

  // A part from the middle of a file.
  void read_part(std::size_t index, const ReadProbe& probe) {
    ShellWords words;
    const std::string word = words(probe.path);
    const std::string prefix = random_root_spelling();
    frames.push_back(
        {.frame = {.script = fmt::format(
                       "{}( p=; set --; for f in {}; {}[ $# = 0 ] || if [ -e \"$1\" ]; then printf "
                       "\"==> %s <==\\n\" \"{}$1\"; tail -c +{} -- \"$1\" | head -c {}; else "
                       "printf \" %s: No such file or directory\\n\" \"$1\" >&2; fi )",
                       words.assignments(), word, keep_regular, prefix, probe.offset + 1,
                       probe.limit + 1),
                   .timeout = file_timeout,
                   .limit = probe.limit + 65536},
         .probes = {index},
         .path_prefix = prefix});
  }

  void flush(const Key& key, const Group& group) {
    if (group.paths.empty()) return;
    ProbeFrame made{.frame = {.timeout = file_timeout}, .probes = group.probes};
    if (key.first == "stat") {
      made.frame.script = stat_script(group.paths, key.second == 1);
    } else if (key.first == "digest") {
      made.frame.script = digest_script(group.paths);
    } else {
      made.path_prefix = random_root_spelling();
      made.frame.script = read_script(group.paths, key.second, made.path_prefix);
      made.frame.limit = (key.second + 8192) * group.paths.size();
    }
    frames.push_back(std::move(made));
  }

  std::map<Key, Group> groups_;
};

}  // namespace

std::vector<ProbeFrame> encode_probes(std::span<const Probe> probes) {
  Batch batch;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    std::visit([&](const auto& probe) { batch(i, probe); }, probes[i]);
  }
  batch.finish();
  return std::move(batch.frames);
}

std::string random_root_spelling() {
  std::string spelling;
  constexpr std::string_view digits = "0123456789abcdef";
  const std::string random = make_nonce().substr(0, 16);
  for (const char digit : random) {
    for (unsigned bit = 0; bit < 4; ++bit) {
      spelling += ((digits.find(digit) >> bit) & 1U) != 0 ? "/." : "/";
    }
  }
  return spelling;
}

bool is_plain_path(std::string_view path) {
  constexpr std::string_view others = "/._-+=@:,%~";
  return !path.empty() && std::ranges::all_of(path, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

}  // namespace konvoy::target

#include "facts/mounts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

constexpr std::string_view mountinfo = "/proc/self/mountinfo";
constexpr std::string_view fstab = "/etc/fstab";

const std::vector<std::string>& df_command() {
  // Local file systems only: a dead NFS server must not hang the gathering.
  static const std::vector<std::string> argv{"df", "-P", "-B1", "-l"};
  return argv;
}

const std::vector<std::string>& df_boot_command() {
  // Names the two directories: in a chroot the root is no mount point, and df -l does not list it.
  static const std::vector<std::string> argv{"df", "-P", "-B1", "/", "/boot"};
  return argv;
}

// Device numbers (hexadecimal) of every UUID link and block device: the kernel's mountinfo names a
// file system by its device number, which holds whatever name the device was mounted under.
const std::vector<std::string>& device_command() {
  static const std::vector<std::string> argv{
      "sh", "-c",
      "stat -L -c '%t:%T %n' /dev/disk/by-uuid/* /dev/mapper/* /dev/[hsv]d* /dev/xvd* /dev/nvme* "
      "2>/dev/null"};
  return argv;
}

std::vector<target::Probe> probes(bool live) {
  std::vector<target::Probe> all{target::ReadProbe{std::string(fstab)},
                                 target::CommandProbe{df_boot_command()}};
  if (live) {
    all.emplace_back(target::ReadProbe{std::string(mountinfo)});
    all.emplace_back(target::CommandProbe{df_command()});
    all.emplace_back(target::CommandProbe{device_command()});
  }
  return all;
}

// File systems that hold no files of the system.
constexpr std::array pseudo_types{
    "autofs",     "binfmt_misc", "bpf",      "cgroup",   "cgroup2", "configfs",
    "debugfs",    "devpts",      "devtmpfs", "efivarfs", "fusectl", "hugetlbfs",
    "mqueue",     "nsfs",        "proc",     "pstore",   "ramfs",   "rpc_pipefs",
    "securityfs", "selinuxfs",   "sysfs",    "tracefs"};

// A node that runs pods has hundreds of mounts for them.
bool belongs_to_the_system(const MountLine& line) {
  if (std::ranges::find(pseudo_types, line.type) != pseudo_types.end()) return false;
  if (line.type == "overlay") return line.path == "/";
  const bool of_a_pod =
      line.path.starts_with("/var/lib/kubelet/") || line.path.starts_with("/run/");
  return !(of_a_pod && line.type == "tmpfs");
}

struct Devices {
  std::map<std::string, std::string> uuid_of_number;  // "8:1" -> uuid
  std::map<std::string, std::string> number_of_path;  // "/dev/sda1" -> "8:1"

  [[nodiscard]] std::string uuid_of(const MountLine& line) const {
    // Multi-device file systems (btrfs) have a number of their own: go by the device's name.
    const auto number = number_of_path.find(line.source);
    for (const auto& key :
         {line.device_number, number == number_of_path.end() ? std::string() : number->second}) {
      if (const auto found = uuid_of_number.find(key); found != uuid_of_number.end()) {
        return found->second;
      }
    }
    return {};
  }
};

std::optional<std::string> decimal_number(std::string_view hexadecimal) {
  const auto colon = hexadecimal.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  unsigned major = 0;
  unsigned minor = 0;
  std::from_chars(hexadecimal.data(), hexadecimal.data() + colon, major, 16);
  std::from_chars(hexadecimal.data() + colon + 1, hexadecimal.data() + hexadecimal.size(), minor,
                  16);
  return std::to_string(major) + ":" + std::to_string(minor);
}

Devices parse_devices(std::string_view text) {
  constexpr std::string_view by_uuid = "/dev/disk/by-uuid/";
  Devices devices;
  for (const auto& line : base::split_lines(text)) {
    const auto space = line.find(' ');
    if (space == std::string::npos) continue;
    const auto number = decimal_number(line.substr(0, space));
    if (!number) continue;
    const auto path = line.substr(space + 1);
    if (path.starts_with(by_uuid)) {
      devices.uuid_of_number.emplace(*number, path.substr(by_uuid.size()));
    } else {
      devices.number_of_path.emplace(path, *number);
    }
  }
  return devices;
}

void parse_live(const Answers& answers, HostFacts& facts) {
  const auto devices = parse_devices(answers.output(device_command(), true));
  std::map<std::string, Mount> by_path;  // the last mount on a path hides the others
  std::string root_device;
  for (const auto& line : parse_mountinfo(answers.text(mountinfo).value_or(""))) {
    if (!belongs_to_the_system(line)) continue;
    if (line.path == "/") root_device = line.device_number;
    // A bind mount of a directory of the root file system is no file system of its own.
    if (line.path == "/boot" && line.device_number == root_device) continue;
    by_path[line.path] = {
        .device = line.source, .path = line.path, .type = line.type, .uuid = devices.uuid_of(line)};
  }
  const auto root_and_boot = parse_df(answers.output(df_boot_command(), true));
  auto space = parse_df(answers.output(df_command(), true));
  if (!root_and_boot.empty()) {
    by_path.try_emplace("/", Mount{.path = "/"});
    space.push_back(root_and_boot.front());
    space.back().path = "/";
  }
  for (const auto& [path, size, free] : space) {
    const auto found = by_path.find(path);
    if (found == by_path.end()) continue;
    found->second.size_bytes = size;
    found->second.free_bytes = free;
  }
  for (auto& [path, mount] : by_path) facts.mounts.push_back(std::move(mount));
}

void parse(const Answers& answers, HostFacts& facts) {
  if (facts.live) {
    parse_live(answers, facts);
  } else {
    facts.mounts = parse_fstab(answers.text(fstab).value_or(""));
  }
  const auto root_and_boot = parse_df(answers.output(df_boot_command(), true));
  if (!root_and_boot.empty()) facts.boot.free_bytes = root_and_boot.back().free;
}

// "\040" and the like: how the kernel and fstab write white space in a name.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '\\' && i + 3 < text.size() &&
        std::from_chars(&text[i + 1], &text[i] + 4, code, 8).ptr == &text[i] + 4) {
      out += static_cast<char>(code);
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::uint64_t number(const std::string& word) {
  std::uint64_t value = 0;
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

}  // namespace

std::vector<MountLine> parse_mountinfo(std::string_view text) {
  std::vector<MountLine> all;
  for (const auto& line : base::split_lines(text)) {
    const auto words = base::split_words(line);
    const auto dash = std::ranges::find(words, "-");
    if (words.size() < 6 || words.end() - dash < 3) continue;
    all.push_back({.device_number = words[2],
                   .root = unescape(words[3]),
                   .path = unescape(words[4]),
                   .type = dash[1],
                   .source = unescape(dash[2])});
  }
  return all;
}

std::vector<Mount> parse_fstab(std::string_view text) {
  constexpr std::array uuid_prefixes{"UUID=", "/dev/disk/by-uuid/"};
  std::vector<Mount> all;
  for (const auto& line : base::split_lines(text)) {
    const auto words = base::split_words(line);
    if (words.size() < 3 || words[0].starts_with('#')) continue;
    if (words[2] == "swap" || !words[1].starts_with('/')) continue;
    Mount mount{.device = unescape(words[0]), .path = unescape(words[1]), .type = words[2]};
    for (const std::string_view prefix : uuid_prefixes) {
      if (!mount.device.starts_with(prefix)) continue;
      mount.uuid = base::replace_all(mount.device.substr(prefix.size()), "\"", "");
    }
    all.push_back(std::move(mount));
  }
  std::ranges::stable_sort(all, {}, &Mount::path);
  return all;
}

std::vector<Space> parse_df(std::string_view text) {
  std::vector<Space> all;
  for (const auto& line : base::split_lines(text)) {
    const auto words = base::split_words(line);
    // Filesystem 1-blocks Used Available Capacity Mounted on
    if (words.size() < 6 || words[0] == "Filesystem") continue;
    const std::vector<std::string> path(words.begin() + 5, words.end());
    all.push_back({base::join(path, " "), number(words[1]), number(words[3])});
  }
  return all;
}

const Mount* mount_of(const std::vector<Mount>& mounts, std::string_view path) {
  const Mount* best = nullptr;
  for (const auto& mount : mounts) {
    const bool holds = mount.path == "/" || path == mount.path ||
                       (path.starts_with(mount.path) && path[mount.path.size()] == '/');
    if (holds && (best == nullptr || mount.path.size() > best->path.size())) best = &mount;
  }
  return best;
}

Family mount_family() {
  return {.probes = probes, .parse = parse};
}

}  // namespace konvoy::facts

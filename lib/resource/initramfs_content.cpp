#include "resource/initramfs_content.hpp"

#include <fmt/format.h>

namespace konvoy::resource {
namespace {

/// The largest that was seen is 120 MiB (generic, with firmware); more is no initramfs.
constexpr std::uint64_t size_limit = 512U << 20U;
constexpr int not_installed = 127;

std::optional<InitramfsContent> ask_bytes(Inquiry& ask, const std::string& path) {
  const auto* read = ask.read({.path = path, .limit = size_limit});
  if (read == nullptr) return std::nullopt;
  InitramfsContent found{.there = read->content.has_value()};
  if (!found.there) return found;
  if (read->truncated) {
    found.problem = fmt::format("'{}' is larger than any initramfs", path);
    return found;
  }
  auto content = boot::parse_initramfs(*read->content, path);
  if (content) {
    found.content = *std::move(content);
  } else {
    found.problem = content.error().message();
  }
  return found;
}

std::optional<InitramfsContent> ask_lsinitrd(Inquiry& ask, const std::string& path) {
  const auto* stat = ask.stat({.path = path, .follow = true});
  const auto* listing =
      ask.command({.argv = {"lsinitrd", path}, .timeout = std::chrono::seconds(120)});
  if (stat == nullptr || listing == nullptr) return std::nullopt;
  if (listing->status == not_installed) return ask_bytes(ask, path);
  InitramfsContent found{.there = stat->stat.has_value()};
  if (!found.there) return found;
  // Its exit status counts the failures of many small programs: only what it printed tells.
  auto content = boot::parse_lsinitrd(listing->out);
  if (content.names.empty()) {
    found.problem = fmt::format("lsinitrd lists nothing in '{}'", path);
  } else {
    found.content = std::move(content);
  }
  return found;
}

}  // namespace

std::optional<InitramfsContent> ask_initramfs(Inquiry& ask, const facts::HostFacts& facts,
                                              const std::string& path) {
  return facts.live ? ask_lsinitrd(ask, path) : ask_bytes(ask, path);
}

std::string initramfs_path(std::string_view release) {
  return fmt::format("/boot/initramfs-{}.img", release);
}

}  // namespace konvoy::resource

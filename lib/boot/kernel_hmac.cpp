#include "boot/kernel_hmac.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace konvoy::boot {
namespace {

constexpr std::size_t digest_digits = 128;

/// Directory (with its slash, empty when there is none) and name.
std::pair<std::string_view, std::string_view> split_path(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {"", path};
  return {path.substr(0, slash + 1), path.substr(slash + 1)};
}

}  // namespace

std::string kernel_hmac_path(std::string_view image) {
  const auto [directory, name] = split_path(image);
  return fmt::format("{}.{}.hmac", directory, name);
}

base::Result<KernelHmac> parse_kernel_hmac(std::string_view text, std::string_view path) {
  const auto lines = base::split_lines(text);
  const auto words = lines.size() == 1 ? base::split_words(lines[0]) : std::vector<std::string>();
  if (words.size() != 2 || words[0].size() != digest_digits || !base::from_hex(words[0])) {
    return base::Error(
        base::ErrorKind::input,
        fmt::format("'{}' is not one line of 128 hexadecimal digits and a name", path),
        "reinstall the kernel package, which brings this file");
  }
  // sha512hmac -c takes "*name" for a file read as binary.
  std::string_view name = words[1];
  if (name.starts_with('*')) name.remove_prefix(1);
  return KernelHmac{base::to_lower(words[0]), std::string(name)};
}

std::string render_kernel_hmac(std::string_view image, std::string_view digest) {
  return fmt::format("{}  {}\n", digest, split_path(image).second);
}

bool names_image(const KernelHmac& hmac, std::string_view image) {
  return split_path(hmac.path).second == split_path(image).second;
}

bool is_rescue_image(std::string_view image) {
  return split_path(image).second.starts_with("vmlinuz-0-rescue-");
}

}  // namespace konvoy::boot

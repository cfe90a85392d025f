#include "archive/path.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace konvoy::archive {

std::string normalize(std::string_view name) {
  std::string out = name.starts_with('/') ? "/" : "";
  for (const auto& part : base::split(name, '/')) {
    if (part.empty() || part == ".") continue;
    if (!out.empty() && out.back() != '/') out += '/';
    out += part;
  }
  return out;
}

base::Result<std::string> safe_path(std::string_view name) {
  const auto refuse = [&](std::string_view why) {
    return base::Error(base::ErrorKind::input, fmt::format("the archive holds '{}', {}", name, why),
                       "do not trust this archive; ask whoever made it");
  };
  if (name.find('\0') != std::string_view::npos) return refuse("a name with a NUL byte");
  if (name.starts_with('/')) return refuse("an absolute name");
  const auto parts = base::split(name, '/');
  if (std::ranges::find(parts, "..") != parts.end()) return refuse("a name that leads outside");
  return normalize(name);
}

bool link_stays_inside(std::string_view path, std::string_view target) {
  if (target.empty() || target.starts_with('/')) return false;
  auto depth = std::ranges::count(path, '/');
  for (const auto& part : base::split(target, '/')) {
    if (part.empty() || part == ".") continue;
    depth += part == ".." ? -1 : 1;
    if (depth < 0) return false;
  }
  return true;
}

}  // namespace konvoy::archive

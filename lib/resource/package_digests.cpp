#include "resource/package_digests.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

// --nodigest: to look at a package that does not verify is what this is for.
constexpr std::string_view look =
    R"(find "$0" -name '*.rpm' -printf '%T@ %p\n' 2>/dev/null | sort -n | while read -r time file; do
  rpm -qp --nodigest --nosignature --qf '%{NAME} %{SHA256HEADER} %{PAYLOADDIGEST}\n' "$file"
done 2>/dev/null; :)";

constexpr std::string_view none = "(none)";

}  // namespace

bool needs_strong_digests(const facts::HostFacts& facts) {
  return facts.live && facts.fips_enabled.value_or(false) &&
         facts.package_manager == facts::PackageManager::dnf;
}

target::CommandProbe cached_packages() {
  return {.argv = {"/bin/sh", "-c", std::string(look), std::string(package_cache)}};
}

StrongDigests parse_cached_packages(std::string_view output) {
  StrongDigests cached;
  for (const auto& line : base::split_lines(output)) {
    const auto words = base::split_words(line);
    if (words.size() == 3) cached[words[0]] = words[1] != none && words[2] != none;
  }
  return cached;
}

std::vector<std::string> not_cached(const std::vector<std::string>& names,
                                    const StrongDigests& cached) {
  std::vector<std::string> missing;
  for (const auto& name : names) {
    if (!cached.contains(name)) missing.push_back(name);
  }
  return missing;
}

std::optional<Refusal> weak_packages(const std::vector<std::string>& names,
                                     const StrongDigests& cached) {
  std::vector<std::string> weak;
  for (const auto& name : names) {
    const auto found = cached.find(name);
    if (found != cached.end() && !found->second) weak.push_back(name);
  }
  if (weak.empty()) return std::nullopt;
  return refuse(fmt::format("rpm in FIPS mode can't verify {}: no SHA-256 digests of header and "
                            "payload",
                            base::join(weak, ", ")),
                "build them anew with rpm 4.14 or newer, or install them before the machine "
                "is switched to FIPS mode");
}

}  // namespace konvoy::resource

#include "resource/package_digests.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

// {0}: directories, {1}: names of files, in the words of find. The newest file comes last. Of local
// repositories the directory above the first variable is taken: it holds them, too.
// --nodigest: to look at a package that does not verify is what this is for.
constexpr std::string_view look =
    R"({{ find {0} $(grep -hoE 'file:/[^[:space:],$%]*' /etc/yum.repos.d/*.repo /etc/yum/repos.d/*.repo |
  sed 's|^file:/*\(localhost/\)*|/|; /^.$/d' | sort -u) '(' {1} ')' -printf '%T@ %p\0' |
  sort -zn | cut -zd ' ' -f 2- | xargs -0r rpm -qp --nodigest --nosignature --qf '%{{NAME}}-%|EPOCH?{{%{{EPOCH}}:}}|%{{VERSION}}-%{{RELEASE}}.%{{ARCH}} %{{SHA256HEADER}} %{{PAYLOADDIGEST}}\n'
}} 2>/dev/null; :)";

constexpr std::string_view none = "(none)";
// Where dnf says that a package is from which was named by its address. It keeps no copy.
constexpr std::string_view command_line = "@commandline";

// The table of a transaction has no epoch where it is 0.
std::string without_zero_epoch(const std::string& nevra) {
  return base::replace_all(nevra, "-0:", "-");
}

}  // namespace

bool needs_strong_digests(const facts::HostFacts& facts) {
  return facts.live && facts.fips_enabled.value_or(false) &&
         facts.package_manager == facts::PackageManager::dnf;
}

std::optional<std::string> local_directory(std::string_view url) {
  constexpr std::string_view scheme = "file:";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  const auto start = url.find_first_not_of('/');
  return start == std::string_view::npos ? "/" : "/" + std::string(url.substr(start));
}

target::CommandProbe stored_packages(const std::vector<TransactionPackage>& packages,
                                     const std::vector<std::string>& more) {
  std::vector<std::string> places{std::string(package_cache)};
  for (const auto& place : more) places.push_back(base::shell_quote(place));
  std::vector<std::string> names{"-name ''"};  // that no file has: the others may be none
  for (const auto& package : packages) {
    // Some repositories put more before the name.
    names.push_back("-name " + base::shell_quote("*" + package.name + "-*.rpm"));
  }
  return {.argv = {"/bin/sh", "-c",
                   fmt::format(look, base::join(places, " "), base::join(names, " -o "))}};
}

StrongDigests parse_stored_packages(std::string_view output) {
  StrongDigests stored;
  for (const auto& line : base::split_lines(output)) {
    const auto words = base::split_words(line);
    if (words.size() != 3) continue;
    stored[without_zero_epoch(words[0])] = words[1] != none && words[2] != none;
  }
  return stored;
}

bool all_stored(const std::vector<TransactionPackage>& packages, const StrongDigests& stored) {
  return std::ranges::all_of(packages, [&](const auto& package) {
    return package.repository == command_line || stored.contains(package.nevra);
  });
}

std::optional<Refusal> weak_packages(const std::vector<TransactionPackage>& packages,
                                     const StrongDigests& stored) {
  std::vector<TransactionPackage> weak;
  for (const auto& package : packages) {
    const auto found = stored.find(package.nevra);
    if (found != stored.end() && !found->second) weak.push_back(package);
  }
  if (weak.empty()) return std::nullopt;
  return refuse(fmt::format("rpm in FIPS mode can't verify {}: no SHA-256 digests of header and "
                            "payload",
                            names_of(weak)),
                "build them anew with rpm 4.14 or newer (then 'dnf clean packages' on the machine "
                "forgets the old ones), or install them before it is switched to FIPS mode");
}

}  // namespace konvoy::resource

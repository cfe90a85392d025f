#include "boot/crypto_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace konvoy::boot {
namespace {

bool is_policy_char(char c) {
  return c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         (c >= 'a' && c <= 'z');
}

}  // namespace

std::string parse_crypto_policy(std::string_view text) {
  std::string policy;
  for (const auto& line : base::split_lines(text)) {
    const auto word = base::trim(std::string_view(line).substr(0, line.find('#')));
    if (word.empty()) continue;
    if (!policy.empty()) policy += ':';
    policy += word;
  }
  return policy;
}

bool is_fips_policy(std::string_view policy) {
  return policy == "FIPS" || policy.starts_with("FIPS:");
}

base::Result<void> check_fips_policy(std::string_view policy) {
  const auto parts = base::split(policy, ':');
  const bool well_formed = std::ranges::all_of(parts, [](const std::string& part) {
    return !part.empty() && std::ranges::all_of(part, is_policy_char);
  });
  if (well_formed && parts.front() == "FIPS") return {};
  return base::Error(base::ErrorKind::input,
                     fmt::format("'{}' is no crypto policy for FIPS mode", policy),
                     "use 'FIPS', or 'FIPS' with sub-policies as in 'FIPS:OSPP'");
}

std::span<const std::string_view> crypto_policy_back_end_names() {
  static constexpr std::array<std::string_view, 11> names{
      "bind", "gnutls",  "java",          "krb5",    "libreswan", "libssh",
      "nss",  "openssh", "opensshserver", "openssl", "opensslcnf"};
  return names;
}

}  // namespace konvoy::boot

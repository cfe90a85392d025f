#include "openpgp/status.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace konvoy::openpgp {
namespace {

constexpr std::string_view prefix = "[GNUPG:] ";

template <class Integer>
bool parse_number(std::string_view text, Integer& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0;
}

/// Version 4 fingerprints (40 digits); version 3 keys (32, MD5) are not taken.
bool is_fingerprint(std::string_view text) {
  return text.size() == 40 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
         });
}

}  // namespace

std::vector<StatusLine> parse_status(std::string_view text) {
  std::vector<StatusLine> lines;
  for (const std::string& line : base::split_lines(text)) {
    if (!line.starts_with(prefix)) continue;
    std::vector<std::string> words =
        base::split_words(std::string_view(line).substr(prefix.size()));
    if (words.empty()) continue;
    StatusLine status{.keyword = std::move(words.front())};
    words.erase(words.begin());
    status.arguments = std::move(words);
    lines.push_back(std::move(status));
  }
  return lines;
}

// VALIDSIG <fingerprint> <date> <created> <expires> <version> <reserved> <key algorithm>
//          <hash algorithm> <class> [<primary fingerprint>]
std::optional<Signature> parse_valid_signature(const StatusLine& line) {
  const auto& fields = line.arguments;
  if (fields.size() < 10 || !is_fingerprint(fields[0]) || !is_fingerprint(fields[9])) {
    return std::nullopt;
  }
  Signature signature{.fingerprint = fields[0], .primary_fingerprint = fields[9]};
  if (!parse_number(fields[2], signature.created) || !parse_number(fields[3], signature.expires) ||
      !parse_number(fields[6], signature.public_key_algorithm) ||
      !parse_number(fields[7], signature.hash_algorithm)) {
    return std::nullopt;
  }
  if (fields[8] != "00" && fields[8] != "01") return std::nullopt;
  return signature;
}

std::string hash_name(int hash_algorithm) {
  struct Name {
    int id;
    std::string_view name;
  };
  static constexpr std::array<Name, 9> names{{{1, "MD5"},
                                              {2, "SHA-1"},
                                              {3, "RIPEMD-160"},
                                              {8, "SHA-256"},
                                              {9, "SHA-384"},
                                              {10, "SHA-512"},
                                              {11, "SHA-224"},
                                              {12, "SHA3-256"},
                                              {14, "SHA3-512"}}};
  for (const Name& known : names) {
    if (known.id == hash_algorithm) return std::string(known.name);
  }
  return "hash " + std::to_string(hash_algorithm);
}

}  // namespace konvoy::openpgp

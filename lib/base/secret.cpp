#include "base/secret.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>
#include <vector>

namespace konvoy::base {
namespace {

void wipe(std::string& bytes) {
  explicit_bzero(bytes.data(), bytes.size());
  bytes.clear();
}

// "registryAuthToken" and "registry-auth.token" as {"registry", "auth", "token"}.
std::vector<std::string> words_of(std::string_view key) {
  std::vector<std::string> words(1);
  bool lower_before = false;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) == 0) {
      words.emplace_back();
      lower_before = false;
      continue;
    }
    if (std::isupper(byte) != 0 && lower_before) words.emplace_back();
    lower_before = std::islower(byte) != 0;
    words.back() += static_cast<char>(std::tolower(byte));
  }
  std::erase(words, std::string());
  return words;
}

}  // namespace

Secret::Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

Secret& Secret::operator=(const Secret& other) {
  if (this == &other) return *this;
  wipe(bytes_);
  bytes_ = other.bytes_;
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe(bytes_);
  bytes_.swap(other.bytes_);
  return *this;
}

Secret::~Secret() {
  wipe(bytes_);
}

bool names_a_secret(std::string_view key) {
  static constexpr std::array<std::string_view, 12> secret_words = {
      "password", "passwords", "passwd",     "passphrase",  "secret", "secrets",
      "token",    "tokens",    "credential", "credentials", "auth",   "apikey"};
  static constexpr std::array<std::string_view, 5> place_words = {"file", "path", "url", "dir",
                                                                  "method"};
  const auto words = words_of(key);
  if (words.empty() || std::ranges::find(place_words, words.back()) != place_words.end()) {
    return false;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::ranges::find(secret_words, words[i]) != secret_words.end()) return true;
    const bool before_key = i + 1 < words.size() && words[i + 1] == "key";
    if (before_key && (words[i] == "private" || words[i] == "activation")) return true;
  }
  return false;
}

}  // namespace konvoy::base

// A text that must not be seen: it has no stream operator, no formatter and no implicit conversion.
#pragma once

#include <string>
#include <string_view>

namespace konvoy::base {

/// What stands for a secret in everything people or machines read.
inline constexpr std::string_view masked = "***";

/// Owns its bytes and overwrites them when it ends. Call reveal() only where the bytes leave for
/// the one place that needs them (a file descriptor, a header of a request).
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  [[nodiscard]] std::string_view reveal() const { return bytes_; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  bool operator==(const Secret&) const = default;

 private:
  std::string bytes_;
};

/// Whether a variable called `key` holds a secret by its name alone: it has one of the words
/// password, secret, token, credential, private_key or auth in it (also camelCase and dashes);
/// "author" and the like do not count, nor does a name that says where one is kept (`_file`,
/// `_path`, `_url`).
[[nodiscard]] bool names_a_secret(std::string_view key);

}  // namespace konvoy::base

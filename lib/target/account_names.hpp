// Names and numbers of users and groups as a root's own /etc/passwd and /etc/group have them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace konvoy::target {

/// One of the two files: the number is in the third field of both (passwd(5), group(5)).
class AccountNames {
 public:
  AccountNames() = default;
  explicit AccountNames(std::string_view file);

  /// The name of a number, or the number as text.
  [[nodiscard]] std::string name(std::uint32_t number) const;
  /// The number of a name, or of a number as text; nothing for an unknown name.
  [[nodiscard]] std::optional<std::uint32_t> number(std::string_view name) const;

 private:
  std::map<std::uint32_t, std::string> names_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
};

}  // namespace konvoy::target

#include "target/account_names.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace konvoy::target {
namespace {

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

AccountNames::AccountNames(std::string_view file) {
  for (const auto& line : base::split_lines(file)) {
    const auto fields = base::split(line, ':');
    if (fields.size() < 3) continue;
    const auto number = parse_number(fields[2]);
    if (!number) continue;
    names_.emplace(*number, fields[0]);  // the first one counts, as for getpwuid(3)
    numbers_.emplace(fields[0], *number);
  }
}

std::string AccountNames::name(std::uint32_t number) const {
  const auto found = names_.find(number);
  return found == names_.end() ? fmt::format("{}", number) : found->second;
}

std::optional<std::uint32_t> AccountNames::number(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? parse_number(name) : found->second;
}

}  // namespace konvoy::target

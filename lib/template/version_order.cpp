#include "template/version_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace konvoy::templates {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

int sign_of(int order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// Numbers of any length: without leading zeros the longer one is larger.
int order_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return sign_of(a.compare(b));
}

// Digits, lower case letters, and whatever stands between them; dots only separate.
std::vector<std::string> loose_parts(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    if (text[0] == '.') {
      text.remove_prefix(1);
      continue;
    }
    const auto kind = [](char c) { return is_digit(c) ? 0 : is_lower(c) ? 1 : c == '.' ? 2 : 3; };
    std::size_t end = 1;
    while (end < text.size() && kind(text[end]) == kind(text[0])) ++end;
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return parts;
}

Outcome<int> order_loose(std::string_view a, std::string_view b) {
  const auto left = loose_parts(a);
  const auto right = loose_parts(b);
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    const bool number = is_number(left[i]);
    if (number != is_number(right[i])) {
      return misuse(
          fmt::format("'{}' and '{}' cannot be ordered: '{}' meets '{}'", a, b, left[i], right[i]));
    }
    const int order =
        number ? order_numbers(left[i], right[i]) : sign_of(left[i].compare(right[i]));
    if (order != 0) return order;
  }
  return left.size() == right.size() ? 0 : left.size() < right.size() ? -1 : 1;
}

struct StrictVersion {
  std::vector<std::string> numbers;
  char letter = 'z';  // no pre-release: after all of them
  std::string pre_release;
};

std::optional<StrictVersion> parse_strict(std::string_view text) {
  StrictVersion version;
  if (const auto at = text.find_first_of("ab"); at != std::string_view::npos) {
    version.letter = text[at];
    version.pre_release = text.substr(at + 1);
    if (!is_number(version.pre_release)) return {};
    text = text.substr(0, at);
  }
  version.numbers = base::split(text, '.');
  if (version.numbers.size() < 2 || version.numbers.size() > 3) return {};
  if (!std::ranges::all_of(version.numbers, is_number)) return {};
  if (version.numbers.size() == 2) version.numbers.emplace_back("0");
  return version;
}

struct SemanticVersion {
  std::vector<std::string> numbers;
  std::vector<std::string> pre_release;
};

std::optional<SemanticVersion> parse_semantic(std::string_view text) {
  SemanticVersion version;
  text = text.substr(0, text.find('+'));
  if (const auto dash = text.find('-'); dash != std::string_view::npos) {
    version.pre_release = base::split(text.substr(dash + 1), '.');
    if (std::ranges::any_of(version.pre_release, &std::string::empty)) return {};
    text = text.substr(0, dash);
  }
  version.numbers = base::split(text, '.');
  const auto plain = [](const std::string& number) {
    return is_number(number) && (number.size() == 1 || number[0] != '0');
  };
  if (version.numbers.size() != 3 || !std::ranges::all_of(version.numbers, plain)) return {};
  return version;
}

int order_all(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const int order = order_numbers(a[i], b[i]); order != 0) return order;
  }
  return 0;
}

int order_pre_releases(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return a.empty() == b.empty() ? 0 : a.empty() ? 1 : -1;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const bool number_a = is_number(a[i]);
    const bool number_b = is_number(b[i]);
    if (number_a != number_b) return number_a ? -1 : 1;
    const int order = number_a ? order_numbers(a[i], b[i]) : sign_of(a[i].compare(b[i]));
    if (order != 0) return order;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

Failure no_version(std::string_view text, std::string_view scheme) {
  return misuse(fmt::format("'{}' is no {} version", text, scheme));
}

}  // namespace

Outcome<int> order_versions(std::string_view a, std::string_view b, VersionScheme scheme) {
  if (scheme == VersionScheme::loose) return order_loose(a, b);
  if (scheme == VersionScheme::strict) {
    const auto left = parse_strict(a);
    const auto right = parse_strict(b);
    if (!left || !right) return no_version(left ? b : a, "strict");
    if (const int order = order_all(left->numbers, right->numbers); order != 0) return order;
    if (left->letter != right->letter) return left->letter < right->letter ? -1 : 1;
    return order_numbers(left->pre_release, right->pre_release);
  }
  const auto left = parse_semantic(a);
  const auto right = parse_semantic(b);
  if (!left || !right) return no_version(left ? b : a, "semantic");
  if (const int order = order_all(left->numbers, right->numbers); order != 0) return order;
  return order_pre_releases(left->pre_release, right->pre_release);
}

}  // namespace konvoy::templates

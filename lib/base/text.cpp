#include "base/text.hpp"

#include <algorithm>
#include <cctype>
#include <compare>

namespace konvoy::base {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int sign_of(std::strong_ordering order) {
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

// Takes the run of characters that `belongs` accepts off the front of `text`.
template <class Predicate>
std::string_view take_run(std::string_view& text, Predicate belongs) {
  std::size_t length = 0;
  while (length < text.size() && belongs(text[length])) ++length;
  const auto run = text.substr(0, length);
  text.remove_prefix(length);
  return run;
}

int compare_numbers(std::string_view a, std::string_view b) {
  take_run(a, [](char c) { return c == '0'; });
  take_run(b, [](char c) { return c == '0'; });
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return sign_of(a <=> b);
}

// Matches one character against the set that `pattern` starts with; moves `pattern` behind it. A
// set without its "]" is the character "[".
bool matches_set(char c, std::string_view& pattern) {
  const auto end = pattern.find(']', pattern.size() > 1 && pattern[1] == '!' ? 3 : 2);
  if (end == std::string_view::npos) {
    pattern.remove_prefix(1);
    return c == '[';
  }
  auto set = pattern.substr(1, end - 1);
  pattern.remove_prefix(end + 1);
  const bool negated = set.starts_with('!') || set.starts_with('^');
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found = found || (set[i] <= c && c <= set[i + 2]);
      i += 2;
    } else {
      found = found || set[i] == c;
    }
  }
  return found != negated;
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> split_words(std::string_view text) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  std::vector<std::string> words;
  while (true) {
    take_run(text, is_space);
    if (text.empty()) return words;
    words.emplace_back(take_run(text, [&](char c) { return !is_space(c); }));
  }
}

std::vector<std::string> split_lines(std::string_view text) {
  if (text.empty()) return {};
  if (text.ends_with('\n')) text.remove_suffix(1);
  auto lines = split(text, '\n');
  for (auto& line : lines) {
    if (line.ends_with('\r')) line.pop_back();
  }
  return lines;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return out;
}

std::string replace_all(std::string_view text, std::string_view what, std::string_view with) {
  if (what.empty()) return std::string(text);
  std::string out;
  while (true) {
    const auto at = text.find(what);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += with;
    text.remove_prefix(at + what.size());
  }
}

bool matches_glob(std::string_view text, std::string_view pattern) {
  // The usual two-pointer walk: on a mismatch, the last star takes one character more.
  std::string_view star_pattern;
  std::string_view star_text;
  bool starred = false;
  while (true) {
    if (pattern.empty() && text.empty()) return true;
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(1);
      star_pattern = pattern;
      star_text = text;
      starred = true;
      continue;
    }
    if (!pattern.empty() && !text.empty()) {
      auto rest = pattern;
      bool matched = false;
      if (rest.front() == '[') {
        matched = matches_set(text.front(), rest);
      } else {
        matched = rest.front() == '?' || rest.front() == text.front();
        rest.remove_prefix(1);
      }
      if (matched) {
        pattern = rest;
        text.remove_prefix(1);
        continue;
      }
    }
    if (!starred || star_text.empty()) return false;
    star_text.remove_prefix(1);
    text = star_text;
    pattern = star_pattern;
  }
}

int compare_versions(std::string_view a, std::string_view b) {
  const auto separates = [](char c) {
    return !is_digit(c) && !is_letter(c) && c != '~' && c != '^';
  };
  while (true) {
    take_run(a, separates);
    take_run(b, separates);
    for (const char mark : {'~', '^'}) {
      const bool in_a = a.starts_with(mark);
      const bool in_b = b.starts_with(mark);
      if (in_a && in_b) continue;
      // A tilde is older than anything, even the end; a caret is newer than the end only.
      if (in_a) return mark == '~' || !b.empty() ? -1 : 1;
      if (in_b) return mark == '~' || !a.empty() ? 1 : -1;
    }
    if (a.starts_with('~') || a.starts_with('^')) {
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    if (a.empty() || b.empty()) return a.empty() ? (b.empty() ? 0 : -1) : 1;
    const bool numeric = is_digit(a.front());
    // rpm: a number is newer than a word.
    if (numeric != is_digit(b.front())) return numeric ? 1 : -1;
    const auto belongs = numeric ? is_digit : is_letter;
    const auto run_a = take_run(a, belongs);
    const auto run_b = take_run(b, belongs);
    const int order = numeric ? compare_numbers(run_a, run_b) : sign_of(run_a <=> run_b);
    if (order != 0) return order;
  }
}

}  // namespace konvoy::base

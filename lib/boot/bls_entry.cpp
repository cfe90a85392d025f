#include "boot/bls_entry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace konvoy::boot {
namespace {

constexpr std::string_view blanks = " \t";

/// One line "key value" with the place of its value.
struct Line {
  std::string_view key;
  std::string_view value;
  std::size_t value_begin = 0;  ///< offset in the whole text
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto key_begin = std::min(text.find_first_not_of(blanks, begin), end);
    const auto key_end = std::min(text.find_first_of(blanks, key_begin), end);
    const auto value_begin = std::min(text.find_first_not_of(blanks, key_end), end);
    const auto key = text.substr(key_begin, key_end - key_begin);
    if (!key.empty() && !key.starts_with('#')) {
      lines.push_back({key, text.substr(value_begin, end - value_begin), value_begin});
    }
    begin = end + 1;
  }
  return lines;
}

bool is_name_char(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The variable whose reference begins with the '$' at `at`, and where the reference ends.
std::pair<std::string_view, std::size_t> variable_at(std::string_view text, std::size_t at) {
  const bool braces = text.substr(at + 1).starts_with('{');
  const std::size_t begin = at + (braces ? 2 : 1);
  std::size_t end = begin;
  while (end < text.size() && is_name_char(text[end])) ++end;
  const auto name = text.substr(begin, end - begin);
  return {name, braces && end < text.size() && text[end] == '}' ? end + 1 : end};
}

}  // namespace

BlsEntry parse_bls_entry(std::string_view text) {
  BlsEntry entry;
  for (const auto& [key, value, begin] : lines_of(text)) {
    if (key == "title") entry.title = value;
    if (key == "version") entry.version = value;
    if (key == "linux") entry.linux_image = value;
    if (key == "initrd") entry.initrd = value;
    if (key == "options") {
      entry.options =
          entry.options ? *entry.options + " " + std::string(value) : std::string(value);
    }
  }
  return entry;
}

bool uses_variable(std::string_view text, std::string_view name) {
  for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    if (variable_at(text, at).first == name) return true;
  }
  return false;
}

std::string expand_variables(std::string_view text,
                             const std::vector<std::pair<std::string, std::string>>& variables) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      result += text[at++];
      continue;
    }
    const auto [name, end] = variable_at(text, at);
    const auto found = std::ranges::find(variables, name, [](const auto& v) { return v.first; });
    if (found != variables.end()) result += found->second;
    at = std::max(end, at + 1);
  }
  return result;
}

base::Result<std::string> change_bls_entry(std::string_view text, std::string_view path,
                                           const std::vector<ArgumentChange>& changes) {
  auto lines = lines_of(text);
  std::erase_if(lines, [](const Line& line) { return line.key != "options"; });
  if (lines.empty()) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("the boot entry '{}' has no options line", path),
                       "add a line 'options $kernelopts', or remove the entry");
  }
  const bool from_variable = std::ranges::any_of(
      lines, [](const Line& line) { return uses_variable(line.value, "kernelopts"); });
  std::string result(text);
  for (auto it = lines.rbegin(); it != lines.rend(); ++it) {
    // The last line is the one to append to; what stands before it must only not contradict.
    const bool append = !from_variable && it == lines.rbegin();
    auto value = append ? change_arguments(it->value, changes)
                        : drop_conflicting_arguments(it->value, changes);
    // "options" alone: the first argument must not stick to the key.
    const bool sticks = blanks.find(text[it->value_begin - 1]) == std::string_view::npos;
    if (sticks && !value.empty()) value.insert(0, " ");
    result.replace(it->value_begin, it->value.size(), value);
  }
  return result;
}

}  // namespace konvoy::boot

#include "boot/shell_assignment.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace konvoy::boot {
namespace {

constexpr std::string_view blanks = " \t";

/// The length of "  export " in front of a name.
std::size_t indent_length(std::string_view line) {
  auto length = std::min(line.find_first_not_of(blanks), line.size());
  constexpr std::string_view keyword = "export ";
  if (line.substr(length).starts_with(keyword)) length += keyword.size();
  return length;
}

/// The end of the quoted text that begins at 0; npos when the line ends first.
std::size_t closing_quote(std::string_view text, char quote) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      return at;
    }
  }
  return std::string_view::npos;
}

/// Reads value, quote and what is behind from `rest`; a reason when it is more than one word.
std::optional<std::string_view> read_value(std::string_view rest, ShellAssignment& found) {
  std::size_t end = 0;
  if (rest.starts_with('"') || rest.starts_with('\'')) {
    found.quote = rest.front();
    const auto close = closing_quote(rest.substr(1), found.quote);
    if (close == std::string_view::npos) return "its value goes on in the next line";
    found.value = rest.substr(1, close);
    end = close + 2;
  } else {
    end = std::min(rest.find_first_of(" \t;#"), rest.size());
    found.value = rest.substr(0, end);
    if (found.value.find_first_of("\"'`") != std::string_view::npos) {
      return "its value has quotes in the middle";
    }
  }
  found.behind = rest.substr(end);
  if (rest.ends_with('\\')) return "its value goes on in the next line";
  const auto next = found.behind.find_first_not_of(blanks);
  if (next == 0) return "something follows its value without a space";
  if (next != std::string_view::npos && found.behind[next] != '#') {
    return "something other than a comment follows its value";
  }
  return std::nullopt;
}

base::Error not_understood(std::string_view path, std::size_t line, std::string_view name,
                           std::string_view why) {
  return {base::ErrorKind::input,
          fmt::format("{}:{}: {} is not understood: {}", path, line, name, why),
          fmt::format("write it as {}=\"...\" on one line", name)};
}

}  // namespace

base::Result<std::vector<ShellAssignment>> find_assignments(std::string_view text,
                                                            std::string_view name,
                                                            std::string_view path) {
  std::vector<ShellAssignment> all;
  std::size_t number = 1;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    const auto end = std::min(text.find('\n', begin), text.size());
    auto line = text.substr(begin, end - begin);
    ShellAssignment found{.line = number, .begin = begin, .end = end};
    found.indent = line.substr(0, indent_length(line));
    line.remove_prefix(found.indent.size());
    begin = end + 1;
    if (!line.starts_with(name)) continue;
    line.remove_prefix(name.size());
    if (line.starts_with("+=")) return not_understood(path, number, name, "it is added to with +=");
    if (!line.starts_with('=')) continue;
    if (const auto why = read_value(line.substr(1), found)) {
      return not_understood(path, number, name, *why);
    }
    all.push_back(found);
  }
  return all;
}

std::string assign_word(std::string_view text, std::string_view name, std::string_view value) {
  const std::string wanted = fmt::format("{}={}", name, value);
  std::string result;
  bool found = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = text.substr(begin, end - begin);
    auto bare = base::trim(line);
    if (bare.starts_with('#')) bare = base::trim(bare.substr(1));
    const bool ours = bare.starts_with(name) && bare.substr(name.size()).starts_with('=');
    result += ours ? wanted : std::string(line);
    found = found || ours;
    if (end < text.size()) result += '\n';
    begin = end + 1;
  }
  if (found) return result;
  if (!result.empty() && !result.ends_with('\n')) result += '\n';
  return result + wanted + "\n";
}

}  // namespace konvoy::boot

#include "target/shell_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"

namespace konvoy::target {
namespace {

bool printable(char c) {
  return c >= ' ' && c <= '~';
}

// Words that need no quotes, to keep lines short and readable in a trace.
bool plain(std::string_view text) {
  constexpr std::string_view allowed = "_-+=.,:/@%^";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           allowed.find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string printf_format(std::string_view bytes) {
  std::string text = "'";
  text.reserve(bytes.size() + bytes.size() / 8 + 2);
  for (const char c : bytes) {
    if (c == '\n') {
      text += "\\n";
    } else if (c == '%') {
      text += "%%";
    } else if (c == '\\') {
      text += "\\\\";
    } else if (printable(c) && c != '\'') {
      text += c;
    } else {
      text += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
  }
  // "--" is not portable before a format, and a format that begins with "-" looks like an option.
  if (text.starts_with("'-")) text.replace(1, 1, "\\055");
  return text + "'";
}

std::string ShellWords::operator()(std::string_view text) {
  if (plain(text)) return std::string(text);
  if (std::ranges::all_of(text, printable)) return base::shell_quote(text);
  const std::string name = fmt::format("w{}", ++variables_);
  // The x keeps the newlines at the end, which command substitution would drop.
  assignments_ += fmt::format("{0}=$(printf {1}); {0}=${{{0}%x}}; ", name,
                              printf_format(std::string(text) + "x"));
  return fmt::format("\"${}\"", name);
}

std::string ShellWords::all(std::span<const std::string> words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + (*this)(word);
  return line;
}

}  // namespace konvoy::target

#include "boot/grub_cfg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace konvoy::boot {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::array<std::string_view, 3> linux_commands{"linux", "linux16", "linuxefi"};
constexpr std::array<std::string_view, 3> initrd_commands{"initrd", "initrd16", "initrdefi"};
constexpr std::array<std::string_view, 2> fallbacks{"kernelopts", "default_kernelopts"};

struct Line {
  std::string_view text;  ///< without the newline
  std::size_t begin = 0;  ///< offset in the file
  std::size_t number = 0;
  std::string_view command;  ///< its first word
  std::string_view rest;     ///< what follows that word, from the first character that is no blank
};

template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  std::size_t number = 1;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    const auto end = std::min(text.find('\n', begin), text.size());
    Line line{.text = text.substr(begin, end - begin), .begin = begin, .number = number};
    auto rest = line.text;
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    const auto length = std::min(rest.find_first_of(blanks), rest.size());
    line.command = rest.substr(0, length);
    rest.remove_prefix(length);
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    line.rest = rest;
    visit(line);
    begin = end + 1;
  }
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

/// A linux command's image and arguments; the views are into the file.
struct Kernel {
  std::string_view image;
  std::string_view arguments;
};

std::optional<Kernel> kernel_of(const Line& line) {
  if (!is_one_of(line.command, linux_commands)) return std::nullopt;
  const auto length = std::min(line.rest.find_first_of(blanks), line.rest.size());
  Kernel kernel{.image = line.rest.substr(0, length), .arguments = line.rest.substr(length)};
  kernel.arguments.remove_prefix(
      std::min(kernel.arguments.find_first_not_of(blanks), kernel.arguments.size()));
  const auto slash = kernel.image.rfind('/');
  const auto name = slash == std::string_view::npos ? kernel.image : kernel.image.substr(slash + 1);
  if (!name.starts_with("vmlinuz")) return std::nullopt;
  return kernel;
}

/// The value in `set NAME="value"`; a view into the file.
std::optional<std::string_view> set_value(const Line& line, std::string_view name) {
  if (line.command != "set" || !line.rest.starts_with(name)) return std::nullopt;
  auto value = line.rest.substr(name.size());
  if (!value.starts_with("=\"")) return std::nullopt;
  value.remove_prefix(2);
  const auto close = value.rfind('"');
  if (close == std::string_view::npos) return std::nullopt;
  return value.substr(0, close);
}

/// Why the arguments cannot be told from what follows them on the line; empty when they can.
std::string_view not_understood(std::string_view arguments) {
  if (arguments.ends_with('\\')) return "it goes on in the next line";
  bool quoted = false;
  char before = ' ';
  for (const char c : arguments) {
    if (c == '"') quoted = !quoted;
    const bool separator = c == ';' || c == '|' || c == '&' || (c == '}' && before == ' ') ||
                           (c == '#' && before == ' ');
    if (!quoted && separator) return "it shares its line with something else";
    before = c == '\t' ? ' ' : c;
  }
  return {};
}

std::string title_of(const Line& line) {
  const auto open = line.rest.find_first_of("'\"");
  if (open == std::string_view::npos) return std::string(line.rest);
  const auto close = line.rest.find(line.rest[open], open + 1);
  return std::string(line.rest.substr(open + 1, close - open - 1));
}

}  // namespace

std::vector<GrubEntry> parse_grub_entries(std::string_view text) {
  std::vector<GrubEntry> entries;
  std::string title;
  bool in_entry = false;
  for_each_line(text, [&](const Line& line) {
    if (line.command == "menuentry") {
      title = title_of(line);
      in_entry = false;
    } else if (const auto kernel = kernel_of(line)) {
      entries.push_back(
          {title, std::string(kernel->image), std::string(kernel->arguments), "", line.number});
      in_entry = true;
    } else if (in_entry && is_one_of(line.command, initrd_commands)) {
      entries.back().initrd = line.rest;
    }
  });
  return entries;
}

std::optional<std::string> fallback_variable(std::string_view text, std::string_view name) {
  std::optional<std::string> found;
  for_each_line(text, [&](const Line& line) {
    if (const auto value = set_value(line, name)) found = std::string(*value);
  });
  return found;
}

bool reads_bls_entries(std::string_view text) {
  bool found = false;
  for_each_line(text, [&](const Line& line) { found = found || line.command == "blscfg"; });
  return found;
}

base::Result<std::string> change_grub_cfg(std::string_view text, std::string_view path,
                                          const std::vector<ArgumentChange>& changes) {
  std::string result;
  std::size_t copied = 0;
  std::vector<base::Diagnostic> problems;
  const auto change = [&](std::string_view old) {
    const auto at = static_cast<std::size_t>(old.data() - text.data());
    result.append(text.substr(copied, at - copied));
    std::string value = change_arguments(old, changes);
    // "linux /vmlinuz" alone: the first argument must not stick to the path.
    if (old.empty() && at > 0 && blanks.find(text[at - 1]) == std::string_view::npos) result += ' ';
    result += value;
    copied = at + old.size();
  };
  for_each_line(text, [&](const Line& line) {
    if (const auto kernel = kernel_of(line)) {
      const auto why = not_understood(kernel->arguments);
      if (why.empty()) return change(kernel->arguments);
      problems.push_back({.message = fmt::format("{}:{}: the {} command is not understood: {}",
                                                 path, line.number, line.command, why),
                          .hint = "let grub2-mkconfig write the file anew"});
    }
    for (const auto name : fallbacks) {
      const auto value = set_value(line, name);
      // A fallback that only copies another variable holds no arguments.
      if (value && !value->starts_with('$')) change(*value);
    }
  });
  if (!problems.empty()) return base::Error(base::ErrorKind::input, std::move(problems));
  result.append(text.substr(copied));
  return result;
}

}  // namespace konvoy::boot

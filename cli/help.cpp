#include "cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace konvoy::cli {
namespace {

constexpr std::size_t widest = 100;

// `text` in lines of at most `width` characters, the later ones indented.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  for (const auto& word : base::split_words(text)) {
    if (column > indent && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

// Rows of a name and its explanation, the explanations aligned.
std::string table(const std::vector<std::pair<std::string, std::string>>& rows) {
  constexpr std::size_t widest_name = 34;
  std::size_t name_width = 0;
  for (const auto& [name, says] : rows) {
    if (name.size() <= widest_name) name_width = std::max(name_width, name.size());
  }
  const std::size_t indent = name_width + 4;
  std::string out;
  for (const auto& [name, says] : rows) {
    out += "  " + name;
    if (name.size() > name_width) out += "\n" + std::string(indent, ' ');
    else out += std::string(indent - 2 - name.size(), ' ');
    out += wrap(says, indent, widest) + "\n";
  }
  return out;
}

std::string flag_of(const Option& option) {
  std::string out = option.letter != '\0' ? fmt::format("-{}, ", option.letter) : "    ";
  out += "--" + option.name;
  if (option.takes != Takes::nothing) out += " " + option.placeholder;
  return out;
}

std::string help_of(const Option& option) {
  std::string out = option.help;
  if (!option.choices.empty()) out += fmt::format(" ({})", fmt::join(option.choices, "|"));
  if (option.takes == Takes::values) out += "; may be repeated";
  if (!option.fallback.empty()) out += fmt::format(" [{}]", option.fallback);
  return out;
}

std::string option_table(const std::vector<Option>& options) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& option : options) {
    if (!option.hidden) rows.emplace_back(flag_of(option), help_of(option));
  }
  return table(rows);
}

std::string paragraphs(std::string_view text) {
  std::string out;
  std::string paragraph;
  const auto flush = [&] {
    if (!base::trim(paragraph).empty()) out += wrap(paragraph, 0, widest) + "\n\n";
    paragraph.clear();
  };
  for (const auto& line : base::split_lines(text)) {
    if (line.empty()) flush();
    else paragraph += line + "\n";
  }
  flush();
  return out;
}

}  // namespace

std::string render_usage(const Program& program, const Command& command) {
  std::string out = program.name + (command.path.empty() ? "" : " " + command.path);
  for (const auto& positional : command.positionals) {
    const auto name = positional.name + (positional.repeated ? "..." : "");
    out += positional.required ? " " + name : fmt::format(" [{}]", name);
  }
  return out + " [options]";
}

std::string render_overview(const Program& program, std::string_view group) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& command : program.commands) {
    const auto prefix = std::string(group) + (group.empty() ? "" : " ");
    if (command.path.starts_with(prefix)) rows.emplace_back(command.path, command.summary);
  }
  auto out =
      fmt::format("{} {}\n{}\n", program.name, program.version, wrap(program.summary, 0, widest));
  out += fmt::format("\nUsage: {}{}{} COMMAND [options]\n\nCommands:\n", program.name,
                     group.empty() ? "" : " ", group);
  out += table(rows);
  out += "\nOptions of every command:\n" + option_table(program.global_options);
  out += fmt::format("\n'{} help COMMAND' explains one of them.\n", program.name);
  return out;
}

std::string render_help(const Program& program, const Command& command) {
  auto out = fmt::format("Usage: {}\n\n", render_usage(program, command));
  out += paragraphs(command.description.empty() ? command.summary : command.description);
  if (!command.positionals.empty()) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& positional : command.positionals) {
      rows.emplace_back(positional.name, positional.help);
    }
    out += "Arguments:\n" + table(rows) + "\n";
  }
  if (!command.options.empty()) out += "Options:\n" + option_table(command.options) + "\n";
  out += "Options of every command:\n" + option_table(program.global_options);
  if (!program.environment_prefix.empty()) {
    out +=
        fmt::format("\nEach option may also be given as a variable of the environment: {}NAME.\n",
                    program.environment_prefix);
  }
  if (!command.examples.empty()) out += "\nExamples:\n";
  for (const auto& example : command.examples) {
    out += fmt::format("  {}\n      {}\n", example.command, example.says);
  }
  return out;
}

}  // namespace konvoy::cli

#include <fmt/format.h>

#include <string>

#include "base/text.hpp"
#include "cli/help.hpp"

namespace konvoy::cli {
namespace {

// roff reads a leading dot or quote as a request, and a plain dash as a hyphen.
std::string escape(std::string_view text) {
  auto out = base::replace_all(text, "\\", "\\e");
  out = base::replace_all(out, "-", "\\-");
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  for (const auto& line : base::split_lines(text)) {
    out += line.empty() ? ".PP\n" : escape(line) + "\n";
  }
  return out;
}

std::string entry(std::string_view name, std::string_view says) {
  return fmt::format(".TP\n.B {}\n{}\n", escape(name), escape(says));
}

std::string options_section(std::string_view heading, const std::vector<Option>& options) {
  std::string out = fmt::format(".SH {}\n", heading);
  for (const auto& option : options) {
    if (option.hidden) continue;
    auto name = option.letter != '\0' ? fmt::format("-{}, --{}", option.letter, option.name)
                                      : "--" + option.name;
    if (option.takes != Takes::nothing) name += " " + option.placeholder;
    auto says = option.help;
    if (!option.choices.empty()) says += fmt::format(" ({})", fmt::join(option.choices, "|"));
    if (!option.fallback.empty()) says += fmt::format("; {} by default", option.fallback);
    out += entry(name, says);
  }
  return out;
}

std::string header(const Program& program, const std::string& page, std::string_view summary) {
  auto upper = page;
  for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return fmt::format(".TH {} 1 \"\" \"{} {}\"\n.SH NAME\n{} \\- {}\n", upper, program.name,
                     program.version, escape(page), escape(summary));
}

constexpr std::string_view exit_status =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\ndone\n"
    ".TP\n.B 1\na check or a validation failed\n"
    ".TP\n.B 2\nbad usage, input, manifest or signature (plan \\-\\-detailed\\-exitcode: changes)\n"
    ".TP\n.B 3\na run failed\n"
    ".TP\n.B 4\na host was unreachable\n"
    ".TP\n.B 130\ninterrupted\n";

}  // namespace

std::string man_page_name(const Program& program, const Command* command) {
  if (command == nullptr) return program.name;
  return program.name + "-" + base::replace_all(command->path, " ", "-");
}

std::string render_man_page(const Program& program, const Command* command) {
  if (command == nullptr) {
    auto out = header(program, man_page_name(program, nullptr), program.summary);
    out +=
        fmt::format(".SH SYNOPSIS\n.B {}\nCOMMAND [options]\n.SH COMMANDS\n", escape(program.name));
    for (const auto& one : program.commands) out += entry(one.path, one.summary);
    return out + options_section("OPTIONS", program.global_options) + std::string(exit_status);
  }
  auto out = header(program, man_page_name(program, command), command->summary);
  out += fmt::format(
      ".SH SYNOPSIS\n{}\n.SH DESCRIPTION\n{}", escape(render_usage(program, *command)),
      paragraphs(command->description.empty() ? command->summary : command->description));
  for (const auto& positional : command->positionals)
    out += entry(positional.name, positional.help);
  out += options_section("OPTIONS", command->options);
  out += options_section("OPTIONS OF EVERY COMMAND", program.global_options);
  out += exit_status;
  if (!command->examples.empty()) out += ".SH EXAMPLES\n";
  for (const auto& example : command->examples) out += entry(example.command, example.says);
  return out;
}

}  // namespace konvoy::cli

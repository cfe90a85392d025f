#include "cli/run.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

#include "cli/help.hpp"
#include "cli/parse.hpp"
#include "cli/terminal/terminal.hpp"

namespace konvoy::cli {
namespace {

std::optional<std::string> environment(const std::string& name) {
  const char* text = std::getenv(name.c_str());
  if (text == nullptr) return std::nullopt;
  return std::string(text);
}

int fail(Terminal& terminal, const base::Error& error) {
  terminal.report(error.diagnostics);
  return exit_code_of(error.kind);
}

int show_help(const Program& program, const Parsed& parsed, Terminal& terminal) {
  terminal.print(parsed.command != nullptr ? render_help(program, *parsed.command)
                                           : render_overview(program, parsed.help_group));
  return 0;
}

// `help`, `help COMMAND` and `help GROUP` belong to the table itself, not to a command in it.
bool is_help_request(const std::vector<std::string>& arguments) {
  return !arguments.empty() && arguments.front() == "help";
}

base::Result<Parsed> parse_help_request(const Program& program,
                                        const std::vector<std::string>& arguments) {
  std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  rest.emplace_back("--help");
  KONVOY_TRY(auto parsed, parse(program, rest, environment));
  // `help nonsense` must not show the overview as if nothing were wrong.
  if (parsed.command == nullptr && parsed.help_group.empty() && rest.size() > 1) {
    rest.pop_back();
    return parse(program, rest, environment);
  }
  return parsed;
}

// Files are looked for elsewhere when they are not in it: a directory that is misspelt would go by
// without a word.
base::Result<void> check_data_directory(const Invocation& invocation) {
  const auto directory = invocation.value("data-dir");
  std::error_code ignored;
  if (directory.empty() || std::filesystem::is_directory(directory, ignored)) return {};
  return base::Error(base::ErrorKind::usage, fmt::format("there is no directory '{}'", directory),
                     "--data-dir names one with images/ and overrides/ in it");
}

base::Result<Terminal::Settings> settings_for(const Invocation& invocation) {
  KONVOY_CHECK(check_data_directory(invocation));
  auto settings = terminal_settings(invocation.value("color"), stdout, stderr);
  if (invocation.has("verbose")) {
    KONVOY_TRY(const long verbosity, invocation.number("verbose", 0, 6));
    settings.verbosity = static_cast<int>(verbosity);
  }
  settings.strict = invocation.has("strict");
  return settings;
}

}  // namespace

int exit_code_of(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::check: return 1;
    case base::ErrorKind::usage:
    case base::ErrorKind::input: return 2;
    case base::ErrorKind::unreachable: return 4;
    case base::ErrorKind::interrupted: return 130;
    case base::ErrorKind::run:
    case base::ErrorKind::internal: break;
  }
  return 3;
}

std::vector<Option> global_options() {
  return {
      {.name = "verbose",
       .letter = 'v',
       .takes = Takes::value,
       .placeholder = "N",
       .help = "say more, up to 6; -vvv is -v 3"},
      {.name = "color",
       .takes = Takes::value,
       .placeholder = "WHEN",
       .help = "colours on the terminal",
       .choices = {"auto", "always", "never"},
       .fallback = "auto"},
      {.name = "strict", .help = "treat warnings about the configuration as errors"},
      {.name = "data-dir",
       .takes = Takes::value,
       .placeholder = "DIR",
       .help = "images and overrides from DIR instead of those that came with the program"},
      {.name = "help", .letter = 'h', .help = "explain this command"},
  };
}

int run_program(const Program& program, const std::vector<std::string>& arguments) {
  Terminal plain(stdout, stderr, terminal_settings("auto", stdout, stderr));
  auto parsed = is_help_request(arguments) ? parse_help_request(program, arguments)
                                           : parse(program, arguments, environment);
  if (!parsed) return fail(plain, parsed.error());
  if (parsed->wants_version) {
    plain.print(fmt::format("{} {}\n", program.name, program.version));
    return 0;
  }
  if (parsed->wants_help) return show_help(program, *parsed, plain);
  const auto settings = settings_for(parsed->invocation);
  if (!settings) return fail(plain, settings.error());
  Terminal terminal(stdout, stderr, *settings);
  const auto outcome = parsed->command->run(parsed->invocation, terminal);
  terminal.show_status({});
  if (!outcome) return fail(terminal, outcome.error());
  if (!terminal.intact()) {
    return fail(terminal, base::Error(base::ErrorKind::run, "the output could not be written"));
  }
  return *outcome;
}

}  // namespace konvoy::cli

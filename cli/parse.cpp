#include "cli/parse.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <set>

#include "base/suggest.hpp"
#include "base/text.hpp"

namespace konvoy::cli {
namespace {

using base::Error;
using base::ErrorKind;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Writes every form of -v as --verbose=N, which CLI11 cannot express: an optional number that never
// swallows a positional argument.
std::vector<std::string> settle_verbosity(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& word = arguments[i];
    if (word == "--") {
      out.insert(out.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
      break;
    }
    const bool short_form =
        word.size() >= 2 && word[0] == '-' && word.find_first_not_of('v', 1) == std::string::npos;
    if (!short_form && word != "--verbose") {
      out.push_back(word);
      continue;
    }
    const bool alone = word == "-v" || word == "--verbose";
    if (alone && i + 1 < arguments.size() && all_digits(arguments[i + 1])) {
      out.push_back("--verbose=" + arguments[++i]);
    } else {
      out.push_back(fmt::format("--verbose={}", short_form ? word.size() - 1 : 1));
    }
  }
  return out;
}

// The command whose path stands in `arguments` (options may stand between its words), and the rest.
struct Found {
  const Command* command = nullptr;
  std::vector<std::string> rest;
  std::vector<std::string> words;  // of the path, as far as they matched a group
};

bool is_group(const Program& program, const std::string& path) {
  return std::ranges::any_of(program.commands, [&](const Command& command) {
    return command.path.starts_with(path + " ");
  });
}

const Option* option_called(const std::vector<Option>& options, std::string_view word) {
  const auto matches = [&](const Option& option) {
    return word == "--" + option.name ||
           (option.letter != '\0' && word == fmt::format("-{}", option.letter));
  };
  const auto found = std::ranges::find_if(options, matches);
  return found == options.end() ? nullptr : &*found;
}

Found find_command(const Program& program, const std::vector<std::string>& arguments) {
  Found found;
  std::string path;
  bool searching = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& word = arguments[i];
    if (!searching || word.starts_with("-")) {
      found.rest.push_back(word);
      const auto* option = searching ? option_called(program.global_options, word) : nullptr;
      if (option != nullptr && option->takes != Takes::nothing && i + 1 < arguments.size()) {
        found.rest.push_back(arguments[++i]);
      }
      continue;
    }
    std::string longer = path;
    if (!path.empty()) longer += ' ';
    longer += word;
    const auto* command = program.find(longer);
    const bool group = is_group(program, longer);
    if (command == nullptr && !group) {
      searching = false;
      found.rest.push_back(word);
      continue;
    }
    path = longer;
    found.words.push_back(word);
    found.command = command;
    searching = group;
  }
  return found;
}

Error unknown_command(const Program& program, const std::string& group, const std::string& word) {
  std::set<std::string> names;
  for (const auto& command : program.commands) {
    if (group.empty()) names.insert(command.path.substr(0, command.path.find(' ')));
    else if (command.path.starts_with(group + " "))
      names.insert(command.path.substr(group.size() + 1));
  }
  const std::vector<std::string> known(names.begin(), names.end());
  auto hint = base::did_you_mean(word, known);
  if (hint.empty()) hint = fmt::format("'{} help' lists the commands", program.name);
  return {ErrorKind::usage,
          fmt::format("there is no command '{}{}{}'", group, group.empty() ? "" : " ", word), hint};
}

std::string environment_name(const Program& program, const Option& option) {
  auto name = program.environment_prefix + base::replace_all(option.name, "-", "_");
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

// Splits lists and checks choices.
base::Result<std::vector<std::string>> settle(const Option& option,
                                              const std::vector<std::string>& values) {
  std::vector<std::string> out;
  for (const auto& value : values) {
    const bool splits = option.takes == Takes::values && option.splits_commas;
    const auto parts = splits ? base::split(value, ',') : std::vector<std::string>{value};
    out.insert(out.end(), parts.begin(), parts.end());
  }
  if (option.takes == Takes::values && option.splits_commas) std::erase(out, std::string());
  for (const auto& value : out) {
    if (option.choices.empty() ||
        std::ranges::find(option.choices, value) != option.choices.end()) {
      continue;
    }
    auto hint = base::did_you_mean(value, option.choices);
    return Error(
        ErrorKind::usage,
        fmt::format("--{} takes {}, not '{}'", option.name, fmt::join(option.choices, "|"), value),
        std::move(hint));
  }
  return out;
}

// CLI11 wants places to write to that live as long as it does.
struct Bound {
  const Option* option;
  bool flag = false;
  std::vector<std::string> values;
};

class CommandLine {
 public:
  CommandLine(const Program& program, const Command& command) : command_(command) {
    app_.set_help_flag();
    app_.allow_extras(false);
    for (const auto* options : {&command.options, &program.global_options}) {
      for (const auto& option : *options) bind(option);
    }
    app_.add_option("ARGUMENTS", arguments_)->expected(0, -1);
  }

  base::Result<Invocation> parse(std::vector<std::string> arguments) {
    std::ranges::reverse(arguments);  // as CLI11 takes a vector
    try {
      app_.parse(arguments);
    } catch (const CLI::ExtrasError&) {
      return unexpected();
    } catch (const CLI::ParseError& problem) {
      return explain(problem.what());
    }
    return collect();
  }

 private:
  void bind(const Option& option) {
    auto& bound =
        *bound_.emplace_back(std::make_unique<Bound>(Bound{.option = &option, .values = {}}));
    auto names = "--" + option.name;
    if (option.letter != '\0') names = fmt::format("-{},{}", option.letter, names);
    if (option.takes == Takes::nothing) {
      app_.add_flag(names, bound.flag);
      return;
    }
    auto* added = app_.add_option(names, bound.values);
    added->allow_extra_args(false)->expected(1);
    added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  [[nodiscard]] Error unexpected() {
    for (const auto& word : app_.remaining()) {
      if (!word.starts_with("-")) continue;
      std::vector<std::string> known;
      for (const auto& bound : bound_) {
        if (!bound->option->hidden) known.push_back("--" + bound->option->name);
      }
      const auto name = word.substr(0, word.find('='));
      auto hint = base::did_you_mean(name, known);
      if (hint.empty()) hint = fmt::format("'{} --help' lists its options", command_.path);
      return {ErrorKind::usage, fmt::format("'{}' has no option '{}'", command_.path, name), hint};
    }
    return {ErrorKind::internal, "the command line could not be understood"};
  }

  // CLI11's own sentences name the option; ours says what to do.
  [[nodiscard]] Error explain(const std::string& what) const {
    for (const auto& bound : bound_) {
      if (what.find("--" + bound->option->name + ":") == std::string::npos &&
          what.find("--" + bound->option->name + " ") == std::string::npos) {
        continue;
      }
      if (bound->option->takes == Takes::nothing) {
        return {ErrorKind::usage, fmt::format("--{} takes no value", bound->option->name)};
      }
      return {ErrorKind::usage, fmt::format("--{} needs a value {}", bound->option->name,
                                            bound->option->placeholder)};
    }
    return {ErrorKind::usage, base::to_lower(what.substr(0, 1)) + what.substr(1)};
  }

  base::Result<Invocation> collect() {
    Invocation invocation;
    for (const auto& bound : bound_) {
      const auto& option = *bound->option;
      if (bound->flag) invocation.options[option.name] = {};
      if (bound->values.empty()) continue;
      KONVOY_TRY(invocation.options[option.name], settle(option, bound->values));
    }
    KONVOY_CHECK(distribute(invocation));
    return invocation;
  }

  // Gives each positional argument its words, in order; a repeated one takes all that are left.
  base::Result<void> distribute(Invocation& invocation) const {
    std::size_t next = 0;
    for (const auto& positional : command_.positionals) {
      const std::size_t left = arguments_.size() - next;
      if (left == 0 && positional.required) {
        return Error(ErrorKind::usage, fmt::format("'{}' needs {}: {}", command_.path,
                                                   positional.name, positional.help));
      }
      if (left == 0) break;
      const auto first = arguments_.begin() + static_cast<std::ptrdiff_t>(next);
      const std::size_t taken = positional.repeated ? left : 1;
      invocation.positionals[positional.name] = {first, first + static_cast<std::ptrdiff_t>(taken)};
      next += taken;
    }
    if (next == arguments_.size()) return {};
    return Error(ErrorKind::usage, fmt::format("'{}' takes no further argument '{}'", command_.path,
                                               arguments_[next]));
  }

  CLI::App app_;
  const Command& command_;
  std::vector<std::unique_ptr<Bound>> bound_;
  std::vector<std::string> arguments_;
};

// Variables of the environment stand for options that are not on the command line.
base::Result<void> add_environment(const Program& program, const Command& command,
                                   const Environment& environment, Invocation& invocation) {
  for (const auto* options : {&command.options, &program.global_options}) {
    for (const auto& option : *options) {
      if (!option.fallback.empty()) invocation.fallbacks[option.name] = option.fallback;
      if (program.environment_prefix.empty() || invocation.has(option.name)) continue;
      const auto name = environment_name(program, option);
      const auto text = environment(name);
      if (!text || text->empty()) continue;
      if (option.takes == Takes::nothing) {
        if (*text != "0" && *text != "false") invocation.options[option.name] = {};
        continue;
      }
      auto settled = settle(option, {*text});
      if (!settled) return std::move(settled).error().with_note("from the environment, " + name);
      invocation.options[option.name] = std::move(*settled);
    }
  }
  return {};
}

bool asks_for(const std::vector<std::string>& arguments, std::string_view word, char letter) {
  for (const auto& argument : arguments) {
    if (argument == "--") return false;
    if (argument == word || (letter != '\0' && argument == fmt::format("-{}", letter))) return true;
  }
  return false;
}

}  // namespace

base::Result<Parsed> parse(const Program& program, const std::vector<std::string>& arguments,
                           const Environment& environment) {
  const auto found = find_command(program, settle_verbosity(arguments));
  Parsed parsed;
  parsed.command = found.command;
  parsed.help_group = base::join(found.words, " ");
  parsed.wants_help = asks_for(found.rest, "--help", 'h');
  parsed.wants_version = parsed.command == nullptr && asks_for(found.rest, "--version", '\0');
  if (parsed.wants_help || parsed.wants_version) return parsed;
  if (parsed.command == nullptr) {
    const auto first = std::ranges::find_if(
        found.rest, [](const std::string& word) { return !word.starts_with("-"); });
    if (first != found.rest.end()) return unknown_command(program, parsed.help_group, *first);
    parsed.wants_help = true;
    return parsed;
  }
  CommandLine line(program, *parsed.command);
  KONVOY_TRY(parsed.invocation, line.parse(found.rest));
  KONVOY_CHECK(add_environment(program, *parsed.command, environment, parsed.invocation));
  return parsed;
}

}  // namespace konvoy::cli

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/help.hpp"

namespace konvoy::cli {
namespace {

std::vector<Option> options_of(const Program& program, const Command& command) {
  auto all = command.options;
  all.insert(all.end(), program.global_options.begin(), program.global_options.end());
  std::erase_if(all, [](const Option& option) { return option.hidden; });
  return all;
}

std::string words_of(const std::vector<Option>& options) {
  std::string out;
  for (const auto& option : options) out += (out.empty() ? "--" : " --") + option.name;
  return out;
}

std::string command_paths(const Program& program) {
  std::string out;
  for (const auto& command : program.commands) out += "\n    '" + command.path + "'";
  return out;
}

// bash: the longest known path among the words decides which options are offered.
std::string bash_script(const Program& program) {
  const auto function = "_" + base::replace_all(program.name, "-", "_");
  std::string options;
  std::string choices;
  for (const auto& command : program.commands) {
    const auto all = options_of(program, command);
    options += fmt::format("    '{}') options='{}' ;;\n", command.path, words_of(all));
    for (const auto& option : all) {
      if (option.choices.empty()) continue;
      choices += fmt::format("    '{} --{}') choices='{}' ;;\n", command.path, option.name,
                             fmt::join(option.choices, " "));
    }
  }
  return fmt::format(R"(# bash completion of {0}
{1}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local path='' candidate i options='' choices=''
  local -a paths=({2}
  )
  for ((i = 1; i < COMP_CWORD; i++)); do
    candidate="${{path:+$path }}${{COMP_WORDS[i]}}"
    case " ${{paths[*]}} " in *" $candidate "*) path=$candidate ;; esac
  done
  case "$path" in
{3}  esac
  case "$path $before" in
{4}  esac
  if [ -n "$choices" ]; then
    COMPREPLY=($(compgen -W "$choices" -- "$word"))
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    local words=''
    for candidate in "${{paths[@]}}"; do
      case "$candidate" in
        "$path"*) candidate=${{candidate#"$path"}}; candidate=${{candidate# }}; words+=" ${{candidate%% *}}" ;;
      esac
    done
    COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F {1} {0}
)",
                     program.name, function, command_paths(program), options, choices);
}

std::string zsh_script(const Program& program) {
  return fmt::format(
      "#compdef {0}\n# zsh completion of {0}, by way of the bash one\n"
      "autoload -U +X bashcompinit && bashcompinit\n{1}",
      program.name, bash_script(program));
}

std::string fish_condition(const Command& command) {
  std::string out;
  for (const auto& word : base::split_words(command.path)) {
    out += (out.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + word);
  }
  return out;
}

std::string fish_quote(std::string_view text) {
  return "'" + base::replace_all(base::replace_all(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string fish_script(const Program& program) {
  auto out = fmt::format("# fish completion of {}\n", program.name);
  for (const auto& command : program.commands) {
    const auto words = base::split_words(command.path);
    const auto condition = words.size() == 1 ? std::string("__fish_use_subcommand")
                                             : "__fish_seen_subcommand_from " + words.front();
    out += fmt::format("complete -c {} -n {} -a {} -d {}\n", program.name, fish_quote(condition),
                       words.back(), fish_quote(command.summary));
    for (const auto& option : options_of(program, command)) {
      out += fmt::format("complete -c {} -n {} -l {} -d {}", program.name,
                         fish_quote(fish_condition(command)), option.name, fish_quote(option.help));
      if (option.takes != Takes::nothing) out += " -r";
      if (!option.choices.empty()) {
        out += fmt::format(" -a {}", fish_quote(fmt::format("{}", fmt::join(option.choices, " "))));
      }
      out += "\n";
    }
  }
  return out;
}

}  // namespace

std::string render_completion(const Program& program, Shell shell) {
  switch (shell) {
    case Shell::bash: return bash_script(program);
    case Shell::zsh: return zsh_script(program);
    case Shell::fish: break;
  }
  return fish_script(program);
}

}  // namespace konvoy::cli

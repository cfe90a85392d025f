#include "resource/kernel.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "resource/file.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

constexpr std::string_view written_by = "# Written by konvoy-image; changes are replaced.\n";

// The actions of a decision that has come to an end; a Refusal or NeedMore is given back as it is.
std::variant<Actions, Decision> settled(Decision decision) {
  if (auto* actions = std::get_if<Actions>(&decision)) return std::move(*actions);
  return decision;
}

// Values of /proc/sys are separated by tabs, people write blanks.
std::string one_line(std::string_view value) {
  return base::join(base::split_words(value), " ");
}

std::string swap_reason() {
  return "swap is in use";
}

}  // namespace

std::string parameter_path(std::string_view parameter) {
  return "/proc/sys/" + base::replace_all(parameter, ".", "/");
}

Decision decide(const Sysctl& sysctl, const facts::HostFacts& facts, const Observations& seen) {
  auto settings = sysctl.settings;
  Inquiry ask(seen);
  std::vector<PlannedAction> now;
  std::vector<base::Diagnostic> warnings;
  if (facts.live) {
    for (const auto& [name, value] : sysctl.settings) ask.read({.path = parameter_path(name)});
    for (const auto& [name, value] : sysctl.optional_settings) {
      ask.read({.path = parameter_path(name)});
    }
  }
  ask.stat({.path = sysctl.file});
  ask.read({.path = sysctl.file});
  if (auto open = ask.open()) return *std::move(open);
  for (const auto& setting : sysctl.optional_settings) {
    if (!facts.live || ask.read({.path = parameter_path(setting.first)})->content) {
      settings.push_back(setting);
    }
  }
  std::string content(written_by);
  for (const auto& [name, value] : settings) {
    content += fmt::format("{} = {}\n", name, value);
    if (!facts.live) continue;
    const auto& is = ask.read({.path = parameter_path(name)})->content;
    if (!is) {
      warnings.push_back({.severity = base::Severity::warning,
                          .message = fmt::format("the running kernel has no '{}'", name),
                          .hint = "it counts from the next boot on"});
    } else if (one_line(*is) != value) {
      now.push_back({target::RunCommand{.argv = {"sysctl", "-q", "-w", name + "=" + value}},
                     fmt::format("{} is {}, must be {}", name, one_line(*is), value),
                     {}});
    }
  }
  auto file = settled(decide(
      File{.path = sysctl.file, .content = content, .ownership = {.mode = 0644}}, facts, seen));
  if (auto* unfinished = std::get_if<Decision>(&file)) return std::move(*unfinished);
  auto result = std::get<Actions>(std::move(file));
  for (auto& action : now) result.actions.push_back(std::move(action));
  result.warnings = std::move(warnings);
  return result;
}

Decision decide(const KernelModules& modules, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  ask.stat({.path = modules.file});
  ask.read({.path = modules.file});
  if (facts.live) {
    for (const auto& module : modules.modules) ask.stat({.path = "/sys/module/" + module});
  }
  if (auto open = ask.open()) return *std::move(open);
  std::vector<std::string> missing;
  for (const auto& module : modules.modules) {
    if (facts.live && !ask.stat({.path = "/sys/module/" + module})->stat) {
      missing.push_back(module);
    }
  }
  // A module that is built in may have no directory in /sys.
  const auto show = [](const std::string& module) {
    return target::CommandProbe{.argv = {"modprobe", "--show-depends", module}};
  };
  for (const auto& module : missing) ask.command(show(module));
  if (auto open = ask.open()) return *std::move(open);
  std::erase_if(missing, [&](const std::string& module) {
    return ask.command(show(module))->out.find("builtin " + module) != std::string::npos;
  });
  auto file = settled(
      decide(File{.path = modules.file,
                  .content = std::string(written_by) + base::join(modules.modules, "\n") + "\n",
                  .ownership = {.mode = 0644}},
             facts, seen));
  if (auto* unfinished = std::get_if<Decision>(&file)) return std::move(*unfinished);
  auto result = std::get<Actions>(std::move(file));
  for (const auto& module : missing) {
    result.actions.push_back(
        {target::RunCommand{.argv = {"modprobe", module}}, module + " is not loaded", {}});
  }
  return result;
}

std::string without_swap(std::string_view fstab) {
  std::string text;
  for (const auto& line : base::split_lines(fstab)) {
    const auto words = base::split_words(line);
    const bool swap = words.size() > 2 && words[2] == "swap" && !words[0].starts_with('#');
    text += (swap ? "#" : "") + line + "\n";
  }
  return text;
}

Decision decide(const SwapOff& /*swap*/, const facts::HostFacts& facts, const Observations& seen) {
  Inquiry ask(seen);
  const auto* fstab = ask.read({.path = "/etc/fstab"});
  const auto* swaps = facts.live ? ask.read({.path = "/proc/swaps"}) : nullptr;
  if (auto open = ask.open()) return *std::move(open);
  Actions result;
  if (fstab->content) {
    const auto after = without_swap(*fstab->content);
    // Only a line that became a comment counts, not a missing newline at the end.
    if (after.find_first_not_of('\n') != std::string::npos &&
        base::split_lines(after) != base::split_lines(*fstab->content)) {
      auto action = replace_file("/etc/fstab", fstab->content, after);
      action.reason = "has swap";
      result.actions.push_back(std::move(action));
    }
  }
  // The first line of /proc/swaps is a heading.
  if (swaps != nullptr && swaps->content && base::split_lines(*swaps->content).size() > 1) {
    result.actions.push_back({target::RunCommand{.argv = {"swapoff", "-a"}}, swap_reason(), {}});
  }
  return result;
}

Resource as_resource(Sysctl sysctl) {
  auto name = sysctl.file;
  return wrap("sysctl", std::move(name), std::move(sysctl));
}
Resource as_resource(KernelModules modules) {
  auto name = base::join(modules.modules, ", ");
  return wrap("kernel-module", std::move(name), std::move(modules));
}
Resource as_resource(SwapOff swap) {
  return wrap("swap", "off", swap);
}

}  // namespace konvoy::resource

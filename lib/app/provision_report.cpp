#include "app/provision_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace konvoy::app {
namespace {

using execute::HostOutcome;
using execute::HostState;
using execute::StepOutcome;
using execute::StepState;
using value::List;
using value::Map;
using value::Value;

Value count_value(const HostOutcome& host, StepState state) {
  return static_cast<std::int64_t>(host.count(state));
}

// Every action of a step is a change; one that is not known yet is a change, too.
void add_changes(const StepOutcome& step, List& changes) {
  const auto add = [&](const std::string& action, const std::string& because,
                       const std::string& diff) {
    Map change;
    change.set("step", step.step);
    change.set("resource", step.resource);
    change.set("action", action);
    change.set("because", because);
    if (!diff.empty()) change.set("diff", diff);
    changes.emplace_back(std::move(change));
  };
  if (!step.known_after.empty()) add("known after " + step.known_after, step.because, {});
  for (const auto& change : step.changes) add(change.action, change.reason, change.diff);
}

std::string indented(std::string_view text, std::string_view by) {
  std::string result;
  for (const auto& line : base::split_lines(text)) result += fmt::format("{}{}\n", by, line);
  return result;
}

std::string render_step(const StepOutcome& step, bool with_diffs) {
  auto text = fmt::format("  {}  ({})\n", step.step, step.because);
  if (!step.known_after.empty()) {
    return text + fmt::format("      known after {}\n", step.known_after);
  }
  for (const auto& change : step.changes) {
    text += fmt::format("      {}: {}\n", change.action, change.reason);
    if (with_diffs && !change.diff.empty()) text += indented(change.diff, "        ");
  }
  for (const auto& problem : step.problems) {
    text += indented(base::render(problem), "      ");
  }
  return text;
}

// With the notes, where a failed command's own words are.
std::string error_text(const base::Error& error) {
  std::vector<std::string> messages;
  for (const auto& problem : error.diagnostics) {
    messages.push_back(problem.message);
    for (const auto& note : problem.notes) messages.push_back(note.message);
  }
  return base::join(messages, "; ");
}

bool is_bad_input(const HostOutcome& host) {
  return host.error &&
         (host.error->kind == base::ErrorKind::input || host.error->kind == base::ErrorKind::usage);
}

}  // namespace

Value plan_value(const record::Record& record) {
  List hosts;
  for (const auto& one : record.hosts) {
    const auto& outcome = one.outcome;
    Map host;
    host.set("name", outcome.host);
    List changes;
    for (const auto& step : outcome.steps) add_changes(step, changes);
    host.set("changes", std::move(changes));
    host.set("unchanged", count_value(outcome, StepState::unchanged));
    if (outcome.reboot_required) host.set("reboot_required", true);
    if (outcome.error) host.set("error", error_text(*outcome.error));
    hosts.emplace_back(std::move(host));
  }
  Map map;
  map.set("hosts", std::move(hosts));
  return map;
}

std::string render_plan(const record::Record& record, bool with_diffs) {
  std::string text;
  for (const auto& host : record.hosts) {
    const auto& outcome = host.outcome;
    text += outcome.host + "\n";
    for (const auto& step : outcome.steps) {
      if (step.state == StepState::changed || !step.problems.empty()) {
        text += render_step(step, with_diffs);
      }
    }
    if (outcome.error && outcome.failed_step() == nullptr) {
      text += indented(base::render(outcome.error->diagnostics), "  ");
    }
    text += fmt::format("  {} to change, {} unchanged{}\n", outcome.count(StepState::changed),
                        outcome.count(StepState::unchanged),
                        outcome.reboot_required ? ", a reboot is needed" : "");
  }
  return text;
}

Value provision_value(const record::Record& record, const std::string& work_directory) {
  List hosts;
  for (const auto& one : record.hosts) {
    const auto& outcome = one.outcome;
    Map host;
    host.set("name", outcome.host);
    host.set("outcome", name_of(outcome.state));
    host.set("changed", count_value(outcome, StepState::changed));
    host.set("unchanged", count_value(outcome, StepState::unchanged));
    host.set("reboot_required", outcome.reboot_required);
    if (!one.fips.is_null()) host.set("fips", one.fips);
    if (!one.reboot.is_null()) host.set("reboot", one.reboot);
    if (const auto* step = outcome.failed_step()) host.set("failed_step", step->step);
    if (outcome.error) host.set("error", error_text(*outcome.error));
    hosts.emplace_back(std::move(host));
  }
  Map map;
  map.set("hosts", std::move(hosts));
  map.set("work_dir", work_directory);
  map.set("seconds", record.ended - record.started);
  return map;
}

std::string render_summary(const record::Record& record) {
  std::size_t width = 4;
  for (const auto& host : record.hosts) width = std::max(width, host.outcome.host.size());
  auto text = fmt::format("{:{}}  {:11}  {:>7}  {:>9}  {:>7}\n", "HOST", width, "OUTCOME",
                          "CHANGED", "UNCHANGED", "SECONDS");
  for (const auto& host : record.hosts) {
    const auto& outcome = host.outcome;
    text += fmt::format("{:{}}  {:11}  {:>7}  {:>9}  {:>7.1f}{}\n", outcome.host, width,
                        name_of(outcome.state), outcome.count(StepState::changed),
                        outcome.count(StepState::unchanged), outcome.seconds,
                        outcome.reboot_required ? "  reboot needed" : "");
  }
  for (const auto& host : record.hosts) {
    if (!host.outcome.error) continue;
    const auto* step = host.outcome.failed_step();
    text += fmt::format("\n{}{}\n", host.outcome.host, step == nullptr ? "" : ": " + step->step);
    text += indented(base::render(host.outcome.error->diagnostics), "  ");
  }
  return text;
}

int exit_code(const record::Record& record) {
  int code = 0;
  for (const auto& host : record.hosts) {
    const auto state = host.outcome.state;
    if (is_bad_input(host.outcome)) return 2;
    if (state == HostState::failed) code = 3;
    if (state == HostState::interrupted && code != 3) code = 130;
    if (state == HostState::unreachable && code == 0) code = 4;
  }
  return code;
}

int detailed_exit_code(const record::Record& record) {
  if (exit_code(record) != 0) return 1;
  const bool changes = std::ranges::any_of(record.hosts, [](const record::HostRecord& host) {
    return host.outcome.count(StepState::changed) > 0;
  });
  return changes ? 2 : 0;
}

}  // namespace konvoy::app

#include "record/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "json/render.hpp"

namespace konvoy::record {
namespace {

using execute::StepOutcome;
using value::List;
using value::Map;
using value::Value;

Value number(std::size_t count) {
  return static_cast<std::int64_t>(count);
}

// Milliseconds are precise enough, and read well.
Value seconds(double time) {
  return static_cast<double>(static_cast<long>(time * 1000)) / 1000;
}

Value problems_value(const std::vector<base::Diagnostic>& problems) {
  List list;
  for (const auto& problem : problems) {
    Map map;
    map.set("severity", problem.severity == base::Severity::warning ? "warning" : "error");
    map.set("message", problem.message);
    if (!problem.hint.empty()) map.set("hint", problem.hint);
    List notes;
    for (const auto& note : problem.notes) notes.emplace_back(note.message);
    if (!notes.empty()) map.set("notes", std::move(notes));
    list.emplace_back(std::move(map));
  }
  return list;
}

Value step_value(const StepOutcome& step) {
  Map map;
  map.set("step", step.step);
  map.set("resource", step.resource);
  map.set("because", step.because);
  map.set("outcome", name_of(step.state));
  map.set("seconds", seconds(step.seconds));
  map.set("attempts", step.attempts);
  List changes;
  for (const auto& change : step.changes) {
    Map one;
    one.set("action", change.action);
    one.set("reason", change.reason);
    if (!change.diff.empty()) one.set("diff", change.diff);
    changes.emplace_back(std::move(one));
  }
  if (!changes.empty()) map.set("changes", std::move(changes));
  if (!step.problems.empty()) map.set("problems", problems_value(step.problems));
  return map;
}

// What decides about FIPS mode, before and after.
Value facts_value(const std::optional<facts::HostFacts>& facts) {
  if (!facts) return nullptr;
  Map map;
  map.set("distribution", facts->distribution);
  map.set("distribution_version", facts->distribution_version);
  map.set("architecture", facts->architecture);
  map.set("kernel", facts->running_kernel);
  map.set("fips_enabled", facts->fips_enabled ? Value(*facts->fips_enabled) : Value(nullptr));
  map.set("crypto_policy", facts->crypto_policy);
  map.set("kernel_command_line", facts->kernel_command_line);
  return map;
}

// A map with these entries, in this order.
Value map_of(std::initializer_list<std::pair<std::string_view, Value>> entries) {
  Map map;
  for (const auto& [key, value] : entries) map.set(std::string(key), value);
  return map;
}

template <class Item, class Render>
Value list_of(const std::vector<Item>& items, Render render) {
  List list;
  for (const auto& item : items) list.push_back(render(item));
  return list;
}

Value packages_value(std::vector<InstalledPackage> packages) {
  std::ranges::sort(packages, {}, [](const auto& one) { return std::tie(one.name, one.version); });
  return list_of(packages, [](const auto& one) {
    return map_of({{"name", one.name}, {"version", one.version}, {"key_id", one.key_id}});
  });
}

Value executables_value(std::vector<Executable> executables) {
  std::ranges::sort(executables, {}, &Executable::path);
  return list_of(executables, [](const auto& one) {
    return map_of({{"path", one.path}, {"sha256", one.sha256}, {"class", one.verdict}});
  });
}

Value artifacts_value(std::vector<Artifact> artifacts) {
  std::ranges::sort(artifacts, {}, &Artifact::source);
  return list_of(artifacts, [](const auto& one) {
    return map_of(
        {{"source", one.source}, {"sha256", one.sha256}, {"sha256_known", one.sha256_known}});
  });
}

Value host_value(const HostRecord& host) {
  const auto& outcome = host.outcome;
  Map map;
  map.set("name", outcome.host);
  map.set("outcome", name_of(outcome.state));
  map.set("changed", number(outcome.count(execute::StepState::changed)));
  map.set("unchanged", number(outcome.count(execute::StepState::unchanged)));
  map.set("reboot_required", outcome.reboot_required);
  map.set("seconds", seconds(outcome.seconds));
  if (outcome.error) map.set("error", problems_value(outcome.error->diagnostics));
  map.set("configuration_sha256", host.configuration_sha256);
  Map facts;
  facts.set("before", facts_value(host.before));
  facts.set("after", facts_value(host.after));
  map.set("facts", std::move(facts));
  List steps;
  for (const auto& step : outcome.steps) steps.push_back(step_value(step));
  map.set("steps", std::move(steps));
  map.set("artifacts", artifacts_value(host.artifacts));
  map.set("packages", packages_value(host.packages));
  map.set("executables", executables_value(host.executables));
  if (!host.fips.is_null()) map.set("fips", host.fips);
  if (!host.reboot.is_null()) map.set("reboot", host.reboot);
  return map;
}

}  // namespace

std::string render_time(std::int64_t time) {
  const std::time_t whole = time;
  std::tm parts{};
  gmtime_r(&whole, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

Value to_value(const Record& record) {
  Map map;
  map.set("format", "konvoy-image/record");
  map.set("format_version", format_version);
  map.set("tool_version", record.tool_version);
  map.set("run", record.run_id);
  map.set("command", record.command);
  map.set("image", record.image);
  map.set("started", render_time(record.started));
  map.set("ended", render_time(record.ended));
  map.set("user", record.user);
  map.set("machine", record.machine);
  List inputs;
  for (const auto& input : record.inputs) {
    Map one;
    one.set("path", input.path);
    one.set("sha256", input.sha256);
    inputs.emplace_back(std::move(one));
  }
  map.set("inputs", std::move(inputs));
  auto hosts = record.hosts;
  std::ranges::sort(hosts, {}, [](const HostRecord& host) { return host.outcome.host; });
  List list;
  for (const auto& host : hosts) list.push_back(host_value(host));
  map.set("hosts", std::move(list));
  return map;
}

std::string render(const Record& record, const base::Scrubber& scrubber) {
  return scrubber.scrub(json::render(to_value(record)));
}

std::vector<std::string> packages_command() {
  return {"rpm", "-qa", "--qf",
          "%{NAME} %{VERSION}-%{RELEASE}.%{ARCH} "
          "%|RSAHEADER?{%{RSAHEADER:pgpsig}}:{%|DSAHEADER?{%{DSAHEADER:pgpsig}}:"
          "{%|SIGPGP?{%{SIGPGP:pgpsig}}:{}|}|}|\\n"};
}

std::vector<InstalledPackage> parse_packages(std::string_view output) {
  std::vector<InstalledPackage> packages;
  for (const auto& line : base::split_lines(output)) {
    const auto words = base::split_words(line);
    // Public keys that were imported are packages to rpm, too.
    if (words.size() < 2 || words[0] == "gpg-pubkey") continue;
    InstalledPackage package{words[0], words[1], {}};
    // "RSA/SHA256, Mon Nov 1 10:00:00 2021, Key ID 0123456789abcdef"
    if (words.size() > 3 && words[words.size() - 2] == "ID") package.key_id = words.back();
    packages.push_back(std::move(package));
  }
  std::ranges::sort(packages, {}, [](const auto& one) { return std::tie(one.name, one.version); });
  return packages;
}

}  // namespace konvoy::record

#include "resource/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

struct UnitState {
  bool there = false;
  std::string enablement;  // systemctl(1), "is-enabled"
  std::string activity;    // empty where no systemd runs
};

std::string value_of(std::string_view output, std::string_view key) {
  for (const auto& line : base::split_lines(output)) {
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == '=') {
      return line.substr(key.size() + 1);
    }
  }
  return {};
}

// With systemd running one process tells everything.
const target::CommandAnswer* ask_state(Inquiry& ask, const Service& service, bool live) {
  if (!live) return ask.command({.argv = {"systemctl", "is-enabled", service.unit}});
  return ask.command({.argv = {"systemctl", "show", "-p", "LoadState", "-p", "ActiveState", "-p",
                               "UnitFileState", service.unit}});
}

UnitState parse_state(const target::CommandAnswer& answer, bool live) {
  if (!live) {
    const std::string word(base::trim(answer.out));
    return {.there = !word.empty() && word != "not-found", .enablement = word};
  }
  return {.there = value_of(answer.out, "LoadState") != "not-found",
          .enablement = value_of(answer.out, "UnitFileState"),
          .activity = value_of(answer.out, "ActiveState")};
}

bool is_enabled(std::string_view enablement) {
  constexpr std::array<std::string_view, 6> words = {"enabled",  "static",    "alias",
                                                     "indirect", "generated", "enabled-runtime"};
  return std::ranges::find(words, enablement) != words.end();
}

// Started at boot only because it was told to: what "disable" can undo.
bool can_be_disabled(std::string_view enablement) {
  return enablement == "enabled" || enablement == "enabled-runtime";
}

PlannedAction systemctl(std::string_view verb, const std::string& unit, std::string reason) {
  return {
      target::RunCommand{.argv = {"systemctl", std::string(verb), unit}}, std::move(reason), {}};
}

}  // namespace

bool runs_systemd(const facts::HostFacts& facts) {
  return facts.live && facts.init == "systemd";
}

Decision decide(const Service& service, const facts::HostFacts& facts, const Observations& seen) {
  const bool live = runs_systemd(facts);
  Inquiry ask(seen);
  const auto* answer = ask_state(ask, service, live);
  if (auto open = ask.open()) return *std::move(open);
  const bool wanted = service.enabled.value_or(false) || service.running.value_or(false);
  const bool may_be_missing = !wanted || service.only_if_there;
  if (answer->status == 127) {
    if (may_be_missing) return Actions{};
    return refuse(fmt::format("'{}' can't be enabled: there is no systemctl", service.unit));
  }
  const auto state = parse_state(*answer, live);
  if (!state.there) {
    if (may_be_missing) return Actions{};
    return refuse(fmt::format("there is no unit '{}'", service.unit),
                  "the package that brings it is not installed");
  }
  if (wanted && state.enablement == "masked") {
    return refuse(fmt::format("'{}' is masked", service.unit),
                  fmt::format("'systemctl unmask {}' if it may run", service.unit));
  }
  Actions result;
  if (service.enabled == true && !is_enabled(state.enablement)) {
    result.actions.push_back(systemctl("enable", service.unit, "is not enabled"));
  }
  if (service.enabled == false && can_be_disabled(state.enablement)) {
    result.actions.push_back(systemctl("disable", service.unit, "is enabled, must not be"));
  }
  if (!live) return result;
  const bool idle = state.activity == "inactive" || state.activity == "failed";
  if (service.running == true && idle) {
    result.actions.push_back(systemctl("start", service.unit, "is " + state.activity));
  }
  if (service.running == false && !idle) {
    result.actions.push_back(systemctl("stop", service.unit, "is running, must not be"));
  }
  return result;
}

Resource as_resource(Service service) {
  auto name = service.unit;
  return wrap("service", std::move(name), std::move(service));
}

}  // namespace konvoy::resource

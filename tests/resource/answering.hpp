// Observations for tests of resources: a small machine that is only data.
#pragma once

#include <map>
#include <string>

#include "base/text.hpp"
#include "resource/resource.hpp"

namespace konvoy::test {

/// Answers every probe from what a test says is there; what it does not say is not there. A command
/// is found by its words joined by blanks; one that is not given has status 127.
struct Machine {
  std::map<std::string, std::string> files;
  std::map<std::string, target::FileStat> stats;  ///< what differs from a plain file of root
  std::map<std::string, std::vector<std::string>> directories;
  std::map<std::string, target::CommandAnswer> commands;
  std::map<std::string, std::string> digests;
  facts::HostFacts facts;

  [[nodiscard]] target::Observation answer(const target::StatProbe& probe) const {
    if (const auto found = stats.find(probe.path); found != stats.end()) {
      return target::StatAnswer{found->second};
    }
    if (files.contains(probe.path)) {
      return target::StatAnswer{target::FileStat{.mode = 0644, .owner = "root", .group = "root"}};
    }
    if (directories.contains(probe.path)) {
      return target::StatAnswer{target::FileStat{
          .type = target::FileType::directory, .mode = 0755, .owner = "root", .group = "root"}};
    }
    return target::StatAnswer{};
  }
  [[nodiscard]] target::Observation answer(const target::ReadProbe& probe) const {
    const auto found = files.find(probe.path);
    if (found == files.end()) return target::ReadAnswer{};
    return target::ReadAnswer{.content = found->second};
  }
  [[nodiscard]] target::Observation answer(const target::ListProbe& probe) const {
    const auto found = directories.find(probe.path);
    if (found == directories.end()) return target::ListAnswer{};
    return target::ListAnswer{found->second};
  }
  [[nodiscard]] target::Observation answer(const target::DigestProbe& probe) const {
    const auto found = digests.find(probe.path);
    if (found == digests.end()) return target::DigestAnswer{};
    return target::DigestAnswer{.sha256 = found->second};
  }
  [[nodiscard]] target::Observation answer(const target::CommandProbe& probe) const {
    const auto found = commands.find(base::join(probe.argv, " "));
    if (found == commands.end()) return target::CommandAnswer{.status = 127};
    return found->second;
  }

  /// Asks and answers until the resource has decided; at most three rounds, as in a run.
  [[nodiscard]] resource::Decision settle(const resource::Resource& what) const {
    resource::Observations seen;
    auto decision = what.decide(facts, seen);
    for (int round = 0; round < 3; ++round) {
      const auto* more = std::get_if<resource::NeedMore>(&decision);
      if (more == nullptr) break;
      for (const auto& probe : std::vector(more->probes)) {
        seen.add(probe, std::visit([&](const auto& asked) { return answer(asked); }, probe));
      }
      decision = what.decide(facts, seen);
    }
    return decision;
  }
  template <class Kind>
  [[nodiscard]] resource::Decision settle(const Kind& what) const {
    return settle(as_resource(what));
  }
};

/// The decision as text, a line an action: "write /etc/a (content differs)"; "nothing"; "refused:
/// ..."; "open" when three rounds were not enough.
inline std::string shown(const resource::Decision& decision) {
  if (const auto* refusal = std::get_if<resource::Refusal>(&decision)) {
    return "refused: " + refusal->problem.message;
  }
  const auto* actions = std::get_if<resource::Actions>(&decision);
  if (actions == nullptr) return "open";
  std::vector<std::string> lines;
  for (const auto& action : actions->actions) {
    lines.push_back(target::describe(action.action) + " (" + action.reason + ")");
  }
  return lines.empty() ? "nothing" : base::join(lines, "\n");
}

}  // namespace konvoy::test

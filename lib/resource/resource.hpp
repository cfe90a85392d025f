// The contract of every kind of resource: observe, decide, act.
//
// A resource is a plain struct that says what a part of a machine ought to be, with one pure
// function that compares this with what was observed. It never touches a machine itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.hpp"
#include "facts/host_facts.hpp"
#include "target/action.hpp"
#include "target/probe.hpp"

namespace konvoy::resource {

/// Everything observed so far for one resource, looked up by the probe that asked for it.
class Observations {
 public:
  void add(target::Probe probe, target::Observation observation);
  /// The answer to `probe`; null while it was not asked.
  [[nodiscard]] const target::Observation* find(const target::Probe& probe) const;

  /// The answers by kind; null when the probe was not asked or failed.
  [[nodiscard]] const target::StatAnswer* stat(const target::StatProbe& probe) const;
  [[nodiscard]] const target::ReadAnswer* read(const target::ReadProbe& probe) const;
  [[nodiscard]] const target::ListAnswer* list(const target::ListProbe& probe) const;
  [[nodiscard]] const target::DigestAnswer* digest(const target::DigestProbe& probe) const;
  [[nodiscard]] const target::CommandAnswer* command(const target::CommandProbe& probe) const;
  /// The first probe that failed, with its reason.
  [[nodiscard]] std::optional<std::pair<target::Probe, std::string>> failure() const;

 private:
  std::vector<std::pair<target::Probe, target::Observation>> answers_;
};

/// Something more must be known first.
struct NeedMore {
  std::vector<target::Probe> probes;
};

/// One action with the reason that a person reads in the plan ("mode is 0644, must be 0600").
struct PlannedAction {
  target::Action action;
  std::string reason;
  std::string diff;  ///< unified diff of a text file, without secrets; may be empty
};

/// What must be done, in order; none: the resource is as it ought to be. A reboot that is needed
/// before the change counts is said here.
struct Actions {
  std::vector<PlannedAction> actions;
  bool needs_reboot = false;
  std::vector<base::Diagnostic> warnings;
};

/// The resource can't be brought about, and nothing was touched.
struct Refusal {
  base::Diagnostic problem;
};

/// At most three rounds of NeedMore follow one another.
using Decision = std::variant<NeedMore, Actions, Refusal>;

/// Any resource as the planner and the executor see it. `decide` is pure: the same facts and
/// observations give the same decision.
struct Resource {
  std::string kind;  ///< "file", "package": the name in plans and records
  std::string name;  ///< what it is about: "/etc/hosts", "kubelet-1.21.3-0"
  std::function<Decision(const facts::HostFacts&, const Observations&)> decide;
};

}  // namespace konvoy::resource

// How a kind of resource asks: it names all it wants to know, and goes on when everything is there.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// Looks answers up and remembers what is missing.
///
///   Inquiry ask(seen);
///   const auto* stat = ask.stat({.path = path});
///   if (auto open = ask.open()) return *std::move(open);
///   ... stat is not null here
class Inquiry {
 public:
  explicit Inquiry(const Observations& seen) : seen_(&seen) {}

  /// The answer, or null when it is not known yet or the probe failed; see open().
  const target::StatAnswer* stat(target::StatProbe probe);
  const target::ReadAnswer* read(target::ReadProbe probe);
  const target::ListAnswer* list(target::ListProbe probe);
  const target::DigestAnswer* digest(target::DigestProbe probe);
  const target::CommandAnswer* command(target::CommandProbe probe);

  /// NeedMore for what was asked and is not known; a Refusal when a probe failed; nothing when
  /// every question so far has its answer.
  [[nodiscard]] std::optional<Decision> open() const;

 private:
  template <class Answer>
  const Answer* look_up(target::Probe probe);

  const Observations* seen_;
  std::vector<target::Probe> missing_;
  std::optional<base::Diagnostic> failure_;
};

/// What a probe asks, for messages: "read /etc/hosts", "run rpm -q kubelet".
[[nodiscard]] std::string describe(const target::Probe& probe);

/// A Refusal with this message and remedy.
[[nodiscard]] Refusal refuse(std::string message, std::string hint = {});

/// `what` as a Resource: its decide() is found by its type.
template <class Kind>
[[nodiscard]] Resource wrap(std::string kind, std::string name, Kind what) {
  return {std::move(kind), std::move(name),
          [what = std::move(what)](const facts::HostFacts& facts, const Observations& seen) {
            return decide(what, facts, seen);
          }};
}

}  // namespace konvoy::resource

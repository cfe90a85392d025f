// How the fake machine answers each probe and carries out each action.
#pragma once

#include <string>

#include "support/fake_target.hpp"

namespace konvoy::test {

/// One answer a kind of probe.
struct FakeObserver {
  FakeTarget& fake;

  target::Observation operator()(const target::StatProbe& probe) const;
  target::Observation operator()(const target::ReadProbe& probe) const;
  target::Observation operator()(const target::ListProbe& probe) const;
  target::Observation operator()(const target::DigestProbe& probe) const;
  target::Observation operator()(const target::CommandProbe& probe) const;

  /// The node of a regular file, or why there is none: nothing there is no failure.
  struct Regular {
    const FakeTarget::Node* node = nullptr;
    std::optional<target::ProbeFailure> failure;
  };
  [[nodiscard]] Regular regular(const std::string& path) const;
  [[nodiscard]] std::optional<target::ProbeFailure> refusal(const std::string& path) const;
};

/// One change a kind of action.
struct FakePerformer {
  using Outcome = base::Result<target::ActionResult>;
  FakeTarget& fake;

  Outcome operator()(const target::WriteFile& action) const;
  Outcome operator()(const target::Remove& action) const;
  Outcome operator()(const target::MakeDirectory& action) const;
  Outcome operator()(const target::MakeLink& action) const;
  Outcome operator()(const target::SetOwnership& action) const;
  Outcome operator()(const target::Rename& action) const;
  Outcome operator()(const target::PushFile& action) const;
  Outcome operator()(const target::RunCommand& action) const;

  /// Puts a file with the ownership of the one it replaces and what the action asks for.
  [[nodiscard]] Outcome put_file(const std::string& path, std::string content,
                                 const target::Ownership& ownership) const;
  [[nodiscard]] std::optional<base::Error> refusal(const std::string& what,
                                                   const std::string& path) const;
};

}  // namespace konvoy::test

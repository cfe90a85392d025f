// A plan: what a machine ought to be, in order, and why.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/source_span.hpp"
#include "resource/package_set.hpp"
#include "resource/resource.hpp"

namespace konvoy::plan {

/// A value and where in the user's files it comes from.
template <class T>
struct Sourced {
  T value{};
  base::SourceSpan source;  ///< empty: a default that no file gives
  bool operator==(const Sourced&) const = default;
};

/// Why a step is in the plan: a sentence part without full stop, and the setting that asks for it.
struct Because {
  std::string reason;
  base::SourceSpan source;  ///< empty: nothing but our own knowledge asks for it
  bool operator==(const Because&) const = default;
};

/// `id` is unique in a plan and stable from run to run ("kubernetes/packages"); what stands before
/// the slash is the role.
struct Step {
  std::string id;
  resource::Resource resource;
  Because because;
  /// Steps whose change may alter what this one finds: while one of them is not done, a plan shows
  /// this step as "known after STEP".
  std::vector<std::string> after = {};
  /// What `resource` installs, where that is all it does (plan/transactions.hpp).
  std::optional<resource::PackageSet> packages = {};
  /// Asked when the step fails: what it refuses is taken for the reason.
  std::optional<resource::Resource> explanation = {};

  /// "kubernetes": what --only and --skip take.
  [[nodiscard]] std::string role() const { return id.substr(0, id.find('/')); }
};

struct Plan {
  std::vector<Step> steps;  ///< in the order in which they are done

  void add(Step step) { steps.push_back(std::move(step)); }
};

}  // namespace konvoy::plan

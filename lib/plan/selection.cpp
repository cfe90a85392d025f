#include "plan/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/suggest.hpp"

namespace konvoy::plan {
namespace {

bool names(const std::vector<std::string>& list, const Step& step) {
  return std::ranges::any_of(
      list, [&](const std::string& name) { return name == step.id || name == step.role(); });
}

// A problem for each name that is neither a role nor a step.
void check_names(const std::vector<std::string>& asked, const std::vector<std::string>& known,
                 std::string_view option, std::vector<base::Diagnostic>& problems) {
  for (const auto& name : asked) {
    if (std::ranges::find(known, name) != known.end()) continue;
    auto hint = base::did_you_mean(name, known);
    problems.push_back(
        {.message = fmt::format("{}: there is no role or step '{}' in the plan", option, name),
         .hint = hint.empty() ? "'konvoy-image plan' shows the steps" : std::move(hint)});
  }
}

}  // namespace

base::Result<Plan> select(Plan plan, const Selection& selection) {
  std::set<std::string> known_names;
  std::vector<std::string> ids;
  for (const auto& step : plan.steps) {
    known_names.insert({step.id, step.role()});
    ids.push_back(step.id);
  }
  const std::vector<std::string> known(known_names.begin(), known_names.end());
  std::vector<base::Diagnostic> problems;
  check_names(selection.only, known, "--only", problems);
  check_names(selection.skip, known, "--skip", problems);
  if (!selection.start_at.empty()) check_names({selection.start_at}, ids, "--start-at", problems);
  if (!problems.empty()) return base::Error(base::ErrorKind::usage, std::move(problems));

  Plan selected;
  bool started = selection.start_at.empty();
  for (auto& step : plan.steps) {
    started = started || step.id == selection.start_at;
    if (!started || names(selection.skip, step)) continue;
    if (selection.only.empty() || names(selection.only, step)) selected.add(std::move(step));
  }
  return selected;
}

}  // namespace konvoy::plan

#include "resource/pending.hpp"

#include "resource/inquiry.hpp"
#include "resource/service.hpp"

namespace konvoy::resource {
namespace {

constexpr std::string_view pending_directory = "/var/lib/konvoy-image/pending";

}  // namespace

std::string mark_path(const std::string& mark) {
  return std::string(pending_directory) + "/" + mark;
}

Resource with_marks(Resource resource, std::vector<std::string> marks) {
  auto inner = std::move(resource.decide);
  resource.decide = [inner = std::move(inner), marks = std::move(marks)](
                        const facts::HostFacts& facts, const Observations& seen) -> Decision {
    auto decision = inner(facts, seen);
    auto* actions = std::get_if<Actions>(&decision);
    if (actions == nullptr || actions->actions.empty() || !facts.live) return decision;
    std::vector<PlannedAction> all;
    all.push_back(
        {target::MakeDirectory{.path = std::string(pending_directory), .ownership = {.mode = 0755}},
         "what follows is remembered",
         {}});
    for (const auto& mark : marks) {
      all.push_back({target::WriteFile{.path = mark_path(mark), .content = base::Secret("\n")},
                     "what follows is remembered",
                     {}});
    }
    for (auto& action : actions->actions) all.push_back(std::move(action));
    actions->actions = std::move(all);
    return decision;
  };
  return resource;
}

Decision decide(const FollowUp& follow_up, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* stat = ask.stat({.path = mark_path(follow_up.mark)});
  if (auto open = ask.open()) return *std::move(open);
  if (!stat->stat) return Actions{};
  Actions result;
  if (!follow_up.needs_systemd || runs_systemd(facts)) {
    result.actions.push_back(
        {target::RunCommand{.argv = follow_up.argv}, "a change before this asks for it", {}});
  }
  result.actions.push_back({target::Remove{.path = mark_path(follow_up.mark)}, "is done", {}});
  return result;
}

Resource as_resource(FollowUp follow_up) {
  auto name = follow_up.mark;
  return wrap("follow-up", std::move(name), std::move(follow_up));
}

}  // namespace konvoy::resource

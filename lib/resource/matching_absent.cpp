#include "resource/matching_absent.hpp"

#include "base/text.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {

Decision decide(const MatchingAbsent& wanted, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* list = ask.list({.path = wanted.directory});
  if (auto open = ask.open()) return *std::move(open);
  Actions actions;
  if (!list->names) return actions;
  for (const auto& name : *list->names) {
    if (!base::matches_glob(name, wanted.pattern)) continue;
    actions.actions.push_back(
        {.action = target::Remove{.path = wanted.directory + "/" + name, .recursive = true},
         .reason = "must not be in an image"});
  }
  return actions;
}

Resource as_resource(MatchingAbsent wanted) {
  auto name = wanted.directory + "/" + wanted.pattern;
  return wrap("matching absent", std::move(name), std::move(wanted));
}

Decision decide(const Emptied& wanted, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* stat = ask.stat({.path = wanted.path});
  if (auto open = ask.open()) return *std::move(open);
  if (!stat->stat || stat->stat->type != target::FileType::regular || stat->stat->size == 0) {
    return Actions{};
  }
  return Actions{
      {{.action = target::WriteFile{.path = wanted.path}, .reason = "must be empty in an image"}}};
}

Resource as_resource(Emptied wanted) {
  auto name = wanted.path;
  return wrap("emptied file", std::move(name), std::move(wanted));
}

}  // namespace konvoy::resource

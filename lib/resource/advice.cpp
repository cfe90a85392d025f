#include "resource/advice.hpp"

#include "resource/inquiry.hpp"

namespace konvoy::resource {

Decision decide(const Advice& advice, const facts::HostFacts& /*facts*/, const Observations& seen) {
  Inquiry ask(seen);
  const auto* found = ask.stat({.path = advice.path, .follow = true});
  if (auto open = ask.open()) return *std::move(open);
  if (found->stat) return Actions{};
  return Actions{
      .actions = {},
      .warnings = {
          {.severity = base::Severity::warning, .message = advice.message, .hint = advice.hint}}};
}

Resource as_resource(Advice advice) {
  auto name = advice.name;
  return wrap("advice", std::move(name), std::move(advice));
}

}  // namespace konvoy::resource

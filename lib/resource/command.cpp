#include "resource/command.hpp"

#include "resource/inquiry.hpp"

namespace konvoy::resource {

Decision decide(const GuardedCommand& command, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  bool done = false;
  if (!command.creates.empty()) {
    const auto* stat = ask.stat({.path = command.creates});
    done = stat != nullptr && stat->stat.has_value();
  } else {
    const auto* guard = ask.command({.argv = command.unless});
    done = guard != nullptr && guard->status == 0;
  }
  if (auto open = ask.open()) return *std::move(open);
  if (done) return Actions{};
  return Actions{{{command.run, command.reason, {}}}};
}

Resource as_resource(GuardedCommand command) {
  auto name = command.name;
  return wrap("command", std::move(name), std::move(command));
}

}  // namespace konvoy::resource

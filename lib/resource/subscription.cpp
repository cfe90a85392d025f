#include "resource/subscription.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

constexpr auto program = "/usr/sbin/subscription-manager";
// Red Hat's servers take their time when many machines register.
constexpr std::chrono::seconds patience{900};

const target::CommandProbe identity{.argv = {"subscription-manager", "identity"},
                                    .timeout = patience};

target::RunCommand manager(std::vector<std::string> words) {
  words.insert(words.begin(), "subscription-manager");
  return {.argv = std::move(words), .timeout = patience, .needs_network = true};
}

// The interpreter that the first line of the program names, with its options; empty when that is no
// Python.
std::vector<std::string> python_of(std::string_view script) {
  const auto first_line = script.substr(0, script.find('\n'));
  if (!first_line.starts_with("#!")) return {};
  auto words = base::split_words(first_line.substr(2));
  if (words.empty() || words.front().find("python") == std::string::npos) return {};
  return words;
}

target::RunCommand register_command(const Subscription& wanted,
                                    std::vector<std::string> interpreter) {
  interpreter.insert(
      interpreter.end(),
      {"-c", fmt::format("import runpy, sys; sys.argv = ['{0}'] + sys.stdin.read().splitlines(); "
                         "runpy.run_path('{0}', run_name='__main__')",
                         program)});
  std::string words = "register\n";
  for (const auto& argument : wanted.arguments) words += argument + "\n";
  words += fmt::format("{}={}\n", wanted.secret_option, wanted.secret.reveal());
  return {.argv = std::move(interpreter),
          .input = base::Secret(std::move(words)),
          .timeout = patience,
          .needs_network = true};
}

}  // namespace

Decision decide(const Subscription& wanted, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* is = ask.command(identity);
  if (auto open = ask.open()) return *std::move(open);
  if (is->status == 0) return Actions{};
  const auto* script = ask.read({.path = program, .limit = 256});
  if (auto open = ask.open()) return *std::move(open);
  if (is->status == 127 || !script->content) {
    return refuse("the machine can't be registered: there is no subscription-manager",
                  "install it, or give no rhsm_... variables and a repository of your own");
  }
  auto python = python_of(*script->content);
  if (python.empty()) {
    return refuse(
        fmt::format("'{}' is no Python program: it can't be given a secret unseen", program),
        "register the machine yourself before the run");
  }
  Actions result;
  const std::string mark = subscription_mark;
  result.actions = {
      {target::MakeDirectory{.path = mark.substr(0, mark.rfind('/'))},
       "remembers that the registration is ours",
       {}},
      {target::WriteFile{.path = mark}, "remembers that the registration is ours", {}},
      {register_command(wanted, std::move(python)), "is not registered", {}},
  };
  if (!wanted.pool.empty()) {
    result.actions.push_back(
        {manager({"attach", "--pool=" + wanted.pool}), "rhsm_pool_id asks for it", {}});
  }
  result.actions.push_back({manager({"config", "--rhsm.manage_repos=1"}),
                            "its repositories are those of the subscription",
                            {}});
  return result;
}

Decision decide(const SubscriptionGivenBack& /*wanted*/, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* mark = ask.stat({.path = subscription_mark});
  if (auto open = ask.open()) return *std::move(open);
  if (!mark->stat) return Actions{};
  const auto* is = ask.command(identity);
  if (auto open = ask.open()) return *std::move(open);
  Actions result;
  if (is->status == 0) {
    result.actions = {{manager({"unregister"}), "this run registered it", {}},
                      {manager({"clean"}), "what the registration left", {}}};
  }
  result.actions.push_back(
      {target::Remove{.path = subscription_mark}, "there is no registration of ours any more", {}});
  return result;
}

Resource as_resource(Subscription wanted) {
  return wrap("subscription", "Red Hat", std::move(wanted));
}
Resource as_resource(SubscriptionGivenBack wanted) {
  return wrap("subscription", "given back", wanted);
}

}  // namespace konvoy::resource

#include "resource/subscription.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::base::Secret;
using konvoy::target::RunCommand;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const std::string program = "/usr/sbin/subscription-manager";
const std::string identity = "subscription-manager identity";

const Subscription wanted{.arguments = {"--org=42", "--release=8.4"},
                          .secret_option = "--activationkey",
                          .secret = Secret("canary"),
                          .pool = "p1"};

Machine unregistered() {
  Machine machine;
  machine.commands[identity] = {.status = 1, .err = "This system is not yet registered.\n"};
  machine.files[program] = "#!/usr/libexec/platform-python -s\nimport sys\n";
  return machine;
}

}  // namespace

TEST_CASE("a machine that is registered keeps its registration") {
  auto machine = unregistered();
  machine.commands[identity] = {.status = 0};
  CHECK(shown(machine.settle(wanted)) == "nothing");
}

TEST_CASE("the secret goes through stdin alone, and the mark comes first") {
  const auto decision = unregistered().settle(wanted);
  CHECK(shown(decision).find("canary") == std::string::npos);
  const auto& actions = std::get<Actions>(decision).actions;
  REQUIRE(actions.size() == 5);
  CHECK(std::get<konvoy::target::WriteFile>(actions[1].action).path == subscription_mark);
  const auto& run = std::get<RunCommand>(actions[2].action);
  REQUIRE(run.argv.size() == 4);
  CHECK(run.argv[0] == "/usr/libexec/platform-python");
  CHECK(run.argv[1] == "-s");
  CHECK(run.input.reveal() == "register\n--org=42\n--release=8.4\n--activationkey=canary\n");
  CHECK_FALSE(run.detached);
  CHECK(std::get<RunCommand>(actions[3].action).argv ==
        std::vector<std::string>{"subscription-manager", "attach", "--pool=p1"});
}

TEST_CASE("without a subscription-manager that can be told unseen nothing is begun") {
  CHECK(std::holds_alternative<Refusal>(Machine{}.settle(wanted)));
  auto machine = unregistered();
  machine.files[program] = "#!/bin/sh\n";
  const auto decision = machine.settle(wanted);
  REQUIRE(std::holds_alternative<Refusal>(decision));
  CHECK(std::get<Refusal>(decision).problem.message.find("is no Python program") !=
        std::string::npos);
}

TEST_CASE("only what we registered is unregistered") {
  auto machine = unregistered();
  machine.commands[identity] = {.status = 0};
  CHECK(shown(machine.settle(SubscriptionGivenBack{})) == "nothing");
  machine.files[subscription_mark] = "";
  CHECK(shown(machine.settle(SubscriptionGivenBack{})) ==
        "run subscription-manager unregister (this run registered it)\n"
        "run subscription-manager clean (what the registration left)\n"
        "remove /var/lib/konvoy-image/rhsm-registered (there is no registration of ours any more)");
  machine.commands[identity] = {.status = 1};
  CHECK(shown(machine.settle(SubscriptionGivenBack{})) ==
        "remove /var/lib/konvoy-image/rhsm-registered (there is no registration of ours any more)");
}

#include "execute/run_host.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "base/text.hpp"
#include "steps.hpp"
#include "support/fake_target.hpp"
#include "support/still_clock.hpp"

using namespace konvoy::execute;
using konvoy::base::Error;
using konvoy::base::ErrorKind;
using konvoy::base::Event;
using konvoy::plan::Plan;
using konvoy::target::CommandAnswer;
using konvoy::test::command_step;
using konvoy::test::FakeTarget;
using konvoy::test::file_step;
using konvoy::test::StillClock;

namespace {

struct Run {
  FakeTarget machine;
  StillClock clock;
  StopRequest stop;
  std::vector<std::string> events;
  Surroundings around;

  Run() {
    machine.add_directory("/etc");
    around.run_id = "r1";
    around.clock = &clock;
    around.stop = &stop;
    around.events = [this](const Event& event) {
      events.push_back(event.step + ": " + event.detail);
    };
  }
  HostOutcome apply(const Plan& plan) { return apply_host(machine, {}, plan, around); }
};

std::string shown(const HostOutcome& host) {
  std::string text(name_of(host.state));
  for (const auto& step : host.steps) text += fmt::format(" {}={}", step.step, name_of(step.state));
  return text;
}

Plan two_files() {
  return {{file_step("t/a", "/etc/a", "1\n"), file_step("t/b", "/etc/b", "2\n")}};
}

}  // namespace

TEST_CASE("a plan is brought about once") {
  Run run;
  CHECK(shown(run.apply(two_files())) == "ok t/a=changed t/b=changed");
  CHECK(run.machine.content("/etc/b") == "2\n");
  run.machine.observed.clear();
  CHECK(shown(run.apply(two_files())) == "ok t/a=unchanged t/b=unchanged");
  CHECK(run.machine.observed.size() == 1);
  CHECK(run.machine.performed.size() == 2);
}

TEST_CASE("drift is repaired where it is") {
  Run run;
  (void)run.apply(two_files());
  run.machine.add_file("/etc/b", "drift\n");
  const auto host = run.apply(two_files());
  CHECK(shown(host) == "ok t/a=unchanged t/b=changed");
  CHECK(host.steps[1].changes.at(0).diff.find("-drift\n+2\n") != std::string::npos);
}

TEST_CASE("a plan only looks") {
  Run run;
  auto plan = two_files();
  plan.steps[1].after = {"t/a"};
  const auto host = plan_host(run.machine, {}, plan, run.around);
  CHECK(shown(host) == "ok t/a=changed t/b=changed");
  CHECK(host.steps[1].known_after == "t/a");
  CHECK(run.machine.performed.empty());
}

TEST_CASE("the first step that fails ends the run, and says what the command said") {
  Run run;
  run.machine.on_command("broken", CommandAnswer{.status = 3, .err = "no space left\n"});
  const auto host = run.apply({{file_step("t/a", "/etc/a", "1\n"), command_step("t/x", "broken"),
                                file_step("t/b", "/etc/b", "2\n")}});
  CHECK(shown(host) == "failed t/a=changed t/x=failed t/b=skipped");
  REQUIRE(host.error);
  CHECK(host.error->message() == "'run broken' failed with status 3");
  CHECK(host.error->diagnostics[0].notes.at(0).message == "no space left");
  CHECK(host.failed_step()->step == "t/x");
  CHECK(host.count(StepState::skipped) == 1);
}

TEST_CASE("a failing network is tried again with growing pauses") {
  Run run;
  int left = 2;
  run.machine.on_command("fetch", [&](FakeTarget& fake, const auto&) -> CommandAnswer {
    if (left-- > 0) return {.status = 1, .err = "Curl error (7): Failed to connect to a"};
    fake.add_file("/done/fetch", "");
    return {};
  });
  const auto host = run.apply({{command_step("t/x", "fetch")}});
  CHECK(shown(host) == "ok t/x=changed");
  CHECK(host.steps[0].attempts == 3);
  CHECK(run.clock.sleeps == std::vector<long>{2'000, 4'000});
}

TEST_CASE("a network that stays away is given up") {
  Run run;
  run.machine.on_command("fetch", CommandAnswer{.status = 1, .err = "connection timed out"});
  const auto host = run.apply({{command_step("t/x", "fetch")}});
  CHECK(shown(host) == "failed t/x=failed");
  CHECK(host.steps[0].attempts == 6);
}

TEST_CASE("a step that fails is explained, and not tried in vain") {
  Run run;
  run.machine.on_command("fetch", CommandAnswer{.status = 1, .err = "connection timed out"});
  auto step = command_step("t/x", "fetch");
  const auto refuse_when = [](bool refuses) {
    return konvoy::resource::Resource{
        "repository", "answers", [refuses](const auto&, const auto&) -> konvoy::resource::Decision {
          if (!refuses) return konvoy::resource::Actions{};
          return konvoy::resource::Refusal{
              {.message = "the mirror is gone", .hint = "use another"}};
        }};
  };
  SUBCASE("by the reason") {
    step.explanation = refuse_when(true);
    const auto host = run.apply({{step}});
    CHECK(shown(host) == "failed t/x=failed");
    CHECK(host.steps[0].attempts == 1);
    const auto& problem = host.steps[0].problems.at(0);
    CHECK(problem.message == "the mirror is gone");
    CHECK(problem.hint == "use another");
    CHECK(problem.notes.at(0).message == "'run fetch' failed with status 1");
  }
  SUBCASE("where there is one") {
    step.explanation = refuse_when(false);
    CHECK(run.apply({{step}}).steps[0].attempts == 6);
  }
}

TEST_CASE("after a lost connection the step is observed again") {
  Run run;
  const Error lost(ErrorKind::unreachable, "the connection to 'fake' was lost");
  SUBCASE("and goes on") {
    run.machine.fail(lost, 1, 1);
    CHECK(shown(run.apply(two_files())) == "ok t/a=changed t/b=changed");
  }
  SUBCASE("until it is lost for good") {
    run.machine.fail(lost, 1, 100);
    CHECK(shown(run.apply(two_files())) == "unreachable t/a=failed t/b=skipped");
  }
  SUBCASE("a host that never answered is unreachable") {
    run.machine.fail(lost, 0, 100);
    CHECK(shown(run.apply(two_files())) == "unreachable t/a=skipped t/b=skipped");
  }
}

TEST_CASE("packages are looked at until they are as they must be") {
  using namespace konvoy::resource;
  Run run;
  const auto step = [](bool helps) -> konvoy::plan::Step {
    return {.id = "t/x",
            .resource = {"package", "x",
                         [helps](const auto&, const Observations& seen) -> Decision {
                           const konvoy::target::StatProbe probe{.path = "/key"};
                           const auto* stat = seen.stat(probe);
                           if (stat == nullptr) return NeedMore{{probe}};
                           if (stat->stat) return Actions{};
                           const std::string path = helps ? "/key" : "/other";
                           return Actions{{{konvoy::target::MakeDirectory{path, {}}, "", ""}}};
                         }},
            .because = {}};
  };
  CHECK(shown(run.apply({{step(true)}})) == "ok t/x=changed");
  Run other;
  CHECK(shown(other.apply({{step(false)}})) == "failed t/x=failed");
}

TEST_CASE("a request to stop ends the run after the running step") {
  Run run;
  run.machine.on_command("x", [&](FakeTarget&, const auto&) {
    run.stop.ask();
    return CommandAnswer{};
  });
  const auto host = run.apply({{command_step("t/x", "x"), file_step("t/b", "/etc/b", "2\n")}});
  CHECK(shown(host) == "interrupted t/x=changed t/b=skipped");
}

TEST_CASE("a busy package manager is waited for") {
  Run run;
  konvoy::plan::Step install = command_step("t/x", "dnf");
  run.machine.add_file("/var/cache/dnf/metadata_lock.pid", "123\n");
  run.machine.add_file("/proc/123/comm", "dnf-automatic\n");
  SUBCASE("with a visible reason, up to a limit") {
    const auto host = run.apply({{install}});
    CHECK(shown(host) == "failed t/x=failed");
    CHECK(host.error->message() ==
          "the package manager is still in use by dnf-automatic (process 123)");
    CHECK(konvoy::base::join(run.events, "\n")
              .find("t/x: waiting for the package manager: dnf-automatic (process 123)") !=
          std::string::npos);
  }
  SUBCASE("a file that a killed process left holds nothing up") {
    run.machine.add_file("/var/cache/dnf/metadata_lock.pid", "456\n");
    run.machine.on_command("dnf", CommandAnswer{});
    CHECK(shown(run.apply({{install}})) == "ok t/x=changed");
    CHECK(run.clock.sleeps.empty());
  }
}

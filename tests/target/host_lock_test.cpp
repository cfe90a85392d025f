#include "target/host_lock.hpp"

#include <doctest/doctest.h>

#include "support/fake_target.hpp"
#include "support/still_clock.hpp"

using namespace konvoy::target;
using konvoy::base::ErrorKind;
using konvoy::test::FakeTarget;
using konvoy::test::StillClock;

namespace {

// A host that says once "held" by `holder` and then "taken".
struct LockedHost {
  FakeTarget fake{"node-7"};
  int asked = 0;
  explicit LockedHost(const LockHolder& holder) {
    fake.on_command("sh -c *", [this, holder](FakeTarget&, const RunCommand&) {
      return asked++ == 0 ? CommandAnswer{.out = "held\n" + render(holder) + "\n"}
                          : CommandAnswer{.out = "taken\n"};
    });
  }
};

konvoy::base::Result<void> lock(Target& target, const std::string& run) {
  StillClock clock;
  return lock_host(target, this_process(run), {.clock = &clock});
}

}  // namespace

TEST_CASE("a holder is one line and back") {
  const LockHolder holder{"run-1", "host/boot", "12/345"};
  CHECK(render(holder) == "run=run-1 controller=host/boot process=12/345");
  CHECK(parse_lock_holder(render(holder)) == holder);
  CHECK(parse_lock_holder("nonsense") == LockHolder{});
}

TEST_CASE("someone else's lock is respected and its holder is named") {
  LockedHost host({"run-1", "elsewhere/boot", "12/345"});
  const auto locked = lock(host.fake, "run-2");
  REQUIRE_FALSE(locked);
  CHECK(locked.error().kind == ErrorKind::run);
  CHECK(locked.error().message() == "'node-7' is locked by run 'run-1' of elsewhere (process 12)");
  CHECK(host.asked == 1);
}

TEST_CASE("the lock of a living process of this machine is respected, that of a dead one taken") {
  LockedHost living(this_process("run-1"));
  CHECK_FALSE(lock(living.fake, "run-2"));

  LockHolder dead = this_process("run-1");
  dead.process = "1/not-its-start";
  LockedHost gone(dead);
  CHECK(lock(gone.fake, "run-2"));
  CHECK(gone.asked == 2);

  LockHolder rebooted = this_process("run-1");
  rebooted.controller += "-earlier";
  LockedHost before_boot(rebooted);
  CHECK(lock(before_boot.fake, "run-2"));
}

TEST_CASE("a host that cannot be locked says why") {
  FakeTarget fake("node-7");
  fake.on_command("sh -c *", {.status = 1, .err = "mkdir: x: Read-only file system\n"});
  CHECK(lock(fake, "r").error().message() == "cannot lock 'node-7': read-only file system");
}

TEST_CASE("what a run that is gone left running is waited for, which is told once") {
  LockHolder dead = this_process("run-1");
  dead.process = "1/not-its-start";
  std::vector<std::string> answers = {"held\n" + render(dead) + "\n", "busy\n", "busy\n",
                                      "taken\n"};
  FakeTarget fake("node-7");
  fake.on_command("sh -c *", [&](FakeTarget&, const RunCommand&) {
    const auto answer = answers.front();
    answers.erase(answers.begin());
    return CommandAnswer{.out = answer};
  });
  StillClock clock;
  std::vector<std::string> told;
  const LockWait wait{.clock = &clock, .events = [&](const konvoy::base::Event& event) {
                        told.push_back(event.detail);
                      }};
  CHECK(lock_host(fake, this_process("run-2"), wait));
  CHECK(clock.sleeps == std::vector<long>{1'000, 1'000});
  CHECK(told ==
        std::vector<std::string>{"waiting for what run 'run-1' left running when it was ended"});
}

TEST_CASE("waiting for a lock can be ended") {
  LockHolder dead = this_process("run-1");
  dead.process = "1/not-its-start";
  FakeTarget fake("node-7");
  int asked = 0;
  fake.on_command("sh -c *", [&](FakeTarget&, const RunCommand&) {
    return CommandAnswer{.out = asked++ == 0 ? "held\n" + render(dead) + "\n" : "busy\n"};
  });
  StillClock clock;
  const auto locked =
      lock_host(fake, this_process("run-2"),
                {.clock = &clock, .ended = [&] { return clock.sleeps.size() == 3; }});
  REQUIRE_FALSE(locked);
  CHECK(locked.error().kind == ErrorKind::interrupted);
}

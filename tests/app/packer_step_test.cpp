#include "app/packer_step.hpp"

#include <doctest/doctest.h>

#include "support/fake_target.hpp"
#include "support/still_clock.hpp"

using namespace konvoy;

namespace {

/// This machine, to which the port of another stays open while the clock has slept less than that.
class Neighbour final : public test::FakeTarget {
 public:
  Neighbour(const test::StillClock& clock, std::size_t off_after)
      : clock_(&clock), off_after_(off_after) {
    on_connect({.host = "10.0.0.7", .port = 22}, "");
  }
  base::Result<std::unique_ptr<target::Stream>> connect(const target::Address& address) override {
    if (clock_->sleeps.size() < off_after_) return FakeTarget::connect(address);
    return base::Error(base::ErrorKind::check, "connection refused");
  }

 private:
  const test::StillClock* clock_;
  std::size_t off_after_;
};

/// An instance that is told to power off, and is off after so many looks.
struct World {
  test::StillClock clock;
  test::FakeTarget instance;
  app::ChosenHost host;
  app::ProvisionServices services;

  explicit World(std::size_t off_after) {
    host.host.name = "instance";
    host.host.connection.address = "10.0.0.7";
    instance.on_command("systemctl --force poweroff", {});
    services.clock = &clock;
    services.open =
        [this,
         off_after](const app::ChosenHost& asked) -> base::Result<std::unique_ptr<target::Target>> {
      CHECK(asked.host.connection.local);
      return std::make_unique<Neighbour>(clock, off_after);
    };
  }
  base::Result<void> power_off() { return app::power_off(instance, host, services); }
};

}  // namespace

TEST_CASE("an instance counts as off when its port is closed") {
  World world(3);
  CHECK(world.power_off().ok());
  CHECK(world.clock.sleeps.size() == 3);
  CHECK(world.instance.performed_text() ==
        std::vector<std::string>{"run systemctl --force poweroff"});
}

TEST_CASE("that the connection ends with the instance is no failure") {
  World world(1);
  world.instance.fail(base::Error(base::ErrorKind::unreachable, "the connection was closed"));
  CHECK(world.power_off().ok());
}

TEST_CASE("an instance that stays on is an error") {
  World world(1'000'000);
  const auto done = world.power_off();
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().kind == base::ErrorKind::run);
  CHECK(done.error().message() == "the instance did not power off within 300 s");
}

TEST_CASE("an instance that refuses to power off is an error at once") {
  World world(1'000'000);
  world.instance.on_command("systemctl --force poweroff", {.status = 1, .err = "Access denied\n"});
  const auto done = world.power_off();
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().message() == "the instance can't be powered off: Access denied");
  CHECK(world.clock.sleeps.empty());
}

TEST_CASE("an instance whose port can't be seen is not told to power off") {
  World world(0);
  CHECK_FALSE(world.power_off().ok());
  CHECK(world.instance.performed.empty());
}

TEST_CASE("waiting for an instance to be off can be ended") {
  World world(1'000'000);
  execute::StopRequest stop;
  stop.ask();
  stop.ask();
  world.services.stop = &stop;
  const auto done = world.power_off();
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().kind == base::ErrorKind::interrupted);
}

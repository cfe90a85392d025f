#include "app/packer_step.hpp"

#include <doctest/doctest.h>

#include "support/fake_target.hpp"

using namespace konvoy;

namespace {

/// Time that passes only while somebody sleeps; tells after how many sleeps something happens.
class FakeClock final : public system::Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return {}; }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return now_; }
  void sleep(std::chrono::milliseconds time) override {
    now_ += time;
    ++sleeps;
  }

  int sleeps = 0;

 private:
  std::chrono::steady_clock::time_point now_;
};

/// This machine, to which the port of another stays open while the clock has slept less than that.
class Neighbour final : public test::FakeTarget {
 public:
  Neighbour(const FakeClock& clock, int off_after) : clock_(&clock), off_after_(off_after) {
    on_connect({.host = "10.0.0.7", .port = 22}, "");
  }
  base::Result<std::unique_ptr<target::Stream>> connect(const target::Address& address) override {
    if (clock_->sleeps < off_after_) return FakeTarget::connect(address);
    return base::Error(base::ErrorKind::check, "connection refused");
  }

 private:
  const FakeClock* clock_;
  int off_after_;
};

/// An instance that is told to power off, and is off after so many looks.
struct World {
  FakeClock clock;
  test::FakeTarget instance;
  app::ChosenHost host;
  app::ProvisionServices services;

  explicit World(int off_after) {
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
  CHECK(world.clock.sleeps == 3);
  CHECK(world.instance.performed_text() ==
        std::vector<std::string>{"run systemctl --force poweroff"});
}

TEST_CASE("that the connection ends with the instance is no failure") {
  World world(0);
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

// A FakeTarget as code under test opens it: the connection goes, the machine stays.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/fake_target.hpp"

namespace konvoy::test {

/// A door to a machine that stays: what is done through it lasts.
class BorrowedTarget final : public target::Target {
 public:
  explicit BorrowedTarget(FakeTarget& machine) : machine_(&machine) {}
  [[nodiscard]] std::string name() const override { return machine_->name(); }
  [[nodiscard]] bool live() const override { return machine_->live(); }
  base::Result<std::vector<target::Observation>> observe(
      std::span<const target::Probe> probes) override {
    return machine_->observe(probes);
  }
  base::Result<target::ActionResult> perform(const target::Action& action,
                                             const base::EventSink& events) override {
    return machine_->perform(action, events);
  }
  base::Result<std::unique_ptr<target::Stream>> connect(const target::Address& address) override {
    return machine_->connect(address);
  }

 private:
  FakeTarget* machine_;
};

}  // namespace konvoy::test

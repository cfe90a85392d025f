#include "resource/advice.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::test::Machine;

TEST_CASE("advice is given until it is followed") {
  const Advice advice{
      .name = "agent", .path = "/usr/bin/agent", .message = "there is no agent", .hint = "get one"};
  Machine machine;
  const auto before = std::get<Actions>(machine.settle(advice));
  CHECK(before.actions.empty());
  REQUIRE(before.warnings.size() == 1);
  CHECK(before.warnings.front().message == "there is no agent");
  CHECK(before.warnings.front().severity == konvoy::base::Severity::warning);
  machine.files["/usr/bin/agent"] = "";
  CHECK(std::get<Actions>(machine.settle(advice)).warnings.empty());
}

#include "execute/survey.hpp"

#include <doctest/doctest.h>

#include "resource/text_setting.hpp"
#include "steps.hpp"
#include "support/fake_target.hpp"

using namespace konvoy::execute;
using konvoy::plan::Step;
using konvoy::resource::Actions;
using konvoy::resource::NeedMore;
using konvoy::resource::Refusal;
using konvoy::target::StatProbe;
using konvoy::test::FakeTarget;
using konvoy::test::file_step;

TEST_CASE("all steps are observed in one round trip, each probe once") {
  FakeTarget machine;
  machine.add_file("/etc/a", "x");
  const std::vector<Step> steps = {file_step("t/one", "/etc/a", "x"),
                                   file_step("t/two", "/etc/a", "x"),
                                   file_step("t/three", "/etc/b", "x")};
  const auto findings = survey(machine, {}, steps, Survey::everything);
  REQUIRE(findings.ok());
  REQUIRE(machine.observed.size() == 1);
  CHECK(machine.observed[0].size() == 4);  // stat and read of two paths
  CHECK(std::get<Actions>((*findings)[0].decision).actions.empty());
  CHECK(std::get<Actions>((*findings)[2].decision).actions.size() == 1);
}

TEST_CASE("a step that depends on a change is known after it") {
  FakeTarget machine;
  auto later = file_step("t/later", "/etc/a", "x");
  later.after = {"t/first"};
  auto last = file_step("t/last", "/etc/a", "x");
  last.after = {"t/later"};
  const auto findings =
      survey(machine, {}, {file_step("t/first", "/etc/b", "x"), later, last}, Survey::everything);
  REQUIRE(findings.ok());
  CHECK((*findings)[0].settled());
  CHECK((*findings)[1].known_after == "t/first");
  CHECK((*findings)[2].known_after == "t/later");
}

TEST_CASE("packages that are right stay so after a change") {
  FakeTarget machine;
  machine.add_file("/etc/a", "x");
  auto packages = file_step("t/packages", "/etc/a", "x");
  packages.resource.kind = "package";
  packages.after = {"t/first"};
  const auto findings =
      survey(machine, {}, {file_step("t/first", "/etc/b", "x"), packages}, Survey::everything);
  REQUIRE(findings.ok());
  CHECK((*findings)[1].settled());
}

TEST_CASE("in a run nothing behind the first change is asked twice") {
  FakeTarget machine;
  const auto findings =
      survey(machine, {}, {file_step("t/a", "/etc/a", "x"), file_step("t/b", "/etc/b", "x")},
             Survey::up_to_change);
  REQUIRE(findings.ok());
  CHECK((*findings)[0].settled());
  CHECK_FALSE((*findings)[1].settled());
}

TEST_CASE("a step that never has enough is refused after three rounds") {
  FakeTarget machine;
  const Step greedy{.id = "t/greedy",
                    .resource = {"test", "greedy",
                                 [](const auto&, const auto& seen) -> konvoy::resource::Decision {
                                   std::string path = "/a";
                                   while (seen.stat(StatProbe{.path = path}) != nullptr) {
                                     path += "a";
                                   }
                                   return NeedMore{{StatProbe{.path = path}}};
                                 }},
                    .because = {}};
  const auto finding = observe_step(machine, {}, greedy);
  REQUIRE(finding.ok());
  CHECK(machine.observed.size() == 3);
  REQUIRE(std::holds_alternative<Refusal>(finding->decision));
  CHECK(std::get<Refusal>(finding->decision).problem.message ==
        "'t/greedy' still asks after 3 rounds");
}

#include "plan/fips.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

using namespace konvoy;
using namespace konvoy::plan;

namespace {

facts::HostFacts machine(int major) {
  return {.major_version = major,
          .architecture = "x86_64",
          .kernels = {{.release = "1", .image = "/boot/vmlinuz-1"},
                      {.release = "2", .image = "/boot/vmlinuz-2"}}};
}

std::string ids(const std::vector<Step>& steps) {
  std::vector<std::string> all;
  for (const auto& step : steps) all.push_back(step.id);
  return base::join(all, " ");
}

value::Value settings(std::vector<value::Entry> entries) {
  return value::Value(value::Map(std::move(entries)));
}

}  // namespace

TEST_CASE("the steps of release 8 end with the kernel arguments") {
  CHECK(ids(plan_fips({}, machine(8))) ==
        "fips/system-fips fips/dracut fips/crypto-policy fips/initramfs-1 fips/initramfs-2 "
        "fips/hmac-1 fips/hmac-2 fips/hmac-rescue fips/kernel-arguments");
  CHECK(plan_fips({}, machine(8)).at(2).resource.name == "FIPS");
  CHECK(ids(plan_fips({.regenerate_host_keys = true}, machine(8))).find("fips/host-keys") !=
        std::string::npos);
}

TEST_CASE("release 7 takes the module from packages, and knows no crypto policy") {
  CHECK(ids(plan_fips({}, machine(7))) ==
        "fips/prelink fips/packages fips/system-fips fips/initramfs-1 fips/initramfs-2 fips/hmac-1 "
        "fips/hmac-2 fips/hmac-rescue fips/kernel-arguments");
}

TEST_CASE("every step says why, and what asks for it") {
  const base::SourceSpan source{.source = {}, .line = 3, .column = 1};
  for (const auto& step : plan_fips({.source = source}, machine(8))) {
    CHECK_FALSE(step.because.reason.empty());
    CHECK(step.because.source == source);
    CHECK(step.role() == "fips");
  }
  CHECK(plan_fips_preflight({}).role() == "fips");
}

TEST_CASE("a machine in FIPS mode is left in it, and that is said") {
  facts::HostFacts facts = machine(8);
  CHECK_FALSE(fips_left_alone(facts));
  facts.crypto_policy = "FIPS";
  CHECK(fips_left_alone(facts)->message.starts_with("this machine is set up for FIPS mode"));
  facts.fips_enabled = true;
  CHECK(fips_left_alone(facts)->message.starts_with("this machine runs in FIPS mode"));
}

TEST_CASE("only known risks are accepted") {
  CHECK(check_accepted_risks({"joined-node", "boot-room"}).ok());
  const auto unknown = check_accepted_risks({"everything"});
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().message() == "there is no risk 'everything' to accept");
}

TEST_CASE("the settings are read with all their problems at once") {
  const auto mode = decode_fips_mode(settings({{.key = "configure", .value = true},
                                               {.key = "crypto_policy", .value = "FIPS:OSPP"},
                                               {.key = "reboot", .value = "yes"}}));
  REQUIRE(mode.ok());
  CHECK(mode->crypto_policy.value == "FIPS:OSPP");
  CHECK(mode->reboot);
  CHECK_FALSE(mode->regenerate_host_keys);
  CHECK(decode_fips_mode({}).value() == FipsMode{});
  const auto wrong = decode_fips_mode(settings({{.key = "regenerate_host_keys", .value = 7},
                                                {.key = "reboot", .value = "perhaps"},
                                                {.key = "crypto_policy", .value = "LEGACY"}}));
  REQUIRE_FALSE(wrong.ok());
  REQUIRE(wrong.error().diagnostics.size() == 3);
  CHECK(wrong.error().diagnostics[0].message ==
        "'fips.regenerate_host_keys' must be true or false, it is integer");
  CHECK(wrong.error().diagnostics[2].message == "'LEGACY' is no crypto policy for FIPS mode");
}

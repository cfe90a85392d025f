// Whole boot configurations before and after, and what is there when a run is killed in between.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/text_diff.hpp"
#include "boot/command_line.hpp"
#include "boot/initramfs.hpp"
#include "boot/kernel_hmac.hpp"
#include "crypto/hmac.hpp"
#include "fips_trees.hpp"
#include "plan/fips.hpp"
#include "resource/boot_files.hpp"
#include "support/apply.hpp"
#include "support/golden.hpp"

using namespace konvoy;
using namespace konvoy::test;

namespace {

/// Runs the plan with at most `budget` actions; whether it came to its end. What was done is added
/// to `log`.
bool run(FakeTarget& image, const facts::HostFacts& facts, int& budget, std::string& log) {
  for (const auto& step : plan::plan_fips({}, facts)) {
    const auto applied = apply(image, facts, step.resource, budget);
    if (applied.ended) return false;
    REQUIRE_MESSAGE(applied.done, step.id << ": " << applied.text);
    if (applied.text != "nothing") log += fmt::format("{}:\n{}\n", step.id, applied.text);
  }
  return true;
}

bool run(FakeTarget& image, const facts::HostFacts& facts, std::string& log) {
  int budget = 1000;
  return run(image, facts, budget, log);
}

std::vector<boot::BootEntry> entries_of(FakeTarget& image, const facts::HostFacts& facts) {
  resource::Observations seen;
  while (true) {
    resource::Inquiry ask(seen);
    if (const auto files = resource::ask_boot_files(ask, facts)) {
      return *resource::boot_entries(*files, facts);
    }
    const auto open = ask.open();
    const auto probes = std::get<resource::NeedMore>(*open).probes;
    const auto answers = image.observe(probes);
    for (std::size_t i = 0; i < probes.size(); ++i) seen.add(probes[i], (*answers)[i]);
  }
}

/// Why this entry would not boot: what dracut's fips module checks. Empty: it boots.
std::string boot_problem(FakeTarget& image, const facts::HostFacts& facts,
                         const boot::BootEntry& entry) {
  if (!image.content(entry.image)) return "no kernel " + entry.image;
  const auto bytes = image.content(entry.initramfs);
  const auto initramfs = boot::parse_initramfs(bytes.value_or(""), entry.initramfs);
  if (!bytes || !initramfs) return "no initramfs " + entry.initramfs;
  if (boot::find_argument(entry.command_line, "fips") != "1") return {};
  // The rescue initramfs is not made anew: without the module it checks nothing.
  if (!boot::is_rescue_image(entry.image) && !boot::missing_for_fips(*initramfs).empty()) {
    return "fips=1 without the module";
  }
  const auto device = boot::find_argument(entry.command_line, "boot");
  if (device.has_value() != facts.boot.separate_boot) return "boot= is wrong";
  const auto text = image.content(boot::kernel_hmac_path(entry.image));
  const auto hmac = boot::parse_kernel_hmac(text.value_or(""), "hmac");
  const auto actual = base::to_hex(*crypto::hmac(
      crypto::DigestAlgorithm::sha512, boot::kernel_hmac_key, *image.content(entry.image)));
  return hmac && hmac->digest == actual ? "" : "the checksum is missing or wrong";
}

}  // namespace

TEST_CASE("every shape of a boot configuration, before and after") {
  for (const auto& shape : shapes()) {
    CAPTURE(shape.name);
    auto image = image_of(shape);
    const auto facts = facts_of(image);
    const auto before = picture_of(image);
    std::string log;
    REQUIRE(run(image, facts, log));
    const auto after = picture_of(image);
    check_golden("plan/golden/fips_" + shape.name + ".txt",
                 log + "\n" + base::unified_diff("the image", before, after, 2));
    for (const auto& entry : entries_of(image, facts)) {
      CAPTURE(entry.source);
      CHECK(boot::find_argument(entry.command_line, "fips") == "1");
      CHECK(boot_problem(image, facts, entry) == "");
    }
    std::string second;
    CHECK(run(image, facts, second));
    CHECK(second.empty());
  }
}

TEST_CASE("killed between any two writes, every entry boots as before or in FIPS mode") {
  for (const auto& shape : shapes()) {
    CAPTURE(shape.name);
    auto finished = image_of(shape);
    const auto facts = facts_of(finished);
    const auto old_entries = entries_of(finished, facts);
    std::string log;
    REQUIRE(run(finished, facts, log));
    const auto new_entries = entries_of(finished, facts);
    for (int kill_after = 0;; ++kill_after) {
      CAPTURE(kill_after);
      auto image = image_of(shape);
      int budget = kill_after;
      const bool ended = run(image, facts, budget, log);
      const auto entries = entries_of(image, facts);
      REQUIRE(entries.size() == old_entries.size());
      for (std::size_t i = 0; i < entries.size(); ++i) {
        CHECK((entries[i] == old_entries[i] || entries[i] == new_entries[i]));
        CHECK(boot_problem(image, facts, entries[i]) == "");
      }
      if (ended) break;
      REQUIRE(run(image, facts, log));
      CHECK(picture_of(image) == picture_of(finished));
    }
  }
}

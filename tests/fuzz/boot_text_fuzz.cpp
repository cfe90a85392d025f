// Any text may stand in a boot file: a change is made or refused, a second one changes nothing, and
// the arguments are then there.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "boot/bls_entry.hpp"
#include "boot/boot_entries.hpp"
#include "boot/default_grub.hpp"
#include "boot/grub_cfg.hpp"
#include "boot/kernel_hmac.hpp"
#include "boot/shell_assignment.hpp"

namespace {

using namespace konvoy::boot;

const std::vector<ArgumentChange> fips{{"fips", "1"}, {"boot", "UUID=1-2"}};

void require(bool holds) {
  if (!holds) std::abort();
}

void check_command_line(const std::string& text) {
  const auto changed = change_arguments(text, fips);
  require(find_argument(changed, "fips") == "1");
  require(find_argument(changed, "boot") == "UUID=1-2");
  require(change_arguments(changed, fips) == changed);
  const std::vector<ArgumentChange> none{{"fips", std::nullopt}};
  require(!find_argument(change_arguments(changed, none), "fips"));
  const auto dropped = drop_conflicting_arguments(text, fips);
  require(drop_conflicting_arguments(dropped, fips) == dropped);
}

template <class Change>
void check_idempotent(const std::string& text, Change change) {
  const auto once = change(text);
  if (!once) return;
  const auto twice = change(*once);
  require(twice.ok() && *twice == *once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_command_line(text);
  check_idempotent(text, [](const std::string& t) { return change_default_grub(t, "f", fips); });
  check_idempotent(text, [](const std::string& t) { return change_grub_cfg(t, "f", fips); });
  check_idempotent(text, [](const std::string& t) { return change_bls_entry(t, "f", fips); });
  const auto assigned = assign_word(text, "PRELINKING", "no");
  require(assign_word(assigned, "PRELINKING", "no") == assigned);
  (void)parse_kernel_hmac(text, "f");
  (void)grub_cfg_boot_entries({"f", text});
  (void)bls_boot_entries({{"f", text}}, {{"kernelopts", "ro"}});
  return 0;
}

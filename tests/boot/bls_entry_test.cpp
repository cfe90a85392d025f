#include "boot/bls_entry.hpp"

#include <doctest/doctest.h>

using namespace konvoy::boot;

namespace {
const std::vector<ArgumentChange> fips{{"fips", "1"}, {"boot", std::nullopt}};

constexpr std::string_view entry =
    "title Red Hat Enterprise Linux (4.18.0-305.el8.x86_64) 8.4 (Ootpa)\n"
    "version 4.18.0-305.el8.x86_64\n"
    "linux /vmlinuz-4.18.0-305.el8.x86_64\n"
    "initrd /initramfs-4.18.0-305.el8.x86_64.img $tuned_initrd\n"
    "options $kernelopts $tuned_params\n"
    "grub_class kernel\n";

std::string changed(std::string_view text) {
  return change_bls_entry(text, "/boot/loader/entries/a.conf", fips).value();
}
}  // namespace

TEST_CASE("an entry is read") {
  const auto parsed = parse_bls_entry(entry);
  CHECK(parsed.version == "4.18.0-305.el8.x86_64");
  CHECK(parsed.linux_image == "/vmlinuz-4.18.0-305.el8.x86_64");
  CHECK(parsed.initrd == "/initramfs-4.18.0-305.el8.x86_64.img $tuned_initrd");
  CHECK(parsed.options == "$kernelopts $tuned_params");
  CHECK(parse_bls_entry("options a\n#options b\n\toptions\tc\n").options == "a c");
}

TEST_CASE("an entry whose arguments come from kernelopts stays as it is") {
  CHECK(changed(entry) == entry);
  CHECK(changed("options ${kernelopts} fips=0 boot=x\n") == "options ${kernelopts}\n");
}

TEST_CASE("literal options are changed and nothing else") {
  CHECK(changed("title a\noptions   root=/dev/sda1 ro \nid fips=0\n") ==
        "title a\noptions   root=/dev/sda1 ro fips=1 \nid fips=0\n");
  CHECK(changed("options root=/dev/sda1 fips=0\noptions quiet") ==
        "options root=/dev/sda1\noptions quiet fips=1");
  CHECK(changed("options\nid a") == "options fips=1\nid a");
  CHECK(changed("options $kernelopts_x ro") == "options $kernelopts_x ro fips=1");
}

TEST_CASE("an entry without options is refused") {
  const auto result = change_bls_entry("title a\n", "/e.conf", fips);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().message() == "the boot entry '/e.conf' has no options line");
}

TEST_CASE("variables are expanded as GRUB does") {
  CHECK(uses_variable("a $kernelopts", "kernelopts"));
  CHECK(uses_variable("${kernelopts}", "kernelopts"));
  CHECK_FALSE(uses_variable("$kernelopts2 kernelopts", "kernelopts"));
  CHECK(expand_variables("$a ${b}c $none.", {{"a", "1"}, {"b", "2"}}) == "1 2c .");
  CHECK(expand_variables("100$ ${", {}) == "100 ");
}

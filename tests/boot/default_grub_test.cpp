#include "boot/default_grub.hpp"

#include <doctest/doctest.h>

using namespace konvoy::boot;

namespace {
const std::vector<ArgumentChange> fips{{"fips", "1"}, {"boot", "UUID=1-2"}};

std::string changed(std::string_view text) {
  return change_default_grub(text, "/etc/default/grub", fips).value();
}
}  // namespace

TEST_CASE("the arguments are set inside the double quotes and nothing else changes") {
  CHECK(changed("GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX=\"crashkernel=auto  rhgb\"\nX=\"$(a)\"\n") ==
        "GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX=\"crashkernel=auto  rhgb fips=1 boot=UUID=1-2\"\n"
        "X=\"$(a)\"\n");
  CHECK(changed("GRUB_CMDLINE_LINUX=\"a=\\\"b c\\\" $d\"") ==
        "GRUB_CMDLINE_LINUX=\"a=\\\"b c\\\" $d fips=1 boot=UUID=1-2\"");
}

TEST_CASE("a line that is right stays, also without a final newline") {
  const std::string text = "GRUB_CMDLINE_LINUX=\"fips=1 boot=UUID=1-2\"";
  CHECK(changed(text) == text);
}

TEST_CASE("every line is as auditors look for it: double quotes, nothing behind") {
  CHECK(changed("GRUB_CMDLINE_LINUX='a \"b\" $c' # why\n") ==
        "# why\nGRUB_CMDLINE_LINUX=\"a \\\"b\\\" \\$c fips=1 boot=UUID=1-2\"\n");
  CHECK(changed("GRUB_CMDLINE_LINUX=quiet\nGRUB_CMDLINE_LINUX=\"fips=0\"\n") ==
        "GRUB_CMDLINE_LINUX=\"quiet fips=1 boot=UUID=1-2\"\n"
        "GRUB_CMDLINE_LINUX=\"fips=1 boot=UUID=1-2\"\n");
}

TEST_CASE("a file without the line gets one") {
  CHECK(changed("GRUB_TIMEOUT=5") ==
        "GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX=\"fips=1 boot=UUID=1-2\"\n");
  CHECK(changed("") == "GRUB_CMDLINE_LINUX=\"fips=1 boot=UUID=1-2\"\n");
}

TEST_CASE("what is appended to the arguments must not contradict them") {
  CHECK(changed("GRUB_CMDLINE_LINUX=\"fips=1 boot=UUID=1-2\"\n"
                "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet fips=0\"\n"
                "GRUB_CMDLINE_LINUX_RECOVERY=\"single\" # x\n") ==
        "GRUB_CMDLINE_LINUX=\"fips=1 boot=UUID=1-2\"\n"
        "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
        "GRUB_CMDLINE_LINUX_RECOVERY=\"single\" # x\n");
}

TEST_CASE("what is not understood is refused") {
  const auto result = change_default_grub("GRUB_CMDLINE_LINUX=\"a \\\n b\"\n", "/g", fips);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().message() ==
        "/g:1: GRUB_CMDLINE_LINUX is not understood: its value goes on in the next line");
}

TEST_CASE("the last assignment is what counts") {
  const std::string text = "GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX='b'\n";
  CHECK(default_grub_arguments(text, "/g").value() == "b");
  CHECK(default_grub_arguments("", "/g").value() == std::nullopt);
}

// The parsers of the fact families on the odd lines that machines have.
#include <doctest/doctest.h>

#include "facts/boot_layout.hpp"
#include "facts/distribution.hpp"
#include "facts/hardware.hpp"
#include "facts/mounts.hpp"
#include "facts/network.hpp"
#include "facts/packages.hpp"

using namespace konvoy;
using Texts = std::vector<std::string>;

TEST_CASE("release texts") {
  using facts::parse_release_version;
  CHECK(parse_release_version("CentOS Linux release 7.9.2009 (Core)\n") == "7.9");
  CHECK(parse_release_version("CentOS Stream release 8\n") == "8");
  CHECK(parse_release_version("Red Hat Enterprise Linux release 8.10 (Ootpa)") == "8.10");
  CHECK(parse_release_version("release ") == "");
  CHECK(parse_release_version("Debian 12") == "");
}

TEST_CASE("os-release has quotes, escapes and comments") {
  const auto all = facts::parse_os_release(
      "# NAME=no\nNAME=\"a \\\"b\\\" \\$c\"\nID='x'\nEMPTY=\n  SPACED=y  \nnonsense\n");
  CHECK(all.at("NAME") == "a \"b\" $c");
  CHECK(all.at("ID") == "x");
  CHECK(all.at("EMPTY") == "");
  CHECK(all.at("SPACED") == "y");
  CHECK(all.size() == 4);
}

TEST_CASE("mounts") {
  const auto lines = facts::parse_mountinfo(
      "36 35 98:0 /a\\040b /mnt\\011x rw - xfs /dev/sda\\134 rw\n"
      "36 35 98:0 / /no-dash rw xfs /dev/sda rw\n"
      "short - xfs\n");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0] == facts::MountLine{.device_number = "98:0",
                                     .root = "/a b",
                                     .path = "/mnt\tx",
                                     .type = "xfs",
                                     .source = "/dev/sda\\"});
  CHECK(
      facts::parse_fstab("LABEL=x / xfs\n/dev/sdb none swap sw\n#UUID=1 /c xfs\nUUID=2 swap swap\n")
          .size() == 1);
  const std::vector<facts::Mount> mounts{{.path = "/"}, {.path = "/var"}, {.path = "/var/lib"}};
  CHECK(facts::mount_of(mounts, "/var/library")->path == "/var");
  CHECK(facts::mount_of(mounts, "/var/lib/x")->path == "/var/lib");
  CHECK(facts::mount_of(mounts, "/varnish")->path == "/");
  CHECK(facts::mount_of({}, "/") == nullptr);
}

TEST_CASE("processors and memory") {
  CHECK(facts::parse_cpu_list("0-3,8,10-11\n") == 7);
  CHECK(facts::parse_cpu_list("0") == 1);
  CHECK(facts::parse_cpu_list("") == 0);
  CHECK(facts::parse_cpu_list("3-1,9999999999") == 0);
  CHECK(facts::parse_cpu_flags("Features\t: fp asimd aes\n") == Texts{"fp", "asimd", "aes"});
  CHECK(facts::parse_meminfo("MemTotal: 10 kB\n", "SwapTotal") == 0);
}

TEST_CASE("the newest of several versions of a package counts, by rpm's order") {
  const auto packages = facts::parse_packages(
      "kernel\t0\t4.18.0-80.el8\nkernel\t0\t4.18.0-305.el8\nkernel\t0\t4.18.0-240.el8\n"
      "x\t1\t1-1\nx\t0\t9-1\nold rpm: no tabs\ny\t(none)\t1-1\n");
  CHECK(packages.at("kernel") == "4.18.0-305.el8");
  CHECK(packages.at("x") == "1:1-1");
  CHECK(packages.at("y") == "1-1");
  CHECK(packages.size() == 3);
}

TEST_CASE("boot loader files") {
  CHECK(facts::is_full_grub_config("  menuentry 'x' {\n"));
  CHECK(facts::is_full_grub_config("insmod blscfg\nblscfg\n"));
  CHECK_FALSE(facts::is_full_grub_config("insmod blscfg\nconfigfile $prefix/grub.cfg\n"));
  CHECK(facts::parse_bls_enabled("GRUB_ENABLE_BLSCFG=false\nGRUB_ENABLE_BLSCFG='true'\n"));
  CHECK_FALSE(facts::parse_bls_enabled("#GRUB_ENABLE_BLSCFG=true\n"));
}

TEST_CASE("addresses") {
  CHECK(facts::parse_fib_trie("|-- 10.0.0.1\n /32 host LOCAL\n|-- 10.0.0.0\n /24 link UNICAST\n"
                              "|-- 127.0.0.1\n /32 host LOCAL\n") == Texts{"10.0.0.1"});
  CHECK(facts::parse_if_inet6(
            "20010db8000000000000000000000007 02 40 00 80 eth0\nbad 02 40 00 80 x\n") ==
        Texts{"2001:db8::7"});
}

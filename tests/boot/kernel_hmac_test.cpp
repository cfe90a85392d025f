#include "boot/kernel_hmac.hpp"

#include <doctest/doctest.h>

using namespace konvoy::boot;

namespace {
const std::string digits(128, 'a');
}

TEST_CASE("absolute and relative names are read") {
  const auto absolute = parse_kernel_hmac(digits + "  /boot/vmlinuz-1\n", "f").value();
  CHECK(absolute == KernelHmac{digits, "/boot/vmlinuz-1"});
  CHECK(names_image(absolute, "/boot/vmlinuz-1"));
  CHECK_FALSE(names_image(absolute, "/boot/vmlinuz-2"));
  const auto relative = parse_kernel_hmac(std::string(128, 'A') + " *vmlinuz-1", "f").value();
  CHECK(relative == KernelHmac{digits, "vmlinuz-1"});
  CHECK(names_image(relative, "/boot/vmlinuz-1"));
}

TEST_CASE("anything else is refused") {
  for (const auto& text : {std::string(), digits, digits.substr(1) + "  v\n", digits + "  v\nx\n",
                           std::string(128, 'g') + "  v\n"}) {
    CHECK_FALSE(parse_kernel_hmac(text, "f").ok());
  }
}

TEST_CASE("the file is beside the kernel and is written with a relative name") {
  CHECK(kernel_hmac_path("/boot/vmlinuz-1.el8") == "/boot/.vmlinuz-1.el8.hmac");
  CHECK(render_kernel_hmac("/boot/vmlinuz-1", digits) == digits + "  vmlinuz-1\n");
  CHECK(is_rescue_image("/boot/vmlinuz-0-rescue-0123"));
  CHECK_FALSE(is_rescue_image("/boot/vmlinuz-4.18.0"));
}

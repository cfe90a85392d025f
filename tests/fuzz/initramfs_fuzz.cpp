// An initramfs may be damaged anywhere: it is read or refused, without a crash.
#include <cstdint>
#include <string>

#include "boot/initramfs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto found = konvoy::boot::parse_initramfs(bytes, "initramfs");
  if (found) (void)konvoy::boot::missing_for_fips(*found);
  (void)konvoy::boot::parse_lsinitrd(bytes);
  return 0;
}

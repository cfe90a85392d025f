// A machine may answer anything: every parser of facts takes any text.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "facts/boot_layout.hpp"
#include "facts/distribution.hpp"
#include "facts/hardware.hpp"
#include "facts/mounts.hpp"
#include "facts/network.hpp"
#include "facts/packages.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace konvoy::facts;
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)parse_os_release(text);
  (void)is_full_grub_config(text);
  (void)parse_bls_enabled(text);
  (void)parse_meminfo(text, "MemTotal");
  require(parse_cpu_list(text) >= 0);
  (void)parse_cpu_flags(text);
  (void)parse_mountinfo(text);
  (void)parse_df(text);
  (void)parse_fib_trie(text);
  (void)parse_if_inet6(text);
  for (const auto& mount : parse_fstab(text)) require(mount.path.starts_with('/'));
  for (const auto& [name, version] : parse_packages(text)) {
    require(version.find('-') != std::string::npos);
  }
  const auto version = parse_release_version(text);
  require(version.find_first_not_of("0123456789.") == std::string::npos);
  return 0;
}

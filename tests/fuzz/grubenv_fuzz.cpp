// A block that is accepted comes back byte for byte, keeps its size, and gives back what was set.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "boot/grubenv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using konvoy::boot::Grubenv;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  auto block = Grubenv::parse(bytes, "grubenv");
  if (!block) return 0;
  if (block->render() != bytes) std::abort();
  const std::string value = "ro \\ \n" + bytes.substr(bytes.size() / 2);
  if (!block->set("kernelopts", value)) {
    if (block->render() != bytes) std::abort();
    return 0;
  }
  const auto again = Grubenv::parse(block->render(), "grubenv");
  if (!again || again->render().size() != size || again->find("kernelopts") != value) std::abort();
  return 0;
}

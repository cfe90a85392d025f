// Any bytes at all: no crash, no read past the end, and work in proportion to the size.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "binary/inspect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace konvoy::binary;
  static const auto knowledge = embedded_knowledge();
  if (!knowledge) std::abort();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto findings = inspect(bytes, *knowledge);
  if (!findings) std::abort();
  // Only verified bytes carry a module.
  const bool has_module = findings->module.has_value();
  const bool may_have = findings->type == Class::goboring || findings->type == Class::go_native;
  if (has_module != may_have) std::abort();
  return 0;
}

// A manifest is read after its signature is checked, but by then a signer's mistake must not hurt:
// no crash, and what is taken can be written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "json/reader.hpp"
#include "json/render.hpp"
#include "verify/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace konvoy;
  const auto document =
      json::parse("manifest", std::string(reinterpret_cast<const char*>(data), size));
  if (!document) return 0;
  const auto manifest = verify::decode_manifest(*document);
  if (!manifest) return 0;
  const auto again = json::parse("again", json::render(verify::to_value(*manifest)));
  if (!again || verify::decode_manifest(*again) != manifest) std::abort();
  return 0;
}

// Any bytes as YAML: no crash, no endless reading, and what is read can be written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "yaml/reader.hpp"
#include "yaml/render.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace konvoy;
  const auto document = yaml::parse("fuzz", std::string(reinterpret_cast<const char*>(data), size));
  if (!document) return document.error().diagnostics.empty() ? (std::abort(), 0) : 0;
  // Texts are compared and not values: not-a-number is not equal to itself.
  const auto text = yaml::render(document->value);
  const auto again = yaml::parse("again", text);
  if (!again || yaml::render(again->value) != text) std::abort();
  return 0;
}

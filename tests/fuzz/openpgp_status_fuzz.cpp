// Status lines and clear-signed texts come from outside: whatever they hold, no crash, and nothing
// that is not a signature is taken for one.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "openpgp/armor.hpp"
#include "openpgp/clear_signed.hpp"
#include "openpgp/judge.hpp"
#include "openpgp/status.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace konvoy::openpgp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = parse_status(text);
  const auto signature = judge(lines, {});
  if (signature && text.find("VALIDSIG") == std::string_view::npos) std::abort();
  const auto clear = parse_clear_signed(text);
  if (clear && !looks_clear_signed(text)) std::abort();
  static_cast<void>(remove_armor(text, "PUBLIC KEY BLOCK"));
  return 0;
}

// A server may answer anything: no crash, and what more bytes cannot change is not changed by them.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tls/wire.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace konvoy::tls;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const Reply reply = parse_reply(bytes);
  if (!std::holds_alternative<Incomplete>(reply) && parse_reply(bytes + "more") != reply) {
    std::abort();
  }
  return 0;
}

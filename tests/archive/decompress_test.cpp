#include "archive/decompress.hpp"

#include <doctest/doctest.h>

#include "base/encoding.hpp"

using konvoy::archive::decompress;
using konvoy::base::from_base64;

namespace {
// "konvoy-image\n", as gzip -9n, bzip2, xz, zstd and lz4 of Debian 12 compress it.
constexpr std::string_view gzip = "H4sIAAAAAAACA8vOzyvLr9TNzE1MT+UCACTS1qMNAAAA";
constexpr std::string_view bzip2 =
    "QlpoOTFBWSZTWVo47rsAAANRgAAQAAIiq4EgIAAiANBoQNA0IOAAX2kx4u5IpwoSC0cd12A=";
constexpr std::string_view xz =
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+"
    "WjAQAMa29udm95LWltYWdlCgAAAACmI70hIvx1PgABJQ1xGcS2H7bzfQEAAAAABFla";
constexpr std::string_view zstd = "KLUv/QRYaQAAa29udm95LWltYWdlCsR6Ekg=";
constexpr std::string_view lz4 = "AiFMGA4AAADQa29udm95LWltYWdlCg==";
constexpr std::uint64_t limit = 1000;
}  // namespace

TEST_CASE("every compression of an initramfs is found out") {
  for (const auto text : {gzip, bzip2, xz, zstd, lz4}) {
    const auto content = decompress(*from_base64(text), limit);
    REQUIRE_MESSAGE(content.ok(), text);
    CHECK(*content == "konvoy-image\n");
  }
}

TEST_CASE("what is not compressed comes back as it is") {
  CHECK(decompress("070701", limit).value() == "070701");
  CHECK(decompress("", limit).value().empty());
}

TEST_CASE("zeros behind a stream are passed over") {
  CHECK(decompress(*from_base64(gzip) + std::string(512, '\0'), limit).value() == "konvoy-image\n");
}

TEST_CASE("a stream that ends early or holds too much is an error") {
  const auto bytes = *from_base64(gzip);
  CHECK_FALSE(decompress(bytes.substr(0, bytes.size() - 9), limit).ok());
  const auto large = decompress(bytes, 12);
  REQUIRE_FALSE(large.ok());
  CHECK(large.error().message() == "the compressed data holds more than 12 bytes");
}

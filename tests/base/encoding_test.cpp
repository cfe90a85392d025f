#include "base/encoding.hpp"

#include <doctest/doctest.h>

using namespace konvoy::base;

TEST_CASE("base64: the examples of RFC 4648 section 10, both ways") {
  const std::pair<std::string, std::string> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
}

TEST_CASE("base64 passes over line ends and refuses what is none") {
  CHECK(from_base64("Zm9v\r\nYmFy\n") == "foobar");
  CHECK(from_base64("Zm9vYmE") == "fooba");  // without padding, as gpg and Go write it
  CHECK_FALSE(from_base64("Zm9v!").has_value());
  CHECK_FALSE(from_base64("Z").has_value());
  CHECK_FALSE(from_base64("Zg==Zg==").has_value());
  CHECK_FALSE(from_base64("Zg=").has_value());
}

TEST_CASE("every byte survives base64 and hex") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  CHECK(from_base64(to_base64(bytes)) == bytes);
  CHECK(from_hex(to_hex(bytes)) == bytes);
  CHECK_FALSE(from_hex("abc").has_value());
  CHECK_FALSE(from_hex("zz").has_value());
}

TEST_CASE("quoting") {
  CHECK(shell_quote("it's") == R"('it'\''s')");
  CHECK(json_quote("a\"b\\\n\x01") == R"("a\"b\\\n\u0001")");
  CHECK(json_quote("gr\xC3\xBCn") == "\"gr\xC3\xBCn\"");
  CHECK(json_quote("\xFF") == "\"\xEF\xBF\xBD\"");
}

TEST_CASE("invalid UTF-8 is found at its first byte") {
  CHECK(find_invalid_utf8("gr\xC3\xBCn \xF0\x9F\x94\x92") == std::string_view::npos);
  CHECK(find_invalid_utf8("ab\xC3(") == 2);
  CHECK(find_invalid_utf8("\xC0\xAF") == 0);      // overlong "/"
  CHECK(find_invalid_utf8("\xED\xA0\x80") == 0);  // surrogate
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0);
  CHECK(find_invalid_utf8("a\xE2\x82") == 1);  // cut off
}

TEST_CASE("numbers as text keep their kind") {
  CHECK(render_double(1.0) == "1.0");
  CHECK(render_double(0.1) == "0.1");
  CHECK(render_double(1e300) == "1e+300");
}

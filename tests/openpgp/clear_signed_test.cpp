#include "openpgp/clear_signed.hpp"

#include <doctest/doctest.h>

using namespace konvoy::openpgp;

namespace {

const std::string head = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n";
const std::string tail =
    "-----BEGIN PGP SIGNATURE-----\n\niQ==\n=AAAA\n-----END PGP SIGNATURE-----\n";

std::string refusal(const std::string& text) {
  const auto result = parse_clear_signed(text);
  return result ? "accepted" : result.error().message();
}

}  // namespace

TEST_CASE("the text between the headers and the signature comes out without dash escapes") {
  const auto text =
      parse_clear_signed(head + "{\n- - a\n- -----BEGIN PGP SIGNATURE-----\n}\n" + tail);
  REQUIRE(text);
  CHECK(*text == "{\n- a\n-----BEGIN PGP SIGNATURE-----\n}\n");
}

TEST_CASE("line ends and blanks that no signature covers are taken away") {
  const auto text = parse_clear_signed(
      "\r\n-----BEGIN PGP SIGNED MESSAGE-----  \r\nHash: SHA256\r\n\r\na \t\r\n\r\n" + tail + "\n");
  REQUIRE(text);
  CHECK(*text == "a\n\n");
}

TEST_CASE("anything outside the block is refused") {
  CHECK(refusal("evil\n" + head + "a\n" + tail) == "line 1: no clear-signed text begins");
  CHECK(refusal(head + "a\n" + tail + "evil\n") == "line 10: there is text after the signature");
  CHECK(refusal(head + "a\n" + tail + head + "b\n" + tail) ==
        "line 10: there is text after the signature");
  CHECK(refusal("") == "line 1: no clear-signed text begins");
}

TEST_CASE("damaged blocks are refused") {
  CHECK(refusal(head + "a\n") == "line 5: the file ends before its signature");
  CHECK(refusal(head + "-a\n" + tail) == "line 4: a line begins with a dash that is not escaped");
  CHECK(refusal(head + "a\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n") ==
        "line 8: the signature has no end");
  CHECK(refusal(head + "a\n-----BEGIN PGP SIGNATURE-----\n-----BEGIN PGP SIGNATURE-----\n") ==
        "line 6: the signature is damaged");
  CHECK(refusal("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512") ==
        "line 3: the clear-signed text has no blank line");
  CHECK(refusal("-----BEGIN PGP SIGNED MESSAGE-----\nEvil: x\n\na\n" + tail) ==
        "line 2: a header other than 'Hash' in the clear-signed text");
  CHECK(refusal(head + std::string("a\0b\n", 4) + tail) ==
        "there is a NUL byte in the clear-signed text");
}

TEST_CASE("clear-signed texts are told from others") {
  CHECK(looks_clear_signed("\n" + head));
  CHECK_FALSE(looks_clear_signed("-----BEGIN PGP MESSAGE-----\n"));
  CHECK_FALSE(looks_clear_signed(""));
}

#include "target/frame.hpp"

#include <doctest/doctest.h>

#include "target/shell_text.hpp"

using namespace konvoy::target;

namespace {

constexpr const char* nonce = "0123456789abcdef0123456789abcdef";
constexpr const char* other = "fedcba9876543210fedcba9876543210";

std::string mark(const char* which, const char* sign) {
  return std::string(which) + sign;
}

}  // namespace

TEST_CASE("a frame is one line of ASCII between two marks") {
  const std::string line = encode({.script = "echo x"}, nonce);
  CHECK(line == mark("n=", nonce) +
                    "; printf \"%s<\" $n; printf \"%s<\" $n >&2; { echo x; } 3<&-; s=$?; "
                    "printf \"%s>%s\\n\" $n $s; printf \"%s>\\n\" $n >&2\n");
  CHECK(encode({.script = "cat <&3", .reads_stream = true}, nonce).find("3<&-") ==
        std::string::npos);
}

TEST_CASE("nonces are long and never the same") {
  const std::string one = make_nonce();
  CHECK(one.size() == 32);
  CHECK(one != make_nonce());
}

TEST_CASE("the loop is one line without single quotes, for any login shell") {
  CHECK(far_side_loop().find_first_of("'\n!") == std::string_view::npos);
}

TEST_CASE("a part is found however its bytes arrive") {
  const std::string content("a\0b\n>x<\xff", 8);
  const std::string stream = "noise\n" + mark(nonce, "<") + content + mark(nonce, ">") + "7\n";
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    CAPTURE(piece);
    StreamDecoder decoder;
    decoder.expect(nonce, 100);
    for (std::size_t at = 0; at < stream.size(); at += piece)
      decoder.feed(stream.substr(at, piece));
    const auto part = decoder.take();
    REQUIRE(part);
    CHECK(part->bytes == content);
    CHECK(part->end == "7");
    CHECK_FALSE(part->truncated);
    CHECK(decoder.stray() == 6);
    CHECK_FALSE(decoder.take());
  }
}

TEST_CASE("parts come in their order, and another nonce ends nothing") {
  StreamDecoder decoder;
  decoder.expect(nonce, 100);
  decoder.expect(other, 100);
  decoder.feed(mark(nonce, "<") + mark(other, ">") + "0\n" + mark(nonce, ">") + "0\n");
  CHECK(decoder.take()->bytes == mark(other, ">") + "0\n");
  CHECK_FALSE(decoder.take());
  decoder.feed("stray" + mark(other, "<"));
  CHECK_FALSE(decoder.take());
  decoder.feed(mark(other, ">") + "12");
  CHECK_FALSE(decoder.take());  // the status may go on
  decoder.feed("4\n");
  const auto part = decoder.take();
  CHECK(part->bytes.empty());
  CHECK(part->end == "124");
}

TEST_CASE("more than the limit is dropped and said, and the end is found all the same") {
  StreamDecoder decoder;
  decoder.expect(nonce, 5);
  decoder.feed(mark(nonce, "<"));
  for (int i = 0; i < 100; ++i) decoder.feed("0123456789");
  decoder.feed(mark(nonce, ">") + "0\n");
  const auto part = decoder.take();
  REQUIRE(part);
  CHECK(part->bytes == "01234");
  CHECK(part->truncated);
}

TEST_CASE("bytes that nobody expects are counted") {
  StreamDecoder decoder;
  decoder.feed("abc");
  CHECK(decoder.stray() == 3);
  CHECK_FALSE(decoder.take());
}

TEST_CASE("content becomes a format of printf") {
  CHECK(printf_format("plain text") == "'plain text'");
  CHECK(printf_format("a\nb") == "'a\\nb'");
  CHECK(printf_format("100% 'q' \\n") == "'100%% \\047q\\047 \\\\n'");
  CHECK(printf_format(std::string("\0\x7f\xff", 3)) == "'\\000\\177\\377'");
  CHECK(printf_format("-n") == "'\\055n'");
  CHECK(printf_format("") == "''");
}

TEST_CASE("words are quoted, and unusual ones become variables") {
  ShellWords words;
  CHECK(words.all(std::vector<std::string>{"ls", "-l", "/a b", "it's", ""}) ==
        "ls -l '/a b' 'it'\\''s' ''");
  CHECK(words.assignments().empty());
  CHECK(words("a\nb") == "\"$w1\"");
  CHECK(words("\xff") == "\"$w2\"");
  CHECK(words.assignments() ==
        "w1=$(printf 'a\\nbx'); w1=${w1%x}; w2=$(printf '\\377x'); w2=${w2%x}; ");
}

#include "binary/bytes.hpp"

#include <doctest/doctest.h>

namespace konvoy::binary {

TEST_CASE("numbers of both byte orders, and none past the end") {
  const Bytes bytes("\x01\x02\x03\x04", 4);
  CHECK(load(bytes, 0, 4, Endian::little) == 0x04030201U);
  CHECK(load(bytes, 0, 4, Endian::big) == 0x01020304U);
  CHECK(load(bytes, 3, 1, Endian::big) == 4U);
  CHECK_FALSE(load(bytes, 1, 4, Endian::big).has_value());
  CHECK_FALSE(load(bytes, ~0ULL, 4, Endian::big).has_value());
  CHECK_FALSE(load(bytes, ~0ULL - 1, 4, Endian::little).has_value());
}

TEST_CASE("slices and texts end where the bytes end") {
  const Bytes bytes("abc\0def", 7);
  CHECK(slice(bytes, 4, 100) == "def");
  CHECK(slice(bytes, 100, ~0ULL).empty());
  CHECK(c_string(bytes, 0) == "abc");
  CHECK(c_string(bytes, 4) == "def");
  CHECK(c_string(bytes, 4, 2) == "de");
  CHECK(find(bytes, "de") == 4);
  CHECK(find(bytes, "de", 5) == Bytes::npos);
  CHECK(find(bytes, "x", 100) == Bytes::npos);
}

TEST_CASE("a cursor remembers that it ran over the end") {
  Cursor in(Bytes("\xac\x02xyz", 5), Endian::little);
  CHECK(in.uvarint() == 300);
  CHECK(in.take(2) == "xy");
  CHECK(in.good());
  CHECK(in.take(2).empty());
  CHECK_FALSE(in.good());
  CHECK(in.number(8) == 0);
}

TEST_CASE("a number of more than 64 bits is none") {
  Cursor in(Bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11), Endian::little);
  CHECK(in.uvarint() == 0);
  CHECK_FALSE(in.good());
}

}  // namespace konvoy::binary

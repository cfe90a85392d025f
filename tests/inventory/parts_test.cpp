// The parts an inventory is made of: words, literals, ranges, hosts on the command line.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "inventory/host_option.hpp"
#include "inventory/host_range.hpp"
#include "inventory/literal.hpp"
#include "inventory/words.hpp"

using namespace konvoy;
using inventory::Comments;

namespace {

std::vector<std::string> words(std::string_view line, Comments comments = Comments::dropped) {
  const auto split = inventory::split_shell_words(line, comments);
  REQUIRE(split.ok());
  std::vector<std::string> all;
  for (const auto& word : *split) all.push_back(word.text);
  return all;
}

std::vector<std::string> names(std::string_view pattern) {
  const auto expanded = inventory::expand_host(pattern);
  REQUIRE(expanded.ok());
  return expanded->names;
}

std::string refused(std::string_view pattern) {
  const auto expanded = inventory::expand_host(pattern);
  return expanded.ok() ? std::string() : expanded.error().message();
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("words are split as shlex does") {
  CHECK(words("") == Names{});
  CHECK(words("  a\tb ") == Names{"a", "b"});
  CHECK(words(R"(k="a b" 'c # d'e)") == Names{"k=a b", "c # de"});
  CHECK(words(R"("a\"b\\c\d" 'e\f' g\ h)") == Names{R"(a"b\c\d)", R"(e\f)", "g h"});
  CHECK(words("a#b c") == Names{"a"});
  CHECK(words("a#b c", Comments::kept) == Names{"a#b", "c"});
  CHECK(words("''") == Names{""});
  CHECK(inventory::split_shell_words("  a b", Comments::kept)->at(1).offset == 4);
  CHECK_FALSE(inventory::split_shell_words("'open", Comments::kept).ok());
  CHECK_FALSE(inventory::split_shell_words("end\\", Comments::kept).ok());
}

TEST_CASE("literals that Python would not read are text") {
  const auto read = [](std::string_view text) { return inventory::parse_literal(text, {}); };
  for (const std::string text :
       {"", "yes", "true", "[1, 2", "{'a': }", "'open", "1 2", "0x", "1__0", "_1", "08", "e5",
        "nan", "{[1]: 2}", "(1, 2", "[1 2]", "--"}) {
    CAPTURE(text);
    CHECK(read(text) == value::Value(text));
  }
  CHECK(read("9223372036854775807") == value::Value(INT64_MAX));
  CHECK(read("9223372036854775808") == value::Value("9223372036854775808"));
  CHECK(read("[]") == value::Value(value::List{}));
  CHECK(read("(1,)") == value::Value(value::List{1}));
  CHECK(read("()") == value::Value(value::List{}));
  CHECK(read("-1.5") == value::Value(-1.5));
  CHECK(read(".5 # half") == value::Value(0.5));
  CHECK(read(std::string(200, '[')) == value::Value(std::string(200, '[')));
}

TEST_CASE("ranges") {
  CHECK(names("a[1:3]") == Names{"a1", "a2", "a3"});
  CHECK(names("a[08:10].x") == Names{"a08.x", "a09.x", "a10.x"});
  CHECK(names("[a:c:2]-[0:1]") == Names{"a-0", "a-1", "c-0", "c-1"});
  CHECK(names("x[:2]") == Names{"x0", "x1", "x2"});
  CHECK(names("[y:B]") == Names{"y", "z", "A", "B"});
  CHECK(names("2001:db8::7") == Names{"2001:db8::7"});
  CHECK(inventory::expand_host("[2001:db8::7]:22")->port == 22);
  CHECK(inventory::expand_host("h[1:2]:2222")->port == 2222);
  CHECK(inventory::expand_host("h[1:2]")->port == 0);

  CHECK(refused("a[3:1]") == "the range '[3:1]' runs backwards");
  CHECK(refused("a[c:a]") == "the range '[c:a]' runs backwards");
  CHECK(refused("a[1:]") == "the range '[1:]' has no end");
  CHECK(refused("a[01:100]") == "the bounds of the range '[01:100]' differ in length");
  CHECK(refused("a[1:9:0]") == "'0' is no step for the range '[1:9:0]'");
  CHECK(refused("a[1:9:2:2]") == "the range '[1:9:2:2]' has too many parts");
  CHECK(refused("a[1:x]").starts_with("the range '[1:x]' goes neither"));
  CHECK(refused("a[1:999999999]") == "the range '[1:999999999]' gives more than 100000 names");
  CHECK(refused("[1:999][1:999]") == "ranges give more than 100000 names");
  CHECK(refused("host:70000") == "'70000' is no port");
  CHECK(refused("host:") == "'host:' is no name of a host");
}

TEST_CASE("hosts on the command line") {
  const auto read = [](std::string_view text) {
    const auto host = inventory::parse_host_option(text);
    REQUIRE(host.ok());
    return host->connection;
  };
  CHECK(read("node1") == inventory::Connection{.address = "node1"});
  CHECK(read("root@10.0.0.7:2222") ==
        inventory::Connection{.address = "10.0.0.7", .port = 2222, .user = "root"});
  CHECK(read("[2001:db8::7]:22") == inventory::Connection{.address = "2001:db8::7", .port = 22});
  CHECK(read("me@[2001:db8::7]") == inventory::Connection{.address = "2001:db8::7", .user = "me"});
  CHECK(read("2001:db8::7") == inventory::Connection{.address = "2001:db8::7"});
  CHECK(read("local").local);
  for (const auto* bad : {"", "@h", "u@", "h:", "h:0", "h:70000", "h:ssh", "[::1", "[::1]22",
                          "[::1]:", "-oProxyCommand=x", "-l@h", "a b", "u@-h", "a/b"}) {
    CAPTURE(bad);
    const auto host = inventory::parse_host_option(bad);
    REQUIRE_FALSE(host.ok());
    CHECK(host.error().kind == base::ErrorKind::usage);
  }
}

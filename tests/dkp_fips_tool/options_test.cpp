#include "cli/dkp_fips_tool/options.hpp"

#include <doctest/doctest.h>

using namespace konvoy::fips_tool;

namespace {
std::string refusal(const std::vector<std::string>& arguments) {
  const auto options = parse_options(arguments);
  return options ? "accepted" : options.error().message();
}
}  // namespace

TEST_CASE("the command line of the tool it takes the place of") {
  const auto options = parse_options({"--json", "/path/to/manifest.asc"});
  REQUIRE(options);
  CHECK(options->json);
  CHECK(options->manifest.path == "/path/to/manifest.asc");
  CHECK(options->root == "/");
  CHECK(options->manifest.keyring == "/etc/konvoy-image/trusted.gpg");
}

TEST_CASE("every option, in both ways of writing it") {
  const auto options =
      parse_options({"m.asc", "--keyring=k", "--fingerprint", "A", "--fingerprint=B", "--signature",
                     "s", "--root", "/mnt", "--service=a=b:1", "--service", "c=d:2"});
  REQUIRE(options);
  CHECK(options->manifest.keyring == "k");
  CHECK(options->manifest.fingerprints == std::vector<std::string>{"A", "B"});
  CHECK(options->manifest.signature_path == "s");
  CHECK(options->root == "/mnt");
  CHECK(options->services == std::vector<std::string>{"a=b:1", "c=d:2"});
  CHECK(parse_options({"--", "--odd.asc"})->manifest.path == "--odd.asc");
  CHECK(parse_options({"--help"})->help);
  CHECK(parse_options({"--version"})->version);
}

TEST_CASE("misuse is refused") {
  CHECK(refusal({}) == "no manifest is given");
  CHECK(refusal({"a", "b"}) == "more than one manifest: 'a' and 'b'");
  CHECK(refusal({"a", "--nonsense"}) == "unknown option '--nonsense'");
  CHECK(refusal({"a", "-x"}) == "unknown option '-x'");
  CHECK(refusal({"a", "--keyring"}) == "'--keyring' needs a value");
  CHECK(refusal({"a", "--keyring="}) == "'--keyring' needs a value");
  CHECK(refusal({"a", "--json=yes"}) == "unknown option '--json'");
}

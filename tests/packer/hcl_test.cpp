#include "packer/hcl.hpp"

#include <doctest/doctest.h>

using namespace konvoy::packer;

TEST_CASE("text is quoted so that HCL reads it back") {
  CHECK(hcl_quote("a\"b\\c\n") == R"("a\"b\\c\n")");
  CHECK(hcl_quote("${var.x} %{if} $x") == R"("$${var.x} %%{if} $x")");
}

TEST_CASE("blocks are nested and aligned") {
  const Block block{.type = "source",
                    .labels = {"null", "image"},
                    .attributes = {{"a", "1"}, {"longer", "var.x"}},
                    .blocks = {{.type = "inner", .attributes = {{"b", "true"}}}}};
  CHECK(render_hcl({block}) ==
        "source \"null\" \"image\" {\n"
        "  a      = 1\n"
        "  longer = var.x\n"
        "\n"
        "  inner {\n"
        "    b = true\n"
        "  }\n"
        "}\n");
}

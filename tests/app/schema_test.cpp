#include "app/schema.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/data_files.hpp"
#include "config/schema.hpp"
#include "value/value.hpp"
#include "yaml/reader.hpp"

namespace app = konvoy::app;
using konvoy::value::Value;

namespace {

Value defaults() {
  auto file = app::read_data_file("images/common.yaml", "");
  REQUIRE(file);
  auto document = konvoy::yaml::parse("images/common.yaml", file->bytes);
  REQUIRE(document);
  return document->value;
}

// Every path that `value` sets is in the table, unless the map above it is open.
void check_known(const Value& value, const std::string& parent) {
  for (const auto& entry : value.map()->entries()) {
    const auto path = parent.empty() ? entry.key : parent + "." + entry.key;
    CAPTURE(path);
    const auto* variable = konvoy::config::find_variable(path);
    REQUIRE(variable != nullptr);
    CHECK(konvoy::config::fits(variable->type, entry.value));
    if (entry.value.is_map() && variable->type == konvoy::config::Type::map) {
      check_known(entry.value, path);
    }
  }
}

}  // namespace

TEST_CASE("the table has every default") {
  check_known(defaults(), "");
}

TEST_CASE("the JSON Schema has types, meanings and defaults, also below maps") {
  const auto schema = app::json_schema(defaults());
  CHECK(*schema.at_path("properties.kubernetes_version.default") == Value("1.21.3"));
  CHECK(schema.at_path("properties.kubernetes_version.description")
            ->string()
            ->starts_with("version of Kubernetes"));
  const auto* enabled = schema.at_path("properties.fips.properties.enabled");
  REQUIRE(enabled != nullptr);
  CHECK(enabled->at_path("type")->list()->front() == Value("boolean"));
  CHECK(*enabled->at_path("default") == Value(false));
  CHECK(schema.at_path("properties.additionalProperties") == nullptr);
}

TEST_CASE("the reference page has one line a variable") {
  const auto page = app::reference_page(defaults());
  CHECK(page.find("| `fips.enabled` | boolean | `false` | install FIPS-140 builds") !=
        std::string::npos);
  CHECK(page.find("| `rhsm_password` | text, secret |") != std::string::npos);
}

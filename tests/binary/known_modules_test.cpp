#include "binary/known_modules.hpp"

#include <doctest/doctest.h>

#include <set>

namespace konvoy::binary {

TEST_CASE("the embedded data is complete and consistent") {
  const auto knowledge = embedded_knowledge();
  REQUIRE(knowledge.ok());
  REQUIRE(knowledge->modules.size() == 3);
  std::set<std::string> builds;
  for (const auto& module : knowledge->modules) {
    CAPTURE(module.build);
    builds.insert(module.build);
    CHECK(module.prefix.size() == 64);
    CHECK(module.key == std::string(64, '\0'));
    CHECK(module.code_offset > module.length);
    CHECK(knowledge->certificates.find(module.certificate) != nullptr);
  }
  CHECK(builds.size() == 3);
  for (const auto& native : knowledge->native) {
    CHECK(knowledge->certificates.find(native.certificate) != nullptr);
  }
}

TEST_CASE("every FIPS 140-2 certificate is historical from 2026-09-21 on") {
  const auto knowledge = embedded_knowledge();
  REQUIRE(knowledge.ok());
  CHECK(knowledge->certificates.as_of >= "2026-09-21");
  for (const auto& certificate : knowledge->certificates.certificates) {
    if (certificate.standard != "FIPS 140-2") continue;
    CAPTURE(certificate.number);
    CHECK(certificate.status == "historical");
    CHECK(certificate.since == "2026-09-21");
  }
}

TEST_CASE("a list of certificates of the user's") {
  const auto good = parse_certificates("mine.json", R"({"as_of": "2027-01-02", "certificates": [
      {"number": "3678", "status": "revoked", "note": "ours"}]})");
  REQUIRE(good.ok());
  CHECK(good->as_of == "2027-01-02");
  REQUIRE(good->find("3678") != nullptr);
  CHECK(good->find("3678")->status == "revoked");
  CHECK(good->find("1") == nullptr);
}

TEST_CASE("all problems of a list of certificates come back together, with their places") {
  const auto bad = parse_certificates(
      "mine.json", "{\"as_of\": \"yesterday\",\n \"certificates\": [{\"number\": 3678}]}");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().kind == base::ErrorKind::input);
  REQUIRE(bad.error().diagnostics.size() == 3);
  CHECK(bad.error().diagnostics[0].message == "'as_of' must be a date like 2026-09-21");
  CHECK(bad.error().diagnostics[1].message == "'number' must be a text");
  CHECK(bad.error().diagnostics[1].span->location().starts_with("mine.json:2:"));
  CHECK(bad.error().diagnostics[2].message == "'status' is missing");
}

}  // namespace konvoy::binary

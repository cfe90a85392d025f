#include "verify/manifest.hpp"

#include <doctest/doctest.h>

#include "base/diagnostic.hpp"
#include "json/reader.hpp"
#include "json/render.hpp"
#include "verify/schema.hpp"

using namespace konvoy::verify;
using konvoy::value::Value;

namespace {

const std::string sha(64, 'a');

Manifest example() {
  return {.created = 1709210096,
          .not_after = 1809210096,
          .os_id = "rhel",
          .os_version = "8.4",
          .architecture = "x86_64",
          .kubernetes = "1.21.6+fips.0",
          .containerd = "1.4.7",
          .module_name = "BoringCrypto",
          .module_certificate = "3702",
          .signing_key =
              SigningKey{.scheme = Scheme::pss, .spki_pem = "-----BEGIN PUBLIC KEY-----\nAA==\n"},
          .files = {{.path = "/usr/bin/kubelet",
                     .size = 123,
                     .sha256 = sha,
                     .signature = std::string(512, 's'),
                     .package = "kubelet-1.21.6-0.x86_64"}},
          .images = {{.name = "etcd",
                      .reference = "example.org/etcd:v3",
                      .digest = "sha256:" + sha,
                      .binary = "/usr/local/bin/etcd",
                      .sha256 = sha}},
          .services = {{.name = "etcd",
                        .host = "::1",
                        .port = 2379,
                        .min_version = "TLS1.2",
                        .allowed_ciphers = {"TLS_AES_128_GCM_SHA256"},
                        .client_cert = true}}};
}

konvoy::base::Result<Manifest> decode(const std::string& text) {
  auto value = konvoy::json::parse("manifest.json", text);
  REQUIRE(value);
  return decode_manifest(*value);
}

std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> messages;
  const auto manifest = decode(text);
  if (manifest) return messages;
  for (const auto& diagnostic : manifest.error().diagnostics) {
    messages.push_back(diagnostic.message);
  }
  return messages;
}

const std::string head =
    R"("api_version": "fips.manifest/v1", "created": "2026-01-01T00:00:00Z",
       "os": {"id": "rhel", "version": "8.4", "arch": "x86_64"})";

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a manifest survives being written and read") {
  const auto again = decode(konvoy::json::render(to_value(example())));
  REQUIRE(again);
  CHECK(*again == example());
}

TEST_CASE("fields that are not known are passed over") {
  const auto manifest = decode("{" + head + R"(, "future": {"a": [1]}, "files":
      [{"path": "/a", "size": 1, "sha256": ")" +
                               sha + R"(", "more": true}]})");
  REQUIRE(manifest);
  CHECK(manifest->files.size() == 1);
}

TEST_CASE("every problem comes with its path, all of them at once") {
  CHECK(problems(R"({"api_version": "fips.manifest/v9", "created": "today", "os": {"id": "rhel"},
                     "files": [{"path": "/usr/../etc/x", "size": -1, "sha256": "AB"}, 7],
                     "services": [{"name": "a", "address": "localhost"}]})") ==
        Words{"$.api_version: 'fips.manifest/v9' is not understood, only 'fips.manifest/v1'",
              "$.created: expected a time like '2026-11-23T06:00:00Z', got text 'today'",
              "$.os.version: it is missing", "$.os.arch: it is missing",
              "$.files[0].path: expected an absolute path without '.' and '..', got text "
              "'/usr/../etc/x'",
              "$.files[0].size: expected a whole number that is not negative, got integer '-1'",
              "$.files[0].sha256: expected 64 lower case hexadecimal digits, got text 'AB'",
              "$.files[1]: expected an object, got integer",
              "$.services[0].address: expected an address like 'localhost:6443', got text "
              "'localhost'"});
  CHECK(problems("[]") == Words{"$: expected an object, got list"});
  CHECK(problems("{" + head + "}") == Words{"$: it names neither files nor images"});
}

TEST_CASE("what could be read in two ways is refused") {
  const std::string file = R"({"path": "/a", "size": 1, "sha256": ")" + sha + "\"}";
  CHECK(problems("{" + head + R"(, "files": [)" + file + "," + file + "]}") ==
        Words{"$.files[1]: '/a' stands twice"});
}

TEST_CASE("a signature needs its key and the right length") {
  const std::string good(683, 'A');  // base64 of 512 zero bytes without its padding
  const auto file = [&](const std::string& signature) {
    return "{" + head + R"(, "files": [{"path": "/a", "size": 1, "sha256": ")" + sha +
           R"(", "signature": ")" + signature + "\"}]}";
  };
  CHECK(problems(file(good + "=")) ==
        Words{"$.files[0].signature: there is no '$.signing_key' to check it"});
  CHECK(problems(file("AAAA")) ==
        Words{"$.files[0].signature: expected the base64 of 512 bytes, got text 'AAAA'"});
}

TEST_CASE("an executable in an image needs its digest") {
  CHECK(problems("{" + head + R"(, "images": [{"name": "a", "ref": "r", "digest": "sha256:)" + sha +
                 R"(", "binary": "/b"}]})") == Words{"$.images[0].sha256: it is missing"});
}

TEST_CASE("dates are checked against the clock") {
  Manifest manifest = example();
  CHECK(check_dates(manifest, manifest.created));
  CHECK(check_dates(manifest, manifest.created - 200));
  CHECK(check_dates(manifest, manifest.created - 400).error().message() ==
        "the manifest was made on 2024-02-29T12:34:56Z, which is in the future");
  CHECK(check_dates(manifest, *manifest.not_after + 1).error().message() ==
        "the manifest was good until 2027-05-01T22:21:36Z only");
}

TEST_CASE("the published schema is JSON and names every field that is written") {
  const auto schema = konvoy::json::parse("schema", std::string(manifest_schema()));
  REQUIRE(schema);
  const Value written = to_value(example());
  const Value* known = schema->at_path("properties");
  REQUIRE(known != nullptr);
  for (const auto& field : written.map()->entries()) {
    CAPTURE(field.key);
    const Value* described = known->map()->find(field.key);
    REQUIRE(described != nullptr);
    const Value* items = described->at_path("items.properties");
    if (items == nullptr) continue;
    for (const auto& inner : field.value.list()->front().map()->entries()) {
      CAPTURE(inner.key);
      CHECK(items->map()->find(inner.key) != nullptr);
    }
  }
}

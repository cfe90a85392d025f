#include "archive/oci_layout.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "archive/temporary_directory.hpp"
#include "crypto/digest.hpp"

namespace konvoy::archive {
namespace {

using test::TemporaryDirectory;

struct Fixture {
  TemporaryDirectory directory;
  Fixture() {
    std::filesystem::create_directories(directory.path("blobs/sha256"));
    write("oci-layout", R"({"imageLayoutVersion": "1.0.0"})");
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory.path(name), std::ios::binary) << text;
  }
  // Stores a blob and gives its digest.
  [[nodiscard]] std::string blob(const std::string& content) const {
    const auto hex = crypto::sha256_hex(content);
    REQUIRE(hex.ok());
    write("blobs/sha256/" + *hex, content);
    return "sha256:" + *hex;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "images are found through indexes, layers lowest first") {
  const auto low = blob("low");
  const auto high = blob("high");
  const auto other = blob("attestation");
  const auto manifest = blob(fmt::format(
      R"({{"layers": [{{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "{}"}},
                     {{"mediaType": "application/vnd.in-toto+json", "digest": "{}"}},
                     {{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "{}"}}]}})",
      low, other, high));
  const auto inner = blob(fmt::format(R"({{"manifests": [{{"digest": "{}"}}]}})", manifest));
  write("index.json", fmt::format(R"({{"manifests": [{{"digest": "{}", "annotations":
                        {{"org.opencontainers.image.ref.name": "etcd:3.4"}}}},
                       {{"digest": "{}"}}]}})",
                                  manifest, inner));
  CHECK(is_oci_layout(directory.path()));
  const auto images = read_oci_layout(directory.path());
  REQUIRE(images.ok());
  REQUIRE(images->size() == 2);
  CHECK(images->at(0).name == "etcd:3.4");
  CHECK(images->at(1).name == manifest.substr(0, 19));
  CHECK(images->at(0).layers ==
        std::vector<std::string>{directory.path("blobs/sha256/" + low.substr(7)),
                                 directory.path("blobs/sha256/" + high.substr(7))});
}

TEST_CASE_FIXTURE(Fixture, "a blob that is not what its name says is an error") {
  const auto manifest = blob("{}");
  write("index.json", fmt::format(R"({{"manifests": [{{"digest": "{}"}}]}})", manifest));
  write("blobs/sha256/" + manifest.substr(7), "{ }");
  const auto images = read_oci_layout(directory.path());
  REQUIRE_FALSE(images.ok());
  CHECK(images.error().kind == base::ErrorKind::input);
}

TEST_CASE_FIXTURE(Fixture, "digests lead nowhere else") {
  for (const std::string bad : {"sha256:../../../etc/passwd", "md5:0", "", "sha256:ABC"}) {
    write("index.json", fmt::format(R"({{"manifests": [{{"digest": "{}"}}]}})", bad));
    CHECK_FALSE(read_oci_layout(directory.path()).ok());
  }
}

TEST_CASE("whiteouts") {
  CHECK(whiteout_of("usr/bin/kubelet").kind == Whiteout::Kind::none);
  CHECK(whiteout_of("usr/bin/.wh.kubelet") == Whiteout{Whiteout::Kind::path, "usr/bin/kubelet"});
  CHECK(whiteout_of(".wh.usr") == Whiteout{Whiteout::Kind::path, "usr"});
  CHECK(whiteout_of("usr/.wh..wh..opq") == Whiteout{Whiteout::Kind::directory_content, "usr"});
  CHECK(whiteout_of(".wh..wh..opq") == Whiteout{Whiteout::Kind::directory_content, ""});
}

}  // namespace konvoy::archive

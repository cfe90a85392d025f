#include "app/image_bundle.hpp"

#include <doctest/doctest.h>

#include "archive/pack.hpp"
#include "crypto/digest.hpp"
#include "system/file.hpp"

using namespace konvoy;

namespace {

struct World {
  base::Result<system::TemporaryDirectory> directory = system::TemporaryDirectory::make();
  std::vector<std::string> warnings;
  app::ArtifactOptions options{
      .events = [this](const base::Event& event) { warnings.push_back(event.detail); }};

  [[nodiscard]] std::string path(const std::string& name) const {
    return directory->path() + "/" + name;
  }
  void save(const std::string& name, const std::string& index, const std::string& text) const {
    REQUIRE(archive::pack(path(name), {{.path = "blobs/sha256/0", .content = "layer"},
                                       {.path = index, .content = text}})
                .ok());
  }
  void write_sums(const std::string& text) const {
    REQUIRE(system::write_file(path("SHA256SUMS"), text).ok());
  }
  [[nodiscard]] base::Result<app::ImageBundle> open() const {
    return app::open_image_bundle({directory->path(), {}}, options);
  }
  [[nodiscard]] std::string digest(const std::string& name) const {
    return crypto::sha256_hex(*system::read_file(path(name))).value();
  }
};

const std::string layout =
    R"({"manifests": [{"digest": "sha256:0", "annotations":
        {"io.containerd.image.name": "registry.k8s.io/pause:3.4.1"}}]})";
const std::string docker = R"([{"RepoTags": ["busybox:1", "me/tool:2", "localhost/x:3"]}])";

}  // namespace

TEST_CASE_FIXTURE(World, "images have the names that containerd gives them") {
  save("a.tar.gz", "index.json", layout);
  save("b.tar", "manifest.json", docker);
  const auto bundle = open();
  REQUIRE(bundle.ok());
  REQUIRE(bundle->archives.size() == 2);
  CHECK(bundle->archives[0].images == std::vector<std::string>{"registry.k8s.io/pause:3.4.1"});
  CHECK(bundle->archives[1].images == std::vector<std::string>{"docker.io/library/busybox:1",
                                                               "docker.io/me/tool:2",
                                                               "localhost/x:3"});
}

TEST_CASE_FIXTURE(World, "digests are compared where they are known, else it is said") {
  save("a.tar", "index.json", layout);
  save("b.tar", "index.json", layout);
  write_sums(digest("a.tar") + "  a.tar\n");
  const auto bundle = open();
  REQUIRE(bundle.ok());
  CHECK(bundle->origins[0].sha256_known);
  CHECK_FALSE(bundle->origins[1].sha256_known);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("without knowing its SHA-256: b.tar") != std::string::npos);
  options.strict = true;
  CHECK_FALSE(open().ok());
  write_sums(digest("a.tar") + " *a.tar\n" + digest("b.tar") + " *b.tar\n");
  CHECK(open().ok());
  write_sums(std::string(64, '0') + "  a.tar\n");
  CHECK(open().error().message().find("has the SHA-256 " + digest("a.tar") + ", not 000") !=
        std::string::npos);
}

TEST_CASE_FIXTURE(World, "what is no archive of named images is refused by its path") {
  CHECK(open().error().message() == "'" + directory->path() + "' has no archive of images");
  save("a.tar", "index.json", R"({"manifests": [{"digest": "sha256:0"}]})");
  CHECK(open().error().message() == "'" + path("a.tar") + "' gives no image a name");
  save("a.tar", "index.json",
       R"({"manifests": [{"annotations": {"org.opencontainers.image.ref.name": "v1"}}]})");
  CHECK(open().error().message() == "'" + path("a.tar") + "' gives no image a name");
  REQUIRE(system::write_file(path("a.tar"), "text").ok());
  CHECK(open().error().message().find(path("a.tar")) != std::string::npos);
  CHECK(app::open_image_bundle({path("none"), {}}, options).error().message() ==
        "images are looked for in '" + path("none") + "': no such file or directory");
}

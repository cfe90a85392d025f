#include "app/artifact_store.hpp"

#include <doctest/doctest.h>

#include "archive/pack.hpp"
#include "crypto/digest.hpp"
#include "system/file.hpp"

using namespace konvoy;

namespace {

struct World {
  base::Result<system::TemporaryDirectory> directory = system::TemporaryDirectory::make();
  std::string archive = directory->path() + "/containerd.tar.gz";
  std::vector<std::string> warnings;
  app::ArtifactOptions options{.cache = directory->path() + "/cache",
                               .events = [this](const base::Event& event) {
                                 if (event.kind == base::Event::Kind::warning) {
                                   warnings.push_back(event.detail);
                                 }
                               }};
  plan::Spec spec{.containerd = {.form = plan::ContainerdForm::archive,
                                 .archive = {.file = {archive, {}},
                                             .sha256_variable = "containerd_tar_sha256"}}};

  World() {
    pack({{.path = "./etc/systemd/system/containerd.service", .content = "[Service]\n"},
          {.path = "usr/local/bin/containerd", .mode = 0755, .content = "containerd"},
          {.path = "usr/local/bin/c",
           .kind = archive::EntryKind::symbolic_link,
           .link_target = "containerd"},
          {.path = "usr/local/sbin/runc", .mode = 0755, .content = "runc"}});
  }
  void pack(const std::vector<archive::Member>& members) const {
    REQUIRE(archive::pack(archive, members).ok());
  }
  [[nodiscard]] std::string digest() const {
    return crypto::sha256_hex(*system::read_file(archive)).value();
  }
  [[nodiscard]] std::string error() const {
    app::ArtifactStore store(options);
    const auto found = store.find(spec);
    return found ? "" : found.error().message();
  }
};

}  // namespace

TEST_CASE_FIXTURE(World, "an archive becomes its files, with digests and origin") {
  spec.containerd.archive.sha256.value = digest();
  app::ArtifactStore store(options);
  const auto found = store.find(spec);
  REQUIRE(found.ok());
  REQUIRE(found->artifacts.containerd);
  const auto& content = *found->artifacts.containerd;
  CHECK(content.sha256 == digest());
  REQUIRE(content.files.size() == 3);
  CHECK(content.files[1].path == "usr/local/bin/containerd");
  CHECK(content.files[1].mode == 0755);
  CHECK(content.files[1].sha256 == crypto::sha256_hex("containerd").value());
  CHECK(*system::read_file(content.files[1].local_path) == "containerd");
  CHECK(content.links ==
        std::vector<std::pair<std::string, std::string>>{{"usr/local/bin/c", "containerd"}});
  CHECK(found->origins == std::vector<record::Artifact>{{archive, digest(), true}});
  CHECK(warnings.empty());

  // Another run finds it unpacked.
  app::ArtifactStore again(options);
  CHECK(again.find(spec)->artifacts == found->artifacts);
}

TEST_CASE_FIXTURE(World, "a digest that is not known is warned of once, and refused if strict") {
  app::ArtifactStore store(options);
  REQUIRE(store.find(spec).ok());
  CHECK(store.find(spec)->origins == std::vector<record::Artifact>{{archive, digest(), false}});
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0] == "'" + archive +
                           "' is used without knowing its SHA-256; set 'containerd_tar_sha256' to "
                           "the digest that its publisher gives");
  options.strict = true;
  CHECK(error() == "'" + archive + "' is used without knowing its SHA-256");
}

TEST_CASE_FIXTURE(World, "what is not the archive that was meant is refused") {
  spec.containerd.archive.sha256.value = std::string(64, '0');
  CHECK(error() ==
        "'" + archive + "' has the SHA-256 " + digest() + ", not " + std::string(64, '0'));
  spec.containerd.archive.sha256.value.clear();
  spec.containerd.archive.file.value = directory->path() + "/nowhere/../missing.tar.gz";
  CHECK(error() == "'" + directory->path() +
                       "/missing.tar.gz' can't be read: no such file or "
                       "directory");
  spec.containerd.archive = {.url = {"http://127.0.0.1:9/c.tar.gz", {}}};
  CHECK(error() ==
        "'http://127.0.0.1:9/c.tar.gz' would be fetched over http without a known digest");
}

TEST_CASE_FIXTURE(World, "an archive that could not start containerd is refused") {
  pack({{.path = "usr/local/bin/containerd", .mode = 0755, .content = "containerd"},
        {.path = "usr/local/sbin/runc", .mode = 0755, .content = "runc"}});
  CHECK(error() == "'" + archive + "' has no 'containerd.service'");
  pack({{.path = "x", .kind = archive::EntryKind::symbolic_link, .link_target = "y"}});
  CHECK(error() == "'" + archive + "' has no 'containerd'");
}

#include "verify/images.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "crypto/digest.hpp"
#include "support/fake_target.hpp"
#include "verify/image_binary.hpp"

using namespace konvoy::verify;
using konvoy::test::FakeTarget;

namespace {

std::string sha256(const std::string& bytes) {
  return konvoy::crypto::sha256_hex(bytes).value();
}
std::string digest(const std::string& bytes) {
  return "sha256:" + sha256(bytes);
}

/// A content store with one image; its parts can be changed afterwards.
struct Store {
  std::string layer = "layer";
  std::string config = R"({"architecture": "amd64"})";
  std::string manifest;
  std::string index;

  Store() {
    manifest = R"({"config": {"digest": ")" + digest(config) + R"("}, "layers": [{"digest": ")" +
               digest(layer) + R"("}]})";
    index = R"({"manifests": [{"digest": ")" + digest("other") +
            R"(", "platform": {"architecture": "arm64"}}, {"digest": ")" + digest(manifest) +
            R"(", "platform": {"architecture": "amd64"}}]})";
  }

  void fill(FakeTarget& node) const {
    for (const std::string& blob : {layer, config, manifest, index}) {
      node.add_file(path(blob), blob);
    }
    node.on_command("ctr *", {.status = 0,
                              .out = "REF TYPE DIGEST SIZE PLATFORMS LABELS\nexample.org/etcd:v3 "
                                     "application/x " +
                                     digest(index) + " 10MiB linux/amd64 -\n"});
  }
  static std::string path(const std::string& blob) {
    return std::string(content_store) + "/" + sha256(blob);
  }
  [[nodiscard]] Manifest wanted() const {
    return {
        .architecture = "x86_64",
        .images = {{.name = "etcd", .reference = "example.org/etcd:v3", .digest = digest(index)}}};
  }
};

Component check(FakeTarget& node, const Manifest& manifest) {
  const auto store = node_images(node);
  REQUIRE(store);
  const auto components = verify_images({&*store, 1}, manifest, {});
  REQUIRE(components);
  REQUIRE(components->size() == 1);
  return components->front();
}

}  // namespace

TEST_CASE("an image that is whole is ok") {
  FakeTarget node;
  const Store store;
  store.fill(node);
  const Component component = check(node, store.wanted());
  CAPTURE(component.detail);
  CHECK(component.status == Status::ok);
  CHECK(component.kind == Component::Kind::image);
}

TEST_CASE("what is missing or changed is found") {
  FakeTarget node;
  const Store store;
  store.fill(node);
  Manifest manifest = store.wanted();
  Status expected = Status::mismatch;
  SUBCASE("the reference leads elsewhere") {
    manifest.images[0].digest = digest("x");
  }
  SUBCASE("no such reference") {
    manifest.images[0].reference = "example.org/etcd:v4";
    expected = Status::missing;
  }
  SUBCASE("the index was changed") {
    node.add_file(Store::path(store.index), "{}");
  }
  SUBCASE("the manifest was changed") {
    node.add_file(Store::path(store.manifest), "{}");
  }
  SUBCASE("the configuration was changed") {
    node.add_file(Store::path(store.config), "{}");
  }
  SUBCASE("a layer was changed") {
    node.add_file(Store::path(store.layer), "Layer");
  }
  SUBCASE("no variant for the node") {
    manifest.architecture = "s390x";
    expected = Status::missing;
  }
  CHECK(check(node, manifest).status == expected);
}

TEST_CASE("in an image root the content alone counts") {
  FakeTarget root("root", false);
  const Store store;
  store.fill(root);
  root.on_command("ctr *", {.status = 127});
  CHECK(check(root, store.wanted()).status == Status::ok);
  FakeTarget empty("root", false);
  CHECK(check(empty, store.wanted()).status == Status::missing);
}

TEST_CASE("lists of ctr are read") {
  CHECK(parse_image_list("REF TYPE DIGEST\na:1 t " + digest("a") + " 1 B -\nb t none\n\n") ==
        std::vector<ListedImage>{{"a:1", digest("a")}});
  CHECK(parse_image_list("").empty());
}

namespace {

/// One member of a tar archive (POSIX ustar).
std::string member(const std::string& path, const std::string& bytes) {
  std::string header(512, '\0');
  header.replace(0, path.size(), path);
  header.replace(100, 8, std::string("0000755\0", 8));
  header.replace(108, 16,
                 std::string("0000000\0"
                             "0000000\0",
                             16));
  header.replace(124, 12, fmt::format("{:011o} ", bytes.size()));
  header.replace(136, 12, "00000000000 ");
  header.replace(148, 8, "        ");
  header[156] = '0';
  header.replace(257, 8,
                 std::string("ustar\0"
                             "00",
                             8));
  unsigned sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  header.replace(148, 8, fmt::format("{:06o}\0 ", sum).substr(0, 6) + std::string("\0 ", 2));
  return header + bytes + std::string((512 - bytes.size() % 512) % 512, '\0');
}

const std::string end(1024, '\0');

}  // namespace

TEST_CASE("a file is found in a layer, or removed by it") {
  const auto in = [](const std::string& layer, const char* path) {
    const auto found = find_in_layer(layer + end, path);
    REQUIRE(found);
    return *found;
  };
  const std::string etcd = member("usr/local/bin/etcd", "etcd");
  CHECK(in(member("a", "b") + etcd, "/usr/local/bin/etcd").content == "etcd");
  CHECK(in(member("./usr/local/bin/etcd", "dot"), "/usr/local/bin/etcd").content == "dot");
  CHECK(in(etcd + member("usr/local/bin/etcd", "later"), "/usr/local/bin/etcd").content == "later");
  CHECK(in(etcd, "/usr/local/bin/etcdctl") == LayerFinding{});
  CHECK(in(member("usr/local/bin/.wh.etcd", ""), "/usr/local/bin/etcd").removed);
  CHECK(in(member("usr/.wh.local", ""), "/usr/local/bin/etcd").removed);
  CHECK(in(member("usr/local/.wh..wh..opq", ""), "/usr/local/bin/etcd").removed);
  CHECK_FALSE(in(member("usr/.wh.loc", ""), "/usr/local/bin/etcd").removed);
}

TEST_CASE("the executable inside an image is digested, the uppermost layer counts") {
  FakeTarget node;
  Store store;
  store.layer = member("usr/local/bin/etcd", "etcd") + end;
  store.manifest = R"({"config": {"digest": ")" + digest(store.config) +
                   R"("}, "layers": [{"digest": ")" + digest(store.layer) + R"("}]})";
  store.index = store.manifest;
  store.fill(node);
  Manifest manifest = store.wanted();
  manifest.images[0].binary = "/usr/local/bin/etcd";
  manifest.images[0].sha256 = sha256("etcd");
  CHECK(check(node, manifest).status == Status::ok);
  manifest.images[0].sha256 = sha256("other");
  CHECK(check(node, manifest).status == Status::mismatch);
  manifest.images[0].binary = "/etcd";
  CHECK(check(node, manifest).status == Status::missing);
}

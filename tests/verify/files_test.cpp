#include "verify/files.hpp"

#include <doctest/doctest.h>

#include "crypto/digest.hpp"
#include "support/fake_target.hpp"

using namespace konvoy::verify;
using konvoy::test::FakeTarget;

namespace {

const std::string content =
    "\x7f"
    "ELF kubelet";

FileEntry entry(const std::string& path, const std::string& bytes) {
  return {.path = path, .size = bytes.size(), .sha256 = konvoy::crypto::sha256_hex(bytes).value()};
}

Manifest manifest_of(std::vector<FileEntry> files) {
  return {.signing_key = SigningKey{}, .files = std::move(files)};
}

Component check(FakeTarget& node, const FileEntry& file, const ContentTools& tools = {}) {
  ContentMemory memory;
  const auto components = verify_files(node, manifest_of({file}), tools, memory);
  REQUIRE(components);
  REQUIRE(components->size() == 1);
  return components->front();
}

}  // namespace

TEST_CASE("a file that is as the manifest says is ok, and its package is named") {
  FakeTarget node;
  node.add_file("/usr/bin/kubelet", content);
  node.on_command("rpm -qf *", {.status = 0, .out = "kubelet-1.21.6-0.x86_64\n"});
  const Component component = check(node, entry("/usr/bin/kubelet", content));
  CHECK(component.status == Status::ok);
  CHECK(component.detail == "Digest Validated");
  CHECK(component.package == "kubelet-1.21.6-0.x86_64");
}

TEST_CASE("what is not the file of the manifest is told apart") {
  FakeTarget node;
  const FileEntry file = entry("/usr/bin/kubelet", content);
  SUBCASE("missing") {
    const Component component = check(node, file);
    CHECK(component.status == Status::missing);
    CHECK(component.detail == "it is not there");
  }
  SUBCASE("a link to the right bytes") {
    node.add_file("/opt/kubelet", content);
    node.add_link("/usr/bin/kubelet", "/opt/kubelet");
    const Component component = check(node, file);
    CHECK(component.status == Status::mismatch);
    CHECK(component.detail == "it is a symbolic link to '/opt/kubelet', not a file");
  }
  SUBCASE("a directory") {
    node.add_directory("/usr/bin/kubelet");
    CHECK(check(node, file).status == Status::mismatch);
  }
  SUBCASE("another size") {
    node.add_file("/usr/bin/kubelet", content + "x");
    CHECK(check(node, file).detail == "it has 13 bytes, the manifest says 12");
  }
  SUBCASE("one other byte") {
    std::string other = content;
    other.back() = 'T';
    node.add_file("/usr/bin/kubelet", other);
    const Component component = check(node, file);
    CHECK(component.status == Status::mismatch);
    CHECK(component.detail.starts_with("its SHA-256 is "));
  }
  SUBCASE("not readable") {
    node.refuse("/usr/bin/kubelet", "permission denied");
    const Component component = check(node, file);
    CHECK(component.status == Status::error);
    CHECK(component.detail == "permission denied");
  }
}

TEST_CASE("signature and class are judged from the bytes whose digest is right") {
  FakeTarget node;
  node.add_file("/usr/bin/kubelet", content);
  FileEntry file = entry("/usr/bin/kubelet", content);
  file.signature = "sig";
  ContentTools tools{
      .classify = [](std::string_view bytes) -> konvoy::base::Result<Classification> {
        CHECK(bytes == content);
        return Classification{.file_class = "goboring"};
      },
      .check_signature = [](const SigningKey&, std::string_view bytes, std::string_view signature)
          -> konvoy::base::Result<bool> { return bytes == content && signature == "sig"; },
      .signature_by = "a test"};
  SUBCASE("good") {
    const Component component = check(node, file, tools);
    CHECK(component.status == Status::ok);
    CHECK(component.detail == "Signature Validated");
    CHECK(component.file_class == "goboring");
    CHECK(component.signature_by == "a test");
  }
  SUBCASE("a signature of another content") {
    file.signature = "gis";
    const Component component = check(node, file, tools);
    CHECK(component.status == Status::mismatch);
  }
  SUBCASE("a class that must not be there") {
    tools.classify = [](std::string_view) -> konvoy::base::Result<Classification> {
      return Classification{.file_class = "false-claim", .objection = "it has no module"};
    };
    const Component component = check(node, file, tools);
    CHECK(component.status == Status::error);
    CHECK(component.detail == "it has no module");
  }
}

TEST_CASE("a file that is swapped between its digest and its use is found out") {
  FakeTarget node;
  node.add_file("/usr/bin/kubelet", content);
  std::string other = content;
  other.back() = 'T';
  // The digest comes from a program of the node; by then the file is another one.
  node.on_command("openssl dgst -sha256 *", [&](FakeTarget& machine, const auto&) {
    const std::string digest = konvoy::crypto::sha256_hex(content).value();
    machine.add_file("/usr/bin/kubelet", other);
    return konvoy::target::CommandAnswer{.status = 0, .out = digest + " */usr/bin/kubelet\n"};
  });
  const ContentTools tools{
      .classify = [](std::string_view) -> konvoy::base::Result<Classification> {
        FAIL("bytes were judged that nobody digested");
        return Classification{};
      },
      .digest_by_openssl = true};
  const Component component = check(node, entry("/usr/bin/kubelet", content), tools);
  CHECK(component.status == Status::error);
  CHECK(component.detail == "it was changed while it was read");
  CHECK(component.digest_by == "the node's openssl");
}

TEST_CASE("the same content is looked at once") {
  FakeTarget node;
  node.add_file("/usr/bin/a", content);
  node.add_file("/usr/bin/b", content);
  int looks = 0;
  const ContentTools tools{
      .classify = [&](std::string_view) -> konvoy::base::Result<Classification> {
        ++looks;
        return Classification{.file_class = "goboring"};
      }};
  ContentMemory memory;
  const auto components =
      verify_files(node, manifest_of({entry("/usr/bin/a", content), entry("/usr/bin/b", content)}),
                   tools, memory);
  REQUIRE(components);
  CHECK(looks == 1);
  CHECK(components->at(1).file_class == "goboring");
}

TEST_CASE("Kubernetes programs that the manifest does not know are found") {
  FakeTarget node;
  node.add_file("/usr/bin/kubelet", content);
  node.add_file("/usr/bin/less", "x");
  node.add_file("/usr/local/bin/kubelet", content);
  node.add_file("/opt/bin/runc", content);
  const auto extra =
      find_extra_executables(node, manifest_of({entry("/usr/bin/kubelet", content)}));
  REQUIRE(extra);
  CHECK(*extra == std::vector<std::string>{"/opt/bin/runc", "/usr/local/bin/kubelet"});
}

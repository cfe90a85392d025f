// Every class and every layout on synthetic files; tests/e2e/test_inspect.py does the same with
// real programs. Only synthetic here: openssl-backed, go-native, goboring-unknown-module, Go before
// 1.18 and after 1.19, 32-bit and big-endian machines.
#include "binary/inspect.hpp"

#include <doctest/doctest.h>

#include "binary/build_info.hpp"
#include "binary/function_names.hpp"
#include "binary/synthetic_elf.hpp"
#include "crypto/hmac.hpp"

namespace konvoy::binary {
namespace {

using test::SyntheticElf;

const std::vector<std::string> runtime_names{"runtime.main", "main.main"};

std::vector<std::string> with_runtime(std::vector<std::string> names) {
  names.insert(names.end(), runtime_names.begin(), runtime_names.end());
  return names;
}

// What a module build would be like that is 256 bytes long.
KnownModule small_module() {
  std::string text(256, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 7 + 1);
  KnownModule module{.build = "small/1",
                     .certificate = "1",
                     .prefix = text.substr(0, 64),
                     .length = text.size(),
                     .key = std::string(64, '\0'),
                     .code_offset = 300};
  module.sha256 = *crypto::digest(crypto::DigestAlgorithm::sha256, text);
  module.code = *crypto::hmac(module.hmac, module.key, text);
  return module;
}

std::string text_of_small_module() {
  std::string text(256, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 7 + 1);
  return text + std::string(300 - 256, '\x90') + small_module().code;
}

Knowledge knowledge() {
  return {.modules = {small_module()},
          .native = {{"v1.0.0", "5247"}},
          .certificates = {.as_of = "2026-09-21",
                           .certificates = {{.number = "1", .status = "historical"},
                                            {.number = "5247", .status = "active"}}}};
}

// A Go 1.19 program without cryptography.
SyntheticElf go_program(std::string_view version = "go1.19", std::string_view lines = "") {
  SyntheticElf elf;
  elf.code = std::string(64, '\x90');
  elf.constants = test::function_table(0xfffffff0, runtime_names);
  elf.data = test::inline_build_info(version, lines);
  return elf;
}

SyntheticElf boring_program() {
  auto elf = go_program("go1.19 X:boringcrypto");
  elf.code += test::boring_marker() + std::string(32, '\x90') + text_of_small_module();
  return elf;
}

Findings judge(const SyntheticElf& elf) {
  const auto findings = inspect(elf.build(), knowledge());
  REQUIRE(findings.ok());
  return *findings;
}

}  // namespace

TEST_CASE("every class has a name that reads back") {
  CHECK(all_classes().size() == 10);
  for (const auto type : all_classes()) CHECK(parse_class(name_of(type)) == type);
  CHECK_FALSE(parse_class("boring").has_value());
}

TEST_CASE("not-elf and not-go") {
  CHECK(inspect("", knowledge())->type == Class::not_elf);
  CHECK(inspect("#!/bin/sh\n", knowledge())->type == Class::not_elf);
  SyntheticElf c_program{.interpreter = true, .code = "code"};
  const auto findings = judge(c_program);
  CHECK(findings.type == Class::not_go);
  CHECK(findings.linking == Linking::dynamic);
  CHECK(findings.architecture == "amd64");
}

TEST_CASE("a module counts only byte for byte, with its code and its marker") {
  const auto good = judge(boring_program());
  CHECK(good.type == Class::goboring);
  CHECK(good.module == ModuleFinding{"small/1", "1", "historical", "2026-09-21"});
  CHECK(render(*good.module) == "module build small/1, certificate 1, historical as of 2026-09-21");

  auto elf = boring_program();
  const auto text = elf.code.find(text_of_small_module());
  for (const std::size_t at : {std::size_t{0}, std::size_t{63}, std::size_t{64}, std::size_t{255},
                               std::size_t{300}, std::size_t{363}}) {
    CAPTURE(at);
    auto changed = elf;
    changed.code[text + at] = static_cast<char>(changed.code[text + at] ^ 1);
    const auto findings = judge(changed);
    CHECK(findings.type == Class::goboring_tampered);
    CHECK_FALSE(findings.module.has_value());
  }
  auto cut = elf;
  cut.code.resize(text + 200);
  CHECK(judge(cut).type == Class::goboring_tampered);
}

TEST_CASE("a dead copy of the module's text in plain Go proves nothing") {
  auto elf = go_program();
  elf.code += test::standard_marker() + text_of_small_module();
  CHECK(judge(elf).type == Class::plain_go);
  elf = boring_program();
  elf.code += std::string((16 - elf.code.size() % 16) % 16, '\x90') + test::standard_marker();
  CHECK(judge(elf).type == Class::false_claim);
}

TEST_CASE("markers or calls without a known module are an unknown module") {
  auto marked = go_program("go1.30 X:boringcrypto");
  marked.code += test::boring_marker();
  CHECK(judge(marked).type == Class::goboring_unknown_module);

  auto arm = go_program("go1.21 X:boringcrypto");
  arm.machine = 183;
  arm.constants = test::function_table(
      0xfffffff1, with_runtime({"crypto/internal/boring._Cfunc__goboringcrypto_SHA256_Init"}));
  const auto findings = judge(arm);
  CHECK(findings.type == Class::goboring_unknown_module);
  CHECK(findings.architecture == "arm64");
}

TEST_CASE("a marker that was taken away does not hide a module") {
  auto elf = go_program("go1.19 X:boringcrypto");
  elf.code += text_of_small_module();
  elf.constants = test::function_table(
      0xfffffff0, with_runtime({"crypto/internal/boring._Cfunc__goboringcrypto_SHA256_Init"}));
  CHECK(judge(elf).type == Class::goboring_tampered);
}

TEST_CASE("backends of the host's OpenSSL come before everything that looks like BoringCrypto") {
  for (const std::string name : {"crypto/internal/boring._Cfunc__goboringcrypto_DLOPEN_OPENSSL",
                                 "vendor/github.com/golang-fips/openssl/v2.(*evpHash).Write",
                                 "vendor/github.com/microsoft/go-crypto-openssl/openssl.NewHMAC"}) {
    CAPTURE(name);
    auto elf = go_program("go1.20 X:boringcrypto,strictfipsruntime");
    elf.constants = test::function_table(
        0xfffffff1,
        with_runtime({"crypto/internal/boring._Cfunc__goboringcrypto_SHA256_Init", name}));
    CHECK(judge(elf).type == Class::openssl_backed);
  }
  // Somebody's own copy in a vendor directory is no backend of the standard library.
  auto elf = go_program();
  elf.constants = test::function_table(
      0xfffffff1, with_runtime({"example.test/x/vendor/github.com/golang-fips/openssl.Init"}));
  CHECK(judge(elf).type == Class::plain_go);
}

namespace {

// A program with Go's native module, whose four ranges are its whole code and constants segments.
SyntheticElf native_program(std::string_view settings) {
  auto elf = go_program("go1.24.3", settings);
  elf.code += test::standard_marker();
  elf.constants = test::function_table(
      0xfffffff1, with_runtime({"crypto/internal/fips140/sha256.(*Digest).Write"}));
  const auto info = elf.data;
  const auto sizes = std::vector<std::pair<std::uint64_t, std::uint64_t>>{
      {elf.code_address(), elf.code.size()},
      {elf.constants_address(), elf.constants.size()},
      {elf.constants_address(), 0},
      {elf.code_address(), 16}};
  auto hmac = crypto::Hmac::start(crypto::DigestAlgorithm::sha256, std::string(32, '\0'));
  REQUIRE(hmac->update("go fips object v1\n").ok());
  std::string ranges;
  for (const auto& [address, size] : sizes) {
    const auto& segment = address == elf.code_address() ? elf.code : elf.constants;
    REQUIRE(hmac->update(test::number(size, 8, Endian::big)).ok());
    REQUIRE(hmac->update(segment.substr(0, size)).ok());
    ranges += test::number(address, 8) + test::number(address + size, 8);
  }
  elf.data = std::string("\xff Go fipsinfo \xff\x00", 16) + *hmac->finish() +
             test::number(elf.data_address(), 8) + ranges;
  elf.data.resize(0x80, '\0');
  elf.data += info;
  return elf;
}

constexpr std::string_view native_settings =
    "build\tDefaultGODEBUG=fips140=on,tls10server=1\nbuild\tGOFIPS140=v1.0.0-c2097c7c\n"
    "build\tCGO_ENABLED=0\n";

}  // namespace

TEST_CASE("Go's native module must be built in, switched on and intact") {
  const auto good = judge(native_program(native_settings));
  CHECK(good.type == Class::go_native);
  CHECK(good.module == ModuleFinding{"v1.0.0-c2097c7c", "5247", "active", "2026-09-21"});
  CHECK(good.cgo == false);
  CHECK(good.go_version == "go1.24.3");

  auto changed = native_program(native_settings);
  changed.code[3] = '\x91';
  CHECK(judge(changed).type == Class::false_claim);
  changed = native_program(native_settings);
  changed.data[0] = 'x';
  CHECK(judge(changed).type == Class::false_claim);

  // The record alone is in every program of Go 1.24.
  CHECK(judge(native_program("")).type == Class::plain_go);
  CHECK(judge(native_program("build\tGOFIPS140=off\nbuild\tDefaultGODEBUG=fips140=on\n")).type ==
        Class::plain_go);
  CHECK(
      judge(native_program("build\tGOFIPS140=v1.0.0\nbuild\tDefaultGODEBUG=fips140=off\n")).type ==
      Class::plain_go);
}

TEST_CASE("claims without a module") {
  for (const std::string version : {"go1.19 X:boringcrypto", "go1.16.15b7"}) {
    CAPTURE(version);
    CHECK(judge(go_program(version)).type == Class::no_crypto);
    auto elf = go_program(version);
    elf.constants = test::function_table(0xfffffff0, with_runtime({"crypto/aes.newCipher"}));
    CHECK(judge(elf).type == Class::false_claim);
  }
  CHECK(judge(go_program("go1.21beta1")).type == Class::plain_go);
  auto setting = go_program("go1.19", "build\tGOEXPERIMENT=boringcrypto\n");
  setting.code += test::standard_marker();
  CHECK(judge(setting).type == Class::false_claim);
}

TEST_CASE("the TLS restriction, C code and primitives") {
  auto elf = boring_program();
  elf.code.insert(64, test::fips_only_marker());
  elf.constants = test::function_table(
      0xfffffff0,
      with_runtime({"runtime/cgo.(*Incomplete).x", "crypto/md5.(*digest).Write", "crypto/md5.Sum",
                    "vendor/golang.org/x/crypto/chacha20poly1305.New",
                    "example.test/a/vendor/golang.org/x/crypto/md4.New", "crypto/des.NewCipher",
                    "crypto/ecdh.(*x25519Curve).ecdh", "main.use[crypto/rc4.Cipher]"}));
  const auto findings = judge(elf);
  CHECK(findings.type == Class::goboring);
  CHECK(findings.fips_only);
  CHECK(findings.cgo == true);
  CHECK(findings.non_approved ==
        std::vector<std::string>{"chacha20poly1305", "des", "md4", "md5", "x25519"});
}

TEST_CASE("build information before Go 1.18 is reached through pointers, in both byte orders") {
  for (const unsigned word : {4U, 8U}) {
    for (const auto endian : {Endian::little, Endian::big}) {
      CAPTURE(word);
      SyntheticElf elf{.word = word,
                       .endian = endian,
                       .machine = word == 4 ? std::uint16_t{8} : std::uint16_t{21}};
      const auto n = [&](std::uint64_t value) { return test::number(value, word, endian); };
      elf.code = std::string(64, '\0');
      const std::string version = "go1.16.15b7";
      const auto text = test::marked("path\texample.test/old\n");
      elf.constants = version + text;
      elf.constants.resize(0x100, '\0');
      elf.constants +=
          test::old_function_table(with_runtime({"crypto/sha512.Sum512"}), word, endian);
      const auto headers = elf.data_address() + 32;
      elf.data = std::string("\xff Go buildinf:") + static_cast<char>(word) +
                 static_cast<char>(endian == Endian::big ? 1 : 0);
      elf.data += n(headers) + n(headers + 2 * word);
      elf.data.resize(32, '\0');
      elf.data += n(elf.constants_address()) + n(version.size()) +
                  n(elf.constants_address() + version.size()) + n(text.size());
      const auto file = elf.build();
      const auto parsed = parse_elf(file);
      REQUIRE(parsed.has_value());
      const auto info = find_build_info(*parsed);
      REQUIRE(info.has_value());
      CHECK(info->version == version);
      CHECK(info->path == "example.test/old");
      CHECK(judge(elf).type == Class::false_claim);
      // The pointer to the module text may lead into bss.
      elf.data.replace(32 + 2 * word, word, n(0x99999999U));
      CHECK(judge(elf).go_version == version);
    }
  }
}

TEST_CASE("a program of Go 1.9 has no build information and is known by its functions") {
  auto elf = go_program();
  elf.data = "nothing";
  elf.constants = test::old_function_table(with_runtime({"crypto/tls.Dial"}));
  const auto findings = judge(elf);
  CHECK(findings.type == Class::plain_go);
  CHECK(findings.go_version.empty());
}

TEST_CASE("package names") {
  CHECK(package_of("crypto/tls.(*Conn).Read") == "crypto/tls");
  CHECK(package_of("runtime.main") == "runtime");
  CHECK(package_of("vendor/golang.org/x/crypto/chacha20.New") == "golang.org/x/crypto/chacha20");
  CHECK(package_of("k8s.io/kubernetes/vendor/golang.org/x/crypto/md4.New") ==
        "golang.org/x/crypto/md4");
  CHECK(package_of("slices.Sort[go.shape.string,crypto/rc4.Cipher]") == "slices");
  CHECK(package_of("").empty());
}

TEST_CASE("no prefix of a program and no flipped byte makes trouble") {
  const auto file = boring_program().build();
  for (std::size_t size = 0; size < file.size(); size += 13) {
    CHECK(inspect(std::string_view(file).substr(0, size), knowledge()).ok());
  }
  for (std::size_t at = 0; at < 0x200; ++at) {
    auto changed = file;
    changed[at] = static_cast<char>(changed[at] ^ '\xff');
    CHECK(inspect(changed, knowledge()).ok());
  }
}

TEST_CASE("thousands of overlapping segments cost no more than the file") {
  SyntheticElf elf = go_program();
  elf.code.assign(4U << 20U, '\x90');
  auto file = elf.build();
  // Every program header maps the whole code, and there are as many as fit into the first page.
  const auto first = file.substr(64, 56);
  const std::size_t count = (0x1000 - 64) / 56;
  for (std::size_t i = 0; i < count; ++i) file.replace(64 + i * 56, 56, first);
  file.replace(56, 2, test::number(count, 2));
  const auto parsed = parse_elf(file);
  REQUIRE(parsed.has_value());
  std::uint64_t scanned = 0;
  for (const auto& range : parsed->ranges(true)) scanned += range.size;
  CHECK(scanned <= file.size());
}

}  // namespace konvoy::binary

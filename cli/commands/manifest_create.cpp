#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "app/manifest.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/hosts.hpp"
#include "cli/manifest_options.hpp"
#include "cli/options.hpp"
#include "cli/terminal/terminal.hpp"
#include "system/clock.hpp"
#include "system/file.hpp"
#include "verify/time.hpp"

namespace konvoy::cli {
namespace {

using base::Error;
using base::ErrorKind;

Error misuse(std::string message, std::string hint) {
  return {ErrorKind::usage, std::move(message), std::move(hint)};
}

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             system::real_clock().now().time_since_epoch())
      .count();
}

base::Result<verify::CreateOptions> create_options(const Invocation& invocation) {
  verify::CreateOptions options{.created = now(),
                                .architecture = invocation.value("arch"),
                                .kubernetes = invocation.value("kubernetes"),
                                .containerd = invocation.value("containerd"),
                                .module_name = invocation.value("module"),
                                .module_certificate = invocation.value("certificate"),
                                .paths = invocation.values("file"),
                                .services = !invocation.has("no-services")};
  if (const auto until = invocation.given("not-after")) {
    options.not_after = verify::parse_time(*until);
    if (!options.not_after) {
      return misuse(fmt::format("'{}' is no time", *until), "write '2026-12-31T23:59:59Z'");
    }
  }
  if (const auto os = invocation.given("os")) {
    const std::size_t dash = os->rfind('-');
    if (dash == std::string::npos || dash == 0 || dash + 1 == os->size()) {
      return misuse(fmt::format("'{}' does not name an operating system", *os),
                    "write ID-VERSION as in os-release, such as 'rhel-8.4'");
    }
    options.os_id = os->substr(0, dash);
    options.os_version = os->substr(dash + 1);
  }
  return options;
}

/// The passphrase is never an argument: other users see those.
base::Result<base::Secret> passphrase_of(const Invocation& invocation) {
  const std::string path = invocation.value("file-key-passphrase-file");
  if (path.empty()) return base::Secret();
  KONVOY_TRY(const std::string text, system::read_file(path));
  return base::Secret(std::string(base::trim(text)));
}

bool holds_packages(const std::string& from) {
  return system::exists(from) && !system::exists(from + "/etc/os-release") &&
         !system::exists(from + "/usr/lib/os-release");
}

/// A path that is there is a root or a directory of packages; anything else names a host.
base::Result<std::unique_ptr<target::Target>> open_source(const std::string& from,
                                                          Invocation invocation,
                                                          Terminal& terminal) {
  invocation.options[system::exists(from) ? "root" : "host"] = {from};
  KONVOY_TRY(const auto chosen, hosts_of(invocation, terminal));
  auto target = opener_of(invocation)(chosen.hosts.front());
  if (!target && !system::exists(from)) {
    return std::move(target).error().with_note(
        fmt::format("there is no file or directory '{}', so it was taken for a host", from));
  }
  return target;
}

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  const std::string from = invocation.value("from");
  const std::string sign = invocation.value("sign");
  if (from.empty()) return misuse("--from is missing", "name a host, a root or a directory");
  if (sign.empty()) return misuse("--sign is missing", "manifests are always signed");
  app::CreateManifestRequest request{.sign_with = sign,
                                     .file_key = invocation.value("file-key"),
                                     .scheme = invocation.value("scheme") == "PSS"
                                                   ? verify::Scheme::pss
                                                   : verify::Scheme::pkcs1_v15,
                                     .path = invocation.argument("FILE")};
  request.image_archives = invocation.values("image-archive");
  KONVOY_TRY(request.options, create_options(invocation));
  KONVOY_TRY(request.file_key_passphrase, passphrase_of(invocation));
  terminal.hide(request.file_key_passphrase);
  if (holds_packages(from)) {
    request.packages = from;
    KONVOY_CHECK(app::create_manifest(request, nullptr));
  } else {
    KONVOY_TRY(const auto target, open_source(from, invocation, terminal));
    KONVOY_CHECK(app::create_manifest(request, target.get()));
  }
  if (invocation.value("output") == "json") {
    terminal.print(fmt::format("{{\"path\": {}}}\n", base::json_quote(request.path)));
  } else {
    terminal.print(request.path + "\n");
  }
  return 0;
}

std::vector<Option> content_options() {
  return {{.name = "from",
           .takes = Takes::value,
           .placeholder = "SOURCE",
           .help = "HOST, the root of an image, or a directory with rpm files"},
          {.name = "file",
           .takes = Takes::values,
           .placeholder = "PATH",
           .help = "a file beside the Kubernetes programs"},
          image_archive_option("a file with images that are named beside those in containerd"),
          {.name = "os",
           .takes = Takes::value,
           .placeholder = "ID-VERSION",
           .help = "operating system, as in os-release: 'rhel-8.4'"},
          {.name = "arch", .takes = Takes::value, .placeholder = "ARCH", .help = "architecture"},
          {.name = "kubernetes",
           .takes = Takes::value,
           .placeholder = "VERSION",
           .help = "Kubernetes version [that of the kubelet package]"},
          {.name = "containerd",
           .takes = Takes::value,
           .placeholder = "VERSION",
           .help = "containerd version [that of its package]"},
          {.name = "module",
           .takes = Takes::value,
           .placeholder = "NAME",
           .help = "cryptographic module of the programs",
           .fallback = "BoringCrypto"},
          {.name = "certificate",
           .takes = Takes::value,
           .placeholder = "NUMBER",
           .help = "CMVP certificate of the module"},
          {.name = "not-after",
           .takes = Takes::value,
           .placeholder = "TIME",
           .help = "the manifest is refused after this: '2026-12-31T23:59:59Z'"},
          {.name = "no-services", .help = "name no services"}};
}

std::vector<Option> key_options() {
  return {{.name = "sign",
           .takes = Takes::value,
           .placeholder = "KEYID",
           .help = "the OpenPGP key that signs, as gpg names it"},
          {.name = "file-key",
           .takes = Takes::value,
           .placeholder = "KEY",
           .help = "RSA-4096 key that signs each file: PKCS#8 in PEM, or a pkcs11: URI"},
          {.name = "file-key-passphrase-file",
           .takes = Takes::value,
           .placeholder = "FILE",
           .help = "passphrase or PIN of that key"},
          {.name = "scheme",
           .takes = Takes::value,
           .placeholder = "SCHEME",
           .help = "padding of the files' signatures",
           .choices = {"PKCS1v15", "PSS"},
           .fallback = "PKCS1v15"}};
}

/// How a host is reached; which one is said by --from.
std::vector<Option> reach_options() {
  std::vector<Option> options;
  for (Option& option : host_options()) {
    if (option.name == "ssh-key" || option.name == "ssh-accept-new" || option.name == "become") {
      options.push_back(std::move(option));
    }
  }
  return options;
}

}  // namespace

Command manifest_create_command() {
  return {
      .path = "manifest create",
      .summary = "make and sign a manifest of a host, an image root or packages",
      .description =
          "Takes every Kubernetes program that is there, with its size, its SHA-256 and (with "
          "--file-key) an RSA-4096 signature, the images that containerd has, and the services "
          "of a node. The whole is clear-signed by gpg with SHA-512.",
      .positionals = {{.name = "FILE", .help = "where to write the signed manifest"}},
      .options = together({{output_option()}, content_options(), key_options(), reach_options()}),
      .examples = {{.command = "konvoy-image manifest create --from rpms/ --os rhel-8.4 --arch "
                               "x86_64 --sign release@example.org --file-key key.pem "
                               "manifest-rhel-84.json.asc",
                    .says = "from the packages of a release"}},
      .run = run};
}

}  // namespace konvoy::cli

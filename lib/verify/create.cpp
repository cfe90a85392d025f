#include "verify/create.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "facts/gather.hpp"
#include "verify/create_parts.hpp"
#include "verify/files.hpp"
#include "verify/images.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;

std::string or_else(const std::string& said, const std::string& found) {
  return said.empty() ? found : said;
}

/// "1.21.6" of the package version "1.21.6-0".
std::string package_version(const facts::HostFacts& facts, const char* name) {
  const auto package = facts.packages.find(name);
  if (package == facts.packages.end()) return {};
  return package->second.substr(0, package->second.rfind('-'));
}

/// A file that is there as a regular one; a link would never verify.
base::Result<void> refuse_link(target::Target& target, const std::string& path) {
  const std::vector<target::Probe> probes{target::StatProbe{path}};
  KONVOY_TRY(const auto answers, target.observe(probes));
  const auto* answer = answers.empty() ? nullptr : std::get_if<target::StatAnswer>(&answers[0]);
  if (answer != nullptr && answer->stat && answer->stat->type == target::FileType::regular) {
    return {};
  }
  return Error{ErrorKind::input, fmt::format("'{}' is no regular file there", path),
               "name the file itself, not a link to it"};
}

std::string owner(target::Target& target, const std::string& path) {
  const std::vector<target::Probe> probes{target::CommandProbe{
      .argv = {"rpm", "-qf", "--qf", "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\n", path}}};
  const auto answers = target.observe(probes);
  if (!answers || answers->empty()) return {};
  const auto* answer = std::get_if<target::CommandAnswer>(&answers->front());
  return answer != nullptr && answer->status == 0 ? std::string(base::trim(answer->out)) : "";
}

base::Result<void> add_files(target::Target& target, const CreateOptions& options,
                             const FileSigner& signer, Manifest& manifest) {
  // Against an empty manifest every Kubernetes program is one too many.
  KONVOY_TRY(const auto programs, find_extra_executables(target, {}));
  std::set<std::string> paths(options.paths.begin(), options.paths.end());
  for (const std::string& program : programs) {
    if (refuse_link(target, program)) paths.insert(program);
  }
  for (const std::string& path : paths) {
    KONVOY_CHECK(refuse_link(target, path));
    KONVOY_TRY(const auto content, read_content(target, path));
    KONVOY_TRY(FileEntry entry, entry_of(path, content.value_or(""), signer));
    entry.package = owner(target, path);
    manifest.files.push_back(std::move(entry));
  }
  return {};
}

}  // namespace

base::Result<Manifest> manifest_of_target(target::Target& target, const CreateOptions& options,
                                          const FileSigner& signer) {
  KONVOY_TRY(const facts::HostFacts facts, facts::gather(target));
  KONVOY_TRY(Manifest manifest, start_manifest(options, signer));
  manifest.os_id = or_else(options.os_id, facts.os_id);
  manifest.os_version = or_else(options.os_version, facts.distribution_version);
  manifest.architecture = or_else(options.architecture, facts.architecture);
  manifest.kubernetes = or_else(options.kubernetes, package_version(facts, "kubelet"));
  manifest.containerd = or_else(options.containerd, package_version(facts, "containerd.io"));
  if (manifest.os_id.empty() || manifest.os_version.empty() || manifest.architecture.empty()) {
    return Error{
        ErrorKind::input,
        fmt::format("'{}' does not tell its operating system and architecture", target.name()),
        "give --os ID-VERSION and --arch, such as --os rhel-8.4 --arch x86_64"};
  }
  KONVOY_CHECK(add_files(target, options, signer, manifest));
  KONVOY_TRY(const ImageStore store, node_images(target));
  if (store.listed) add_images(*store.listed, manifest);
  add_images(options.images, manifest);
  if (manifest.files.empty() && manifest.images.empty()) {
    return Error{ErrorKind::input,
                 fmt::format("'{}' has no Kubernetes programs and no images", target.name()),
                 "name files with --file"};
  }
  return manifest;
}

}  // namespace konvoy::verify

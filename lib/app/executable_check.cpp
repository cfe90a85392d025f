#include "app/executable_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"

namespace konvoy::app {
namespace {

constexpr std::uint64_t piece = 8U << 20U;  // bytes of one read: few round trips, little memory

struct Subject {
  std::string path;
  bool judged = true;
};

// The programs that a FIPS node must have from FIPS builds, where the packages and the archive of
// containerd put them.
std::vector<Subject> fixed_subjects() {
  std::vector<Subject> subjects;
  for (const auto* directory : {"/usr/bin/", "/usr/local/bin/"}) {
    for (const auto* name : {"kubelet", "kubeadm", "kubectl", "containerd", "containerd-shim",
                             "containerd-shim-runc-v1", "containerd-shim-runc-v2", "ctr"}) {
      subjects.push_back({std::string(directory) + name});
    }
    subjects.push_back({std::string(directory) + "crictl", false});
  }
  for (const auto* path : {"/usr/bin/runc", "/usr/sbin/runc", "/usr/local/sbin/runc"}) {
    subjects.push_back({path});
  }
  return subjects;
}

base::Result<std::vector<Subject>> subjects_on(target::Target& target) {
  auto subjects = fixed_subjects();
  const std::vector<target::Probe> probe = {target::ListProbe{.path = "/opt/cni/bin"}};
  KONVOY_TRY(const auto answers, target.observe(probe));
  if (const auto* list = std::get_if<target::ListAnswer>(&answers.front())) {
    for (const auto& name : list->names.value_or(std::vector<std::string>{})) {
      subjects.push_back({"/opt/cni/bin/" + name, false});
    }
  }
  return subjects;
}

base::Result<std::string> read_whole(target::Target& target, const std::string& path) {
  std::string bytes;
  for (;;) {
    const std::vector<target::Probe> probe = {
        target::ReadProbe{.path = path, .offset = bytes.size(), .limit = piece}};
    KONVOY_TRY(const auto answers, target.observe(probe));
    const auto* read = std::get_if<target::ReadAnswer>(&answers.front());
    if (read == nullptr || !read->content) {
      return base::Error(base::ErrorKind::run, fmt::format("'{}' can't be read", path));
    }
    bytes += *read->content;
    if (!read->truncated || read->content->empty()) return bytes;
  }
}

// The bytes that have this digest: a file that is swapped between its digest and its use would
// bring the class of other bytes into the record.
base::Result<std::string> fetch(target::Target& target, const std::string& path,
                                const std::string& sha256) {
  KONVOY_TRY(auto bytes, read_whole(target, path));
  KONVOY_TRY(const auto found, crypto::sha256_hex(bytes));
  if (found == sha256) return bytes;
  return base::Error(base::ErrorKind::run,
                     fmt::format("'{}' was changed while it was looked at", path),
                     "see what else installs programs on this host, then run again");
}

// What a class means for a FIPS node.
void judge(const std::string& path, const std::string& verdict, const std::string& package,
           CheckedExecutables& result) {
  if (verdict == "goboring" || verdict == "no-crypto") return;
  const auto from = package.empty() ? "it belongs to no package" : "it comes from " + package;
  if (verdict == "goboring-unknown-module") {
    result.warnings.push_back(
        {.severity = base::Severity::warning,
         .message = fmt::format("'{}' holds a build of BoringCrypto that is not known", path),
         .notes = {{from, {}}},
         .hint = "compare it with what your supplier certifies: 'konvoy-image inspect --explain'"});
    return;
  }
  result.failures.push_back(
      {.message = fmt::format("'{}' is no FIPS build, it is {}", path, verdict),
       .notes = {{from, {}}},
       .hint = "take the package from a repository of FIPS builds, see overrides/fips.yaml"});
}

// "kubelet-1.21.3-0 of repository 'kubernetes'", or the package alone where dnf does not know.
base::Result<std::string> origin_of(target::Target& target, const std::string& package) {
  const std::vector<target::Probe> probe = {target::CommandProbe{
      .argv = {"dnf", "-q", "-C", "repoquery", "--installed", "--qf", "%{from_repo}", package}}};
  KONVOY_TRY(const auto answers, target.observe(probe));
  const auto* from = std::get_if<target::CommandAnswer>(&answers.front());
  if (from == nullptr || from->status != 0 || base::trim(from->out).empty()) return package;
  return fmt::format("{} of repository '{}'", package, base::trim(from->out));
}

// The package of each path, with its repository; empty where no package owns it.
base::Result<std::map<std::string, std::string>> packages_of(
    target::Target& target, const std::vector<std::string>& paths) {
  std::map<std::string, std::string> packages;
  std::vector<target::Probe> probes;
  probes.reserve(paths.size());
  for (const auto& path : paths) {
    probes.emplace_back(target::CommandProbe{
        .argv = {"rpm", "-qf", "--qf", "%{NAME}-%{VERSION}-%{RELEASE}", path}});
  }
  if (probes.empty()) return packages;
  KONVOY_TRY(const auto answers, target.observe(probes));
  std::map<std::string, std::string> origins;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto* answer = std::get_if<target::CommandAnswer>(&answers[i]);
    if (answer == nullptr || answer->status != 0) continue;
    auto& origin = origins[std::string(base::trim(answer->out))];
    if (origin.empty()) {
      KONVOY_TRY(origin, origin_of(target, std::string(base::trim(answer->out))));
    }
    packages[paths[i]] = origin;
  }
  return packages;
}

}  // namespace

base::Result<std::string> ExecutableCheck::verdict_for(target::Target& target,
                                                       const std::string& path,
                                                       const std::string& sha256) {
  // Held while fetching: another host with the same program waits for the answer instead of
  // fetching it, too.
  const std::scoped_lock lock(mutex_);
  if (const auto found = verdicts_.find(sha256); found != verdicts_.end()) return found->second;
  KONVOY_TRY(const auto bytes, fetch(target, path, sha256));
  KONVOY_TRY(const auto knowledge, binary::embedded_knowledge());
  KONVOY_TRY(const auto findings, binary::inspect(bytes, knowledge));
  return verdicts_[sha256] = std::string(binary::name_of(findings.type));
}

base::Result<CheckedExecutables> ExecutableCheck::check(
    target::Target& target, const std::vector<record::Executable>& known) {
  KONVOY_TRY(const auto subjects, subjects_on(target));
  std::vector<target::Probe> probes;
  probes.reserve(subjects.size());
  for (const auto& subject : subjects) probes.emplace_back(target::DigestProbe{subject.path});
  KONVOY_TRY(const auto digests, target.observe(probes));
  CheckedExecutables result;
  std::vector<std::string> suspicious;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const auto* digest = std::get_if<target::DigestAnswer>(&digests[i]);
    if (digest == nullptr || !digest->sha256) continue;
    record::Executable executable{subjects[i].path, *digest->sha256, {}};
    const auto before = std::ranges::find_if(known, [&](const record::Executable& one) {
      return one.path == executable.path && one.sha256 == executable.sha256;
    });
    if (before != known.end()) {
      executable.verdict = before->verdict;
    } else {
      KONVOY_TRY(executable.verdict, verdict_for(target, executable.path, executable.sha256));
    }
    const bool fine = executable.verdict == "goboring" || executable.verdict == "no-crypto";
    if (subjects[i].judged && !fine) suspicious.push_back(executable.path);
    result.executables.push_back(std::move(executable));
  }
  KONVOY_TRY(const auto packages, packages_of(target, suspicious));
  for (const auto& executable : result.executables) {
    if (std::ranges::find(suspicious, executable.path) == suspicious.end()) continue;
    const auto package = packages.find(executable.path);
    judge(executable.path, executable.verdict,
          package == packages.end() ? std::string() : package->second, result);
  }
  return result;
}

}  // namespace konvoy::app

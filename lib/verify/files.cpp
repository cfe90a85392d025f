#include "verify/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "verify/file_digest.hpp"

namespace konvoy::verify {
namespace {

using target::CommandAnswer;
using target::CommandProbe;
using target::FileType;
using target::Observation;
using target::Probe;
using target::ProbeFailure;
using target::StatAnswer;
using target::StatProbe;

constexpr std::string_view reinstall =
    "install the package anew, or get the manifest for what is installed";
constexpr std::string_view rpm_format = "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\n";

/// The answers about one file, in the order in which probes_of() asks.
struct FileAnswers {
  const Observation& stat;
  const Observation& digest;
  const Observation& owner;
};

void add_probes(const FileEntry& file, const ContentTools& tools, std::vector<Probe>& probes) {
  probes.emplace_back(StatProbe{file.path});
  probes.push_back(digest_probe(tools, file.path));
  probes.emplace_back(
      CommandProbe{.argv = {"rpm", "-qf", "--qf", std::string(rpm_format), file.path}});
}

void fail(Component& component, Status status, std::string detail, std::string_view fix) {
  component.status = status;
  component.detail = std::move(detail);
  component.fix = fix;
}

std::string owner_of(const Observation& answer) {
  const auto* command = std::get_if<CommandAnswer>(&answer);
  if (command == nullptr || command->status != 0) return {};
  const auto lines = base::split_lines(command->out);
  return lines.empty() ? std::string() : lines.front();
}

/// False when the component is decided already.
bool judge_stat(const FileEntry& file, const Observation& answer, Component& component) {
  if (const auto* failure = std::get_if<ProbeFailure>(&answer)) {
    fail(component, Status::error, failure->reason, "run it as root");
    return false;
  }
  const auto* stat = std::get_if<StatAnswer>(&answer);
  if (stat == nullptr || !stat->stat) {
    fail(component, Status::missing, "it is not there", "install what the manifest is for");
  } else if (stat->stat->type == FileType::link) {
    fail(component, Status::mismatch,
         fmt::format("it is a symbolic link to '{}', not a file", stat->stat->link_target),
         reinstall);
  } else if (stat->stat->type != FileType::regular) {
    fail(component, Status::mismatch, "it is not a regular file", reinstall);
  } else if (stat->stat->size != file.size) {
    fail(component, Status::mismatch,
         fmt::format("it has {} bytes, the manifest says {}", stat->stat->size, file.size),
         reinstall);
  }
  return component.status == Status::ok;
}

bool judge_digest(const FileEntry& file, const Observation& answer, Component& component) {
  const std::string digest = digest_of(answer);
  if (digest.empty()) {
    fail(component, Status::error,
         fmt::format("its digest cannot be computed: {}", why_no_digest(answer)), "run it as root");
  } else if (digest != file.sha256) {
    fail(component, Status::mismatch, fmt::format("its SHA-256 is {}", digest), reinstall);
  }
  return component.status == Status::ok;
}

/// Judges the files of one manifest on one target.
class FileJudge {
 public:
  FileJudge(target::Target& target, const Manifest& manifest, const ContentTools& tools,
            ContentMemory& memory)
      : target_(target), manifest_(manifest), tools_(tools), memory_(memory) {}

  base::Result<Component> judge(const FileEntry& file, const FileAnswers& answers) {
    Component component{.name = file.path,
                        .kind = Component::Kind::file,
                        .package = owner_of(answers.owner),
                        .digest_by = digest_by(tools_)};
    if (!judge_stat(file, answers.stat, component)) return component;
    if (!judge_digest(file, answers.digest, component)) return component;
    KONVOY_CHECK(judge_content(file, component));
    return component;
  }

 private:
  [[nodiscard]] bool signature_wanted(const FileEntry& file) const {
    return !file.signature.empty() && manifest_.signing_key && tools_.check_signature;
  }

  base::Result<void> judge_content(const FileEntry& file, Component& component) {
    component.detail = "Digest Validated";
    const std::string key = file.sha256 + file.signature;
    auto finding = memory_.find(key);
    if (!finding && (tools_.classify || signature_wanted(file))) {
      auto found = examine(file);
      if (!found) {
        fail(component, Status::error, found.error().message(), "run it again");
        return {};
      }
      finding = *found;
      memory_.keep(key, *finding);
    }
    if (!finding) return {};
    apply(file, *finding, component);
    return {};
  }

  base::Result<ContentMemory::Finding> examine(const FileEntry& file) {
    KONVOY_TRY(const auto content, read_content(target_, file.path));
    KONVOY_TRY(const std::string digest, crypto::sha256_hex(content.value_or("")));
    if (digest != file.sha256) {
      return base::Error{base::ErrorKind::check, "it was changed while it was read"};
    }
    ContentMemory::Finding finding;
    if (signature_wanted(file)) {
      KONVOY_TRY(finding.signature_good,
                 tools_.check_signature(*manifest_.signing_key, *content, file.signature));
    }
    if (tools_.classify) {
      KONVOY_TRY(finding.classification, tools_.classify(*content));
    }
    return finding;
  }

  void apply(const FileEntry& file, const ContentMemory::Finding& finding,
             Component& component) const {
    component.file_class = finding.classification.file_class;
    if (signature_wanted(file)) {
      component.signature_by = tools_.signature_by;
      component.detail = "Signature Validated";
    }
    if (!finding.signature_good) {
      fail(component, Status::mismatch, "its signature in the manifest is of another content",
           "get a manifest that was made without a fault");
    } else if (!finding.classification.objection.empty()) {
      fail(component, Status::error, finding.classification.objection,
           "install a FIPS build of it");
    }
  }

  target::Target& target_;
  const Manifest& manifest_;
  const ContentTools& tools_;
  ContentMemory& memory_;
};

constexpr std::array<std::string_view, 6> program_directories{"/usr/bin",  "/usr/local/bin",
                                                              "/usr/sbin", "/usr/local/sbin",
                                                              "/opt/bin",  "/opt/containerd/bin"};
constexpr std::array<std::string_view, 19> program_names{"kubelet",
                                                         "kubeadm",
                                                         "kubectl",
                                                         "kube-apiserver",
                                                         "kube-controller-manager",
                                                         "kube-scheduler",
                                                         "kube-proxy",
                                                         "hyperkube",
                                                         "etcd",
                                                         "etcdctl",
                                                         "containerd",
                                                         "containerd-shim",
                                                         "containerd-shim-runc-v1",
                                                         "containerd-shim-runc-v2",
                                                         "ctr",
                                                         "crictl",
                                                         "runc",
                                                         "crio",
                                                         "dockerd"};

}  // namespace

bool is_kubernetes_program(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return false;
  const auto is = [](std::string_view text) {
    return [text](std::string_view known) { return known == text; };
  };
  const std::string_view view(path);
  return std::any_of(program_directories.begin(), program_directories.end(),
                     is(view.substr(0, slash))) &&
         std::any_of(program_names.begin(), program_names.end(), is(view.substr(slash + 1)));
}

base::Result<std::vector<Component>> verify_files(target::Target& target, const Manifest& manifest,
                                                  const ContentTools& tools,
                                                  ContentMemory& memory) {
  std::vector<Probe> probes;
  for (const FileEntry& file : manifest.files) add_probes(file, tools, probes);
  if (probes.empty()) return std::vector<Component>{};
  KONVOY_TRY(const auto answers, target.observe(probes));
  FileJudge judge(target, manifest, tools, memory);
  std::vector<Component> components;
  for (std::size_t i = 0; i < manifest.files.size(); ++i) {
    KONVOY_TRY(
        Component component,
        judge.judge(manifest.files[i], {answers[3 * i], answers[3 * i + 1], answers[3 * i + 2]}));
    components.push_back(std::move(component));
  }
  return components;
}

base::Result<std::vector<std::string>> find_extra_executables(target::Target& target,
                                                              const Manifest& manifest) {
  std::vector<Probe> probes;
  for (const auto directory : program_directories) {
    probes.emplace_back(target::ListProbe{std::string(directory)});
  }
  KONVOY_TRY(const auto answers, target.observe(probes));
  std::set<std::string> known;
  for (const FileEntry& file : manifest.files) known.insert(file.path);
  std::vector<std::string> extra;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto* list = std::get_if<target::ListAnswer>(&answers[i]);
    if (list == nullptr || !list->names) continue;
    for (const auto program : program_names) {
      const std::string path = fmt::format("{}/{}", program_directories[i], program);
      const bool there =
          std::find(list->names->begin(), list->names->end(), program) != list->names->end();
      if (there && !known.contains(path)) extra.push_back(path);
    }
  }
  std::sort(extra.begin(), extra.end());
  return extra;
}

}  // namespace konvoy::verify

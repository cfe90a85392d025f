#include "binary/inspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "binary/build_info.hpp"
#include "binary/code_scan.hpp"
#include "binary/linked_code.hpp"
#include "binary/module_check.hpp"

namespace konvoy::binary {
namespace {

constexpr std::array<std::pair<Class, std::string_view>, 10> class_names{{
    {Class::goboring, "goboring"},
    {Class::goboring_unknown_module, "goboring-unknown-module"},
    {Class::goboring_tampered, "goboring-tampered"},
    {Class::openssl_backed, "openssl-backed"},
    {Class::go_native, "go-native"},
    {Class::false_claim, "false-claim"},
    {Class::no_crypto, "no-crypto"},
    {Class::plain_go, "plain-go"},
    {Class::not_go, "not-go"},
    {Class::not_elf, "not-elf"},
}};

// Everything that was found before it is judged.
struct Evidence {
  std::string architecture;
  std::optional<BuildInfo> build;
  CodeMarkers markers;
  ModuleCheck module;
  LinkedCode linked;
  std::optional<bool> fipsinfo;

  [[nodiscard]] std::string setting(const std::string& key) const {
    return build ? build->setting(key) : std::string();
  }
};

// Versions of the dev.boringcrypto branch end in b and a number: "go1.16.15b7".
bool is_branch_version(std::string_view version) {
  const auto word = version.substr(0, version.find(' '));
  const auto b = word.rfind('b');
  return b != std::string_view::npos && b > 2 && word[b - 1] >= '0' && word[b - 1] <= '9' &&
         b + 1 < word.size() &&
         word.find_first_not_of("0123456789", b + 1) == std::string_view::npos;
}

// Go's betas are "go1.21beta1": is_branch_version() must not see their letter.
bool says_boringcrypto(const Evidence& evidence) {
  if (!evidence.build) return false;
  return evidence.build->version.find("X:boringcrypto") != std::string::npos ||
         evidence.setting("GOEXPERIMENT").find("boringcrypto") != std::string::npos ||
         is_branch_version(evidence.build->version);
}

// Go's native module: built in (GOFIPS140) and switched on by default (GODEBUG fips140).
bool says_native(const Evidence& evidence) {
  const auto version = evidence.setting("GOFIPS140");
  if (version.empty() || version == "off") return false;
  const auto debug = evidence.setting("DefaultGODEBUG");
  const auto at = debug.find("fips140=");
  if (at == std::string::npos) return false;
  const auto value = debug.substr(at + 8, debug.find(',', at) - at - 8);
  return value == "on" || value == "only" || value == "auto";
}

ModuleFinding with_certificate(std::string build, std::string certificate,
                               const CertificateList& list) {
  const auto* known = list.find(certificate);
  return {.build = std::move(build),
          .certificate = std::move(certificate),
          .status = known == nullptr ? "unknown" : known->status,
          .as_of = list.as_of};
}

ModuleFinding native_module(const std::string& version, const Knowledge& knowledge) {
  // A version may carry the hash of its sources: "v1.0.0-c2097c7c".
  const auto found = std::ranges::find_if(knowledge.native, [&](const NativeModule& module) {
    return version == module.version || version.starts_with(module.version + "-");
  });
  return with_certificate(version, found == knowledge.native.end() ? "" : found->certificate,
                          knowledge.certificates);
}

class Judge {
 public:
  Judge(const Evidence& evidence, const Knowledge& knowledge, Findings& findings)
      : evidence_(evidence), knowledge_(knowledge), findings_(findings) {}

  // The order matters: Red Hat's toolchain says boringcrypto, too.
  void run() {
    if (!evidence_.build && !evidence_.linked.go && !evidence_.markers.any()) {
      return decide(Class::not_go, "no build information, function table or markers of Go");
    }
    if (evidence_.linked.openssl_backend) {
      return decide(Class::openssl_backed, "calls the host's OpenSSL through a Go backend");
    }
    if (judge_boring() || judge_native()) return;
    if (says_boringcrypto(evidence_)) return judge_claim();
    decide(Class::plain_go, evidence_.markers.standard ? "marker of plain Go cryptography"
                                                       : "nothing of a FIPS build");
  }

 private:
  bool judge_boring() {
    if (evidence_.markers.standard) return false;
    if (evidence_.markers.boring) {
      because("BoringCrypto code marker");
      judge_module(Class::goboring_unknown_module, "no known module build in it");
      return true;
    }
    if (!evidence_.linked.boring_calls) return false;
    because("calls into BoringCrypto");
    // Only amd64 has markers: there one that is missing was taken away.
    if (evidence_.module.state == ModuleState::absent || evidence_.architecture != "amd64") {
      decide(Class::goboring_unknown_module, "no known module build in it");
    } else {
      decide(Class::goboring_tampered, "its code marker is missing");
    }
    return true;
  }

  void judge_module(Class when_absent, std::string_view absent) {
    const auto& check = evidence_.module;
    switch (check.state) {
      case ModuleState::absent: return decide(when_absent, absent);
      case ModuleState::altered: return decide(Class::goboring_tampered, check.because);
      case ModuleState::verified: break;
    }
    findings_.module =
        with_certificate(check.module->build, check.module->certificate, knowledge_.certificates);
    decide(Class::goboring, check.because);
  }

  bool judge_native() {
    if (!says_native(evidence_)) return false;
    const auto version = evidence_.setting("GOFIPS140");
    because(fmt::format("built with GOFIPS140={} and fips140 on", version));
    if (evidence_.fipsinfo == true) {
      findings_.module = native_module(version, knowledge_);
      decide(Class::go_native, "the HMAC over its module is right");
    } else {
      decide(Class::false_claim,
             evidence_.fipsinfo ? "the HMAC over its module is wrong" : "there is no module in it");
    }
    return true;
  }

  void judge_claim() {
    because(fmt::format("says it is '{}'", evidence_.build->version));
    // Without function names nobody can say that there is no cryptography.
    if (evidence_.linked.go && !evidence_.linked.cryptography && !evidence_.markers.standard) {
      return decide(Class::no_crypto, "no cryptography is linked into it");
    }
    decide(Class::false_claim, evidence_.markers.standard
                                   ? "its cryptography is plain Go's, by its code marker"
                                   : "cryptography without BoringCrypto's code marker");
  }

  void because(std::string_view sentence) { findings_.because.emplace_back(sentence); }

  void decide(Class type, std::string_view sentence) {
    findings_.type = type;
    because(sentence);
  }

  const Evidence& evidence_;
  const Knowledge& knowledge_;
  Findings& findings_;
};

base::Result<Evidence> gather(const Elf& elf, const Knowledge& knowledge) {
  Evidence evidence{.architecture = architecture_of(elf)};
  evidence.build = find_build_info(elf);
  const auto scan = scan_code(elf, knowledge.modules);
  evidence.markers = scan.markers;
  evidence.linked = find_linked_code(elf);
  KONVOY_TRY(evidence.module, check_module(elf, scan, knowledge.modules));
  // Only programs that claim the native module are looked at more closely.
  if (says_native(evidence)) {
    KONVOY_TRY(evidence.fipsinfo, check_fipsinfo(elf));
  }
  return evidence;
}

}  // namespace

std::string_view name_of(Class c) {
  return std::ranges::find(class_names, c, &std::pair<Class, std::string_view>::first)->second;
}

const std::vector<Class>& all_classes() {
  static const std::vector<Class> classes = [] {
    std::vector<Class> all;
    for (const auto& [type, name] : class_names) all.push_back(type);
    return all;
  }();
  return classes;
}

std::optional<Class> parse_class(std::string_view name) {
  const auto found =
      std::ranges::find(class_names, name, &std::pair<Class, std::string_view>::second);
  if (found == class_names.end()) return std::nullopt;
  return found->first;
}

base::Result<Findings> inspect(Bytes bytes, const Knowledge& knowledge) {
  Findings findings;
  const auto elf = parse_elf(bytes);
  if (!elf) return findings;
  KONVOY_TRY(const auto evidence, gather(*elf, knowledge));
  findings.linking = elf->linking;
  findings.architecture = evidence.architecture;
  Judge(evidence, knowledge, findings).run();
  if (findings.type == Class::not_go) return findings;
  if (evidence.build) findings.go_version = evidence.build->version;
  const auto setting = evidence.setting("CGO_ENABLED");
  if (!setting.empty()) findings.cgo = setting == "1";
  else if (evidence.linked.go) findings.cgo = evidence.linked.c_code;
  findings.fips_only = evidence.markers.fips_only;
  findings.non_approved = evidence.linked.non_approved;
  return findings;
}

std::string render(const ModuleFinding& module) {
  if (module.certificate.empty()) {
    return fmt::format("module build {}, no certificate known as of {}", module.build,
                       module.as_of);
  }
  return fmt::format("module build {}, certificate {}, {} as of {}", module.build,
                     module.certificate,
                     module.status == "unknown" ? "status unknown" : module.status, module.as_of);
}

}  // namespace konvoy::binary

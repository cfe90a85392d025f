#include "verify/fips_signs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "resource/inquiry.hpp"
#include "verify/fips_sign_rules.hpp"

namespace konvoy::verify {
namespace {

using resource::Inquiry;
using resource::Observations;

/// A rule of one sign, see fips_sign_rules.hpp.
struct Rule {
  const char* name;
  Ruling (*judge)(Inquiry&, const facts::HostFacts&);
};

constexpr std::array rules{Rule{"configured", judge_configured}, Rule{"running", judge_running},
                           Rule{"initramfs", judge_initramfs},   Rule{"policy", judge_policy},
                           Rule{"module_files", judge_files},    Rule{"packages", judge_packages}};

std::string_view name_of(State state) {
  switch (state) {
    case State::yes: return "yes";
    case State::no: return "no";
    case State::unknown: break;
  }
  return "unknown";
}

/// Asks what the auditors' own command says; only recorded.
std::string ask_mode_setup(Inquiry& ask, const facts::HostFacts& facts) {
  if (!facts.live || facts.major_version < 8) return {};
  const auto* answer = ask.command({.argv = {"fips-mode-setup", "--check"}});
  if (answer == nullptr || answer->status == 127) return {};
  return std::string(base::trim(answer->out + answer->err));
}

std::vector<std::string> remarks_for(const facts::HostFacts& facts) {
  constexpr std::array rebuilds{"centos", "rocky", "almalinux"};
  if (std::ranges::find(rebuilds, facts.os_id) == rebuilds.end()) return {};
  return {
      fmt::format("{} {} is not the validated operating system: the certificates of Red Hat's "
                  "cryptographic modules do not cover their rebuilds",
                  facts.distribution, facts.distribution_version)};
}

}  // namespace

const Sign& FipsSigns::sign(std::string_view name) const {
  static const Sign none;
  const auto found = std::ranges::find(signs, name, &Sign::name);
  return found == signs.end() ? none : *found;
}

bool FipsSigns::passed() const {
  return std::ranges::all_of(signs, [&](const Sign& sign) {
    return sign.state == "yes" || not_applicable.contains(sign.name);
  });
}

std::variant<resource::NeedMore, FipsSigns> judge_fips_signs(const facts::HostFacts& facts,
                                                             const Observations& seen) {
  FipsSigns table;
  resource::NeedMore more;
  const auto collect = [&](const Inquiry& ask) -> std::optional<base::Diagnostic> {
    const auto open = ask.open();
    if (!open) return std::nullopt;
    if (const auto* refusal = std::get_if<resource::Refusal>(&*open)) return refusal->problem;
    std::ranges::copy(std::get<resource::NeedMore>(*open).probes, std::back_inserter(more.probes));
    return std::nullopt;
  };
  for (const auto& rule : rules) {
    Inquiry ask(seen);
    Ruling ruling = rule.judge(ask, facts);
    if (const auto failure = collect(ask)) ruling = {State::unknown, failure->message};
    if (!ruling.applicable) table.not_applicable.insert(rule.name);
    table.signs.push_back({rule.name, std::string(name_of(ruling.state)), ruling.because});
  }
  Inquiry ask(seen);
  table.mode_setup_check = ask_mode_setup(ask, facts);
  (void)collect(ask);
  if (!more.probes.empty()) return more;
  table.remarks = remarks_for(facts);
  return table;
}

base::Result<FipsSigns> check_fips_signs(target::Target& target, const facts::HostFacts& facts) {
  Observations seen;
  constexpr int most_rounds = 4;  // three, and one that needs nothing more
  for (int round = 0; round < most_rounds; ++round) {
    auto judged = judge_fips_signs(facts, seen);
    if (auto* table = std::get_if<FipsSigns>(&judged)) return std::move(*table);
    const auto& probes = std::get<resource::NeedMore>(judged).probes;
    KONVOY_TRY(auto answers, target.observe(probes));
    for (std::size_t i = 0; i < probes.size(); ++i) seen.add(probes[i], std::move(answers[i]));
  }
  return base::Error(base::ErrorKind::internal, "the signs of FIPS mode were not told in time");
}

value::Value to_value(const FipsSigns& signs) {
  value::Map table;
  for (const auto& sign : signs.signs) {
    value::Map entry;
    entry.set("state", value::Value(sign.state));
    entry.set("because", value::Value(sign.because));
    table.set(sign.name, value::Value(std::move(entry)));
  }
  value::List remarks;
  for (const auto& remark : signs.remarks) remarks.emplace_back(remark);
  value::Map all;
  all.set("result", value::Value(signs.passed() ? "pass" : "fail"));
  all.set("signs", value::Value(std::move(table)));
  all.set("remarks", value::Value(std::move(remarks)));
  if (!signs.mode_setup_check.empty()) {
    all.set("fips_mode_setup", value::Value(signs.mode_setup_check));
  }
  return value::Value(std::move(all));
}

std::string render_text(const FipsSigns& signs) {
  std::string text;
  for (const auto& sign : signs.signs) {
    text += fmt::format("{:<13} {:<8} {}\n", sign.name, sign.state, sign.because);
  }
  if (!signs.mode_setup_check.empty()) {
    text += fmt::format("fips-mode-setup --check says: {}\n",
                        base::join(base::split_lines(signs.mode_setup_check), " "));
  }
  for (const auto& remark : signs.remarks) text += fmt::format("note: {}\n", remark);
  return text;
}

}  // namespace konvoy::verify

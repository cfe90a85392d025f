#include "resource/crypto_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "boot/crypto_policy.hpp"
#include "resource/inquiry.hpp"
#include "resource/policy_state.hpp"

namespace konvoy::resource {
namespace {

constexpr std::string_view tool_path = "/usr/bin/update-crypto-policies";

std::string prepared_path(std::string_view back_end) {
  return fmt::format("/usr/share/crypto-policies/FIPS/{}.txt", back_end);
}

/// One back-end: where its file is, and the link that it must be under plain FIPS.
struct BackEnd {
  std::string path;
  std::string prepared;
  bool prepared_is_there = false;
  std::string leads_to;  ///< of the link that is there; empty: a file, or nothing
};

std::optional<std::vector<BackEnd>> ask_back_ends(Inquiry& ask) {
  std::vector<BackEnd> all;
  for (const auto name : boot::crypto_policy_back_end_names()) {
    BackEnd back_end{.path = fmt::format("{}/{}.config", boot::crypto_policy_back_ends, name),
                     .prepared = prepared_path(name)};
    const auto* link = ask.stat({.path = back_end.path});
    const auto* prepared = ask.stat({.path = back_end.prepared, .follow = true});
    if (link == nullptr || prepared == nullptr) continue;
    back_end.prepared_is_there = prepared->stat.has_value();
    if (link->stat) back_end.leads_to = link->stat->link_target;
    all.push_back(std::move(back_end));
  }
  if (ask.open()) return std::nullopt;
  return all;
}

Decision with_tool(const std::string& policy, std::string reason) {
  // The services are restarted by the reboot that FIPS mode needs anyway.
  return Actions{
      {{target::RunCommand{.argv = {"update-crypto-policies", "--no-reload", "--set", policy}},
        std::move(reason),
        {}}}};
}

PlannedAction write(std::string_view path, const std::string& policy, std::string_view reason) {
  return {target::WriteFile{.path = std::string(path),
                            .content = base::Secret(policy + "\n"),
                            .ownership = {.mode = 0644}},
          std::string(reason),
          {}};
}

Decision with_files(const std::string& policy, const PolicyState& state,
                    const std::vector<BackEnd>& back_ends, const std::string& reason) {
  if (std::ranges::none_of(back_ends, &BackEnd::prepared_is_there)) {
    return refuse(
        "there is no crypto policy FIPS on this system: /usr/share/crypto-policies/FIPS "
        "is empty",
        "install the package crypto-policies");
  }
  if (policy != "FIPS") {
    return refuse(fmt::format("the crypto policy '{}' needs update-crypto-policies, which is not "
                              "installed",
                              policy),
                  "install the package crypto-policies-scripts, or set fips.crypto_policy to FIPS");
  }
  Actions all;
  for (const auto& back_end : back_ends) {
    if (!back_end.prepared_is_there || back_end.leads_to == back_end.prepared) continue;
    all.actions.push_back({target::MakeLink{back_end.path, back_end.prepared},
                           "must lead to the back-end of the policy FIPS",
                           {}});
  }
  if (state.config != policy) {
    all.actions.push_back(write(boot::crypto_policy_config, policy, reason));
  }
  // Last and always: its time says that all before it is in force.
  all.actions.push_back(write(boot::crypto_policy_state, policy, reason));
  return all;
}

}  // namespace

Decision decide(const CryptoPolicy& policy, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  if (const auto valid = boot::check_fips_policy(policy.policy); !valid) {
    return Refusal{valid.error().diagnostics.front()};
  }
  Inquiry ask(seen);
  const auto* tool = ask.stat({.path = std::string(tool_path), .follow = true});
  const auto state = ask_policy_state(ask);
  const auto back_ends = ask_back_ends(ask);
  if (auto open = ask.open()) return *std::move(open);

  const bool has_tool = tool->stat.has_value();
  auto reason = policy_problem(*state, policy.policy);
  const bool links_differ =
      !has_tool && std::ranges::any_of(*back_ends, [](const BackEnd& back_end) {
        return back_end.prepared_is_there && back_end.leads_to != back_end.prepared;
      });
  if (reason.empty() && links_differ) reason = "a back-end does not follow the policy";
  if (reason.empty()) return Actions{};
  return has_tool ? with_tool(policy.policy, std::move(reason))
                  : with_files(policy.policy, *state, *back_ends, reason);
}

Resource as_resource(CryptoPolicy policy) {
  auto name = policy.policy;
  return wrap("crypto_policy", std::move(name), std::move(policy));
}

}  // namespace konvoy::resource

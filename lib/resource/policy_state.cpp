#include "resource/policy_state.hpp"

#include <fmt/format.h>

#include "boot/crypto_policy.hpp"

namespace konvoy::resource {

std::optional<PolicyState> ask_policy_state(Inquiry& ask) {
  const std::string config_path(boot::crypto_policy_config);
  const std::string current_path(boot::crypto_policy_state);
  const auto* config = ask.read({.path = config_path});
  const auto* current = ask.read({.path = current_path});
  const auto* config_stat = ask.stat({.path = config_path, .follow = true});
  const auto* current_stat = ask.stat({.path = current_path, .follow = true});
  const auto* nss = ask.stat(
      {.path = fmt::format("{}/nss.config", boot::crypto_policy_back_ends), .follow = true});
  if (config == nullptr || current == nullptr || config_stat == nullptr ||
      current_stat == nullptr || nss == nullptr) {
    return std::nullopt;
  }
  PolicyState state;
  state.config = boot::parse_crypto_policy(config->content.value_or(""));
  state.current = boot::parse_crypto_policy(current->content.value_or(""));
  if (config_stat->stat) state.config_time = config_stat->stat->mtime;
  if (current_stat->stat) state.current_time = current_stat->stat->mtime;
  state.has_nss_back_end = nss->stat.has_value();
  return state;
}

std::string policy_problem(const PolicyState& state, const std::string& policy) {
  if (state.config != policy) {
    return fmt::format("the configured policy is '{}', must be '{}'", state.config, policy);
  }
  if (state.current != policy) {
    return fmt::format("the policy in force is '{}', must be '{}'", state.current, policy);
  }
  if (state.config_time > state.current_time) {
    return "the policy was configured after it was applied last";
  }
  if (!state.has_nss_back_end) return "the back-end nss.config is not there";
  return {};
}

}  // namespace konvoy::resource

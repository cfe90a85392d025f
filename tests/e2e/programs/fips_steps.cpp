// fips-steps TARGET [signs|apply|host-keys]: the FIPS steps alone, through the real targets and the
// real executor, without configuration files. TARGET is an image root, or "PORT:KEY:KNOWN_HOSTS"
// for root@127.0.0.1 over ssh. Prints a line a step that changed something ("apply"), or the signs
// of FIPS mode as JSON ("signs"), or makes new host keys and prints those that sshd has now
// ("host-keys"). Exit status 0, or 1 with the reason on stderr.
#include <fmt/format.h>

#include <array>
#include <string_view>

#include "base/diagnostic.hpp"
#include "base/text.hpp"
#include "execute/run_host.hpp"
#include "facts/gather.hpp"
#include "json/render.hpp"
#include "plan/fips.hpp"
#include "resource/host_keys.hpp"
#include "system/isolation.hpp"
#include "target/root_target.hpp"
#include "target/ssh_target.hpp"
#include "verify/fips_signs.hpp"

namespace {

using namespace konvoy;

int fail(const std::vector<base::Diagnostic>& problems) {
  fmt::print(stderr, "{}", base::render(problems));
  return 1;
}

base::Result<std::unique_ptr<target::Target>> open(const std::string& name) {
  const auto words = base::split(name, ':');
  if (words.size() != 3) return target::open_root({.path = name, .offline = true});
  return target::connect_ssh({.host = "127.0.0.1",
                              .port = static_cast<std::uint16_t>(std::stoul(words[0])),
                              .user = "root",
                              .key_file = words[1],
                              .config_file = "none",
                              .known_hosts = words[2],
                              .connect_timeout = std::chrono::seconds(60)});
}

int apply(target::Target& target, const facts::HostFacts& facts) {
  plan::Plan plan;
  plan.add(plan::plan_fips_preflight({}));
  for (auto& step : plan::plan_fips({}, facts)) plan.add(std::move(step));
  const auto outcome = execute::apply_host(target, facts, plan, {.run_id = "test"});
  for (const auto& step : outcome.steps) {
    if (step.state == execute::StepState::changed) fmt::print("{}\n", step.step);
    if (step.state == execute::StepState::failed) return fail(step.problems);
  }
  return outcome.error ? fail(outcome.error->diagnostics) : 0;
}

int show_signs(target::Target& target, const facts::HostFacts& facts) {
  const auto signs = verify::check_fips_signs(target, facts);
  if (!signs) return fail(signs.error().diagnostics);
  fmt::print("{}\n", json::render(verify::to_value(*signs)));
  return 0;
}

int renew_host_keys(target::Target& target) {
  const auto made = target.perform(resource::new_host_keys(), {});
  if (!made) return fail(made.error().diagnostics);
  fmt::print(stderr, "{}", made->err);
  const std::array<target::Probe, 1> probes = {resource::public_host_keys()};
  const auto keys = target.observe(probes);
  if (!keys) return fail(keys.error().diagnostics);
  fmt::print("{}", std::get<target::CommandAnswer>(keys->front()).out);
  return made->status;
}

}  // namespace

int main(int argc, char** argv) {
  if (const auto status = system::enter_root_if_asked(argc, argv)) return *status;
  if (argc != 3) return 2;
  auto target = open(argv[1]);
  if (!target) return fail(target.error().diagnostics);
  if (std::string_view(argv[2]) == "host-keys") return renew_host_keys(**target);
  const auto facts = facts::gather(**target);
  if (!facts) return fail(facts.error().diagnostics);
  return std::string_view(argv[2]) == "apply" ? apply(**target, *facts)
                                              : show_signs(**target, *facts);
}

#include "app/resolved_configuration.hpp"

#include <filesystem>
#include <iterator>

#include "app/inventory_variables.hpp"
#include "app/subscription.hpp"
#include "plan/variables.hpp"
#include "template/engine.hpp"

namespace konvoy::app {
namespace {

std::string working_directory() {
  std::error_code failed;
  return std::filesystem::current_path(failed).string();
}

void set_inventory(templates::Engine& engine, const ChosenHost& host) {
  const auto all =
      host.inventory.is_map() ? host.inventory : inventory_variables(plain_inventory({host.host}));
  for (const auto& entry : all.map()->entries()) engine.set_fact(entry.key, entry.value);
  const auto own = host_variables(host.host);
  for (const auto& entry : own.entries()) engine.set_fact(entry.key, entry.value);
}

base::Result<value::Value> resolve(const Configuration& configuration, const ChosenHost& host,
                                   const facts::HostFacts& facts) {
  KONVOY_TRY(const auto config, with_inventory(configuration, host.host.vars));
  templates::Engine engine;
  for (const auto& entry : config.value.map()->entries()) engine.set(entry.key, entry.value);
  const auto names = facts::ansible_names(facts);
  for (const auto& entry : names.map()->entries()) engine.set_fact(entry.key, entry.value);
  set_inventory(engine, host);
  // What is written "{{ playbook_dir }}/../artifacts" lies in 'artifacts' of the directory in which
  // konvoy-image-builder, and this program, is started.
  engine.set_fact("playbook_dir", working_directory() + "/ansible");
  value::Map resolved;
  std::vector<base::Diagnostic> problems;
  for (const auto name : plan::spec_variables) {
    if (config.value.map()->find(name) == nullptr) continue;
    auto rendered = engine.resolve(name);
    if (rendered) {
      resolved.set(std::string(name), std::move(rendered->value));
    } else {
      auto failed = std::move(rendered).error();
      std::ranges::move(failed.diagnostics, std::back_inserter(problems));
    }
  }
  if (problems.empty()) return value::Value(with_subscription(std::move(resolved)));
  base::sort_by_place(problems);
  return base::Error(base::ErrorKind::input, std::move(problems));
}

}  // namespace

ConfigurationFor resolve_for_each(const Configuration& configuration) {
  return [&configuration](const ChosenHost& host,
                          const facts::HostFacts& facts) -> base::Result<value::Value> {
    // A machine without inventory has no variables: null, which merges as nothing.
    return resolve(configuration, host, facts);
  };
}

}  // namespace konvoy::app

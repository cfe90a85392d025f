#include "app/packer_step.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "execute/run_host.hpp"
#include "facts/gather.hpp"
#include "plan/sysprep.hpp"
#include "system/file.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;

base::Error failure_of(const execute::HostOutcome& outcome) {
  if (outcome.error) return *outcome.error;
  std::vector<base::Diagnostic> problems;
  if (const auto* step = outcome.failed_step()) problems = step->problems;
  if (problems.empty()) problems.push_back({.message = "the instance could not be provisioned"});
  return {ErrorKind::run, std::move(problems)};
}

}  // namespace

base::Result<ChosenHost> host_of(const PackerInstance& instance,
                                 const std::string& work_directory) {
  KONVOY_TRY(auto chosen, choose_hosts({.hosts = {instance.address}}));
  auto host = std::move(chosen.hosts.front());
  auto& connection = host.host.connection;
  KONVOY_TRY(const auto key, system::read_file_if_there(instance.key_file));
  if (key && !base::trim(*key).empty()) connection.private_key_file = instance.key_file;
  KONVOY_TRY(const auto password, system::read_file_if_there(instance.password_file));
  if (password) {
    const auto first_line = password->substr(0, password->find('\n'));
    if (!first_line.empty()) connection.password = base::Secret(first_line);
  }
  connection.become = connection.user != "root";
  connection.ssh_arguments.insert(
      connection.ssh_arguments.end(),
      {"-o", fmt::format("UserKnownHostsFile={}/known_hosts", work_directory)});
  return host;
}

base::Result<record::Record> provision_instance(const ProvisionRequest& request,
                                                const ProvisionServices& services) {
  KONVOY_TRY(auto record, provision(request, services));
  const auto& outcome = record.hosts.front().outcome;
  if (outcome.state != execute::HostState::ok) return failure_of(outcome);
  KONVOY_TRY(const auto target, services.open(request.hosts.front()));
  KONVOY_TRY(const auto facts, facts::gather(*target));
  const auto cleaned = execute::apply_host(*target, facts, plan::plan_sysprep(facts),
                                           {.run_id = record.run_id + "-sysprep",
                                            .clock = services.clock,
                                            .random = {},
                                            .stop = services.stop,
                                            .events = services.events});
  if (cleaned.state != execute::HostState::ok) return failure_of(cleaned);
  return record;
}

}  // namespace konvoy::app

#include "app/packer_step.hpp"

#include <fmt/format.h>

#include "app/packer_variables.hpp"
#include "app/subscription.hpp"
#include "app/sysprep.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"
#include "execute/run_host.hpp"
#include "system/file.hpp"

namespace konvoy::app {
namespace {

using base::ErrorKind;

constexpr std::chrono::seconds power_off_limit{300};
constexpr std::chrono::seconds pause_between_looks{1};
constexpr std::uint16_t ssh_port = 22;

base::Error failure_of(const execute::HostOutcome& outcome) {
  if (outcome.error) return *outcome.error;
  std::vector<base::Diagnostic> problems;
  if (const auto* step = outcome.failed_step()) problems = step->problems;
  if (problems.empty()) problems.push_back({.message = "the instance could not be provisioned"});
  return {ErrorKind::run, std::move(problems)};
}

// The way through a bastion. ProxyJump takes no key, so one that is given needs a command.
void add_bastion(const PackerVariables& variables, const std::string& work_directory,
                 std::vector<std::string>& ssh_arguments) {
  const auto bastion = variables.text("ssh_bastion_host");
  if (bastion.empty()) return;
  const auto user = variables.text("ssh_bastion_username");
  const auto port = variables.text("ssh_bastion_port");
  const auto key = variables.text("ssh_bastion_private_key_file");
  const auto login = (user.empty() ? "" : user + "@") + bastion;
  const auto port_or_default = port.empty() ? "22" : port;
  std::string way;
  if (key.empty()) {
    way = fmt::format("ProxyJump={}:{}", login, port_or_default);
  } else {
    way = fmt::format(
        "ProxyCommand=ssh -i {} -p {} -o BatchMode=yes -o StrictHostKeyChecking=accept-new "
        "-o UserKnownHostsFile={} -W [%h]:%p {}",
        base::shell_quote(key), base::shell_quote(port_or_default),
        base::shell_quote(work_directory + "/known_hosts"), base::shell_quote(login));
  }
  ssh_arguments.insert(ssh_arguments.end(), {"-o", std::move(way)});
}

base::Result<void> provision_and_clean(const ProvisionRequest& request,
                                       const ProvisionServices& services, AtTheEnd end,
                                       record::Record& record) {
  KONVOY_TRY(record, provision(request, services));
  const auto& outcome = record.hosts.front().outcome;
  if (outcome.state != execute::HostState::ok) return failure_of(outcome);
  KONVOY_TRY(const auto target, services.open(request.hosts.front()));
  KONVOY_CHECK(
      sysprep(*target, record.hosts.front().after.value(), record.run_id + "-sysprep", services));
  if (end == AtTheEnd::leave_it_on) return {};
  return power_off(*target, request.hosts.front(), services);
}

}  // namespace

base::Result<ChosenHost> host_of(const PackerInstance& instance,
                                 const std::string& work_directory) {
  KONVOY_TRY(const auto variables, read_packer_variables(work_directory));
  KONVOY_TRY(auto chosen, choose_hosts({.hosts = {instance.address}}));
  auto host = std::move(chosen.hosts.front());
  auto& connection = host.host.connection;
  KONVOY_TRY(const auto key, system::read_file_if_there(instance.key_file));
  // Packer tells the key that it made itself, and not the one that it was given.
  const bool told = key && !base::trim(*key).empty();
  connection.private_key_file = told ? instance.key_file : variables.text("ssh_private_key_file");
  KONVOY_TRY(const auto password, system::read_file_if_there(instance.password_file));
  if (password) {
    const auto first_line = password->substr(0, password->find('\n'));
    // The only password that Packer knows of is that user's: sudo asks for it, too.
    if (!first_line.empty()) {
      connection.password = base::Secret(first_line);
      connection.become_password = connection.password;
    }
  }
  connection.become = connection.user != "root";
  connection.ssh_arguments.insert(
      connection.ssh_arguments.end(),
      {"-o", fmt::format("UserKnownHostsFile={}/known_hosts", work_directory)});
  add_bastion(variables, work_directory, connection.ssh_arguments);
  return host;
}

base::Result<void> power_off(target::Target& target, const ChosenHost& host,
                             const ProvisionServices& services) {
  // From this machine, as Packer reaches the instance. With QEMU's user network it is QEMU that
  // listens there, and only its end closes the port. That ssh fails would not do, which it does
  // before the disk is whole.
  ChosenHost this_machine;
  this_machine.host.name = "local";
  this_machine.host.connection.local = true;
  KONVOY_TRY(const auto from_here, services.open(this_machine));
  const auto& connection = host.host.connection;
  const target::Address door{.host = connection.address.empty() ? host.name() : connection.address,
                             .port = connection.port == 0 ? ssh_port : connection.port};
  if (const auto seen = from_here->connect(door); !seen) {
    return base::Error(seen.error())
        .with_note("so it can't be seen from here when the instance is off");
  }
  // With --force no service is stopped in order: that would put back a random seed and log entries.
  // The connection may end before the command does; the port tells whether it worked.
  const auto told = target.perform(target::RunCommand{.argv = {"systemctl", "--force", "poweroff"}},
                                   services.events);
  if (!told && told.error().kind != ErrorKind::unreachable) return told.error();
  if (told && told->status != 0) {
    return base::Error(ErrorKind::run,
                       fmt::format("the instance can't be powered off: {}", base::trim(told->err)));
  }
  const auto end = services.clock->steady() + power_off_limit;
  while (from_here->connect(door)) {
    if (services.clock->steady() >= end) {
      return base::Error(
          ErrorKind::run,
          fmt::format("the instance did not power off within {} s", power_off_limit.count()),
          "its console says what it waits for");
    }
    if (services.stop != nullptr && services.stop->at_once()) {
      return base::Error(ErrorKind::interrupted, "interrupted before the instance was off");
    }
    services.clock->sleep(pause_between_looks);
  }
  return {};
}

base::Result<record::Record> provision_instance(const ProvisionRequest& request,
                                                const ProvisionServices& services, AtTheEnd end) {
  record::Record record;
  auto done = provision_and_clean(request, services, end, record);
  if (done) return record;
  return give_back_subscription(std::move(done).error(), record, request.hosts.front(), services);
}

}  // namespace konvoy::app

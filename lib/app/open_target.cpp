#include "app/open_target.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "crypto/fips_state.hpp"
#include "target/root_target.hpp"
#include "target/ssh_target.hpp"

namespace konvoy::app {
namespace {

target::SshOptions ssh_options(const ChosenHost& chosen, const OpenOptions& options,
                               bool fips_algorithms) {
  const auto& connection = chosen.host.connection;
  target::SshOptions ssh{.host = connection.address,
                         .name = chosen.name(),
                         .port = connection.port,
                         .user = connection.user,
                         .key_file = connection.private_key_file,
                         .password = connection.password,
                         .accept_new = options.accept_new_keys,
                         .fips_algorithms = fips_algorithms,
                         .extra_arguments = connection.ssh_arguments};
  const bool already_there = connection.user == "root" && connection.become_user.empty();
  if (connection.become && !already_there) {
    ssh.become = target::Become{.password = connection.become_password};
    if (!connection.become_user.empty()) ssh.become->user = connection.become_user;
  }
  return ssh;
}

base::Result<std::unique_ptr<target::Target>> open_local(const ChosenHost& chosen) {
  if (chosen.host.connection.become && geteuid() != 0) {
    return base::Error(
        base::ErrorKind::usage,
        fmt::format("'{}' is this machine, and we are not root on it", chosen.name()),
        "start konvoy-image itself with sudo");
  }
  return target::open_root({.path = "/", .name = chosen.name()});
}

}  // namespace

OpenTarget open_with(const OpenOptions& options) {
  const bool fips_algorithms = crypto::observe_fips_state().enforced();
  return [options, fips_algorithms](
             const ChosenHost& chosen) -> base::Result<std::unique_ptr<target::Target>> {
    if (!chosen.root.empty()) {
      return target::open_root({.path = chosen.root, .offline = options.offline});
    }
    if (chosen.host.connection.local) return open_local(chosen);
    return target::connect_ssh(ssh_options(chosen, options, fips_algorithms));
  };
}

}  // namespace konvoy::app

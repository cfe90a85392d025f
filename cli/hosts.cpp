#include "cli/hosts.hpp"

#include <string>

#include "cli/terminal/terminal.hpp"

namespace konvoy::cli {

Option forks_option() {
  return {.name = "forks",
          .letter = 'f',
          .takes = Takes::value,
          .placeholder = "N",
          .help = "hosts that are worked on at once",
          .fallback = std::to_string(default_forks)};
}

base::Result<std::size_t> forks_of(const Invocation& invocation) {
  constexpr long most = 500;
  KONVOY_TRY(const long forks, invocation.number("forks", 1, most));
  return static_cast<std::size_t>(forks);
}

base::Result<app::ChosenHosts> hosts_of(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(auto chosen, app::choose_hosts({.inventory_file = invocation.value("inventory-file"),
                                             .limit = invocation.value("limit"),
                                             .hosts = invocation.values("host"),
                                             .root = invocation.value("root"),
                                             .ssh_key = invocation.value("ssh-key"),
                                             .become = invocation.has("become")}));
  for (const auto& host : chosen.hosts) {
    terminal.hide(host.host.connection.password);
    terminal.hide(host.host.connection.become_password);
  }
  terminal.report(chosen.warnings);
  return chosen;
}

app::OpenTarget opener_of(const Invocation& invocation) {
  return app::open_with({.accept_new_keys = invocation.has("ssh-accept-new")});
}

}  // namespace konvoy::cli

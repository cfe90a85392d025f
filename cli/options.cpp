#include "cli/options.hpp"

namespace konvoy::cli {

Option output_option() {
  return {.name = "output",
          .letter = 'o',
          .takes = Takes::value,
          .placeholder = "FORMAT",
          .help = "how data is printed",
          .choices = {"text", "json", "yaml"},
          .fallback = "text"};
}

std::vector<Option> input_options() {
  return {
      {.name = "overrides",
       .takes = Takes::values,
       .placeholder = "FILE",
       .help = "override file, later ones win"},
      {.name = "extra-vars",
       .takes = Takes::values,
       .placeholder = "X",
       .help = "key=value, a.b=value, @FILE or a JSON object; wins over everything else",
       .splits_commas = false},
      {.name = "kubernetes-version",
       .takes = Takes::value,
       .placeholder = "V",
       .help = "Kubernetes version to install"},
      {.name = "containerd-version",
       .takes = Takes::value,
       .placeholder = "V",
       .help = "containerd version to install"},
      {.name = "work-dir",
       .takes = Takes::value,
       .placeholder = "DIR",
       .help = "directory of this run's files, instead of a new one below ./work; 'build' and "
               "'provision' use the configuration that 'generate' wrote there"},
  };
}

std::vector<Option> fact_options() {
  return {
      {.name = "facts",
       .takes = Takes::value,
       .placeholder = "FILE",
       .help = "facts of a host, YAML or JSON, as 'konvoy-image facts' prints them"},
      {.name = "set-fact",
       .takes = Takes::values,
       .placeholder = "K=V",
       .help = "one fact",
       .splits_commas = false},
      {.name = "os",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "facts of a plain system, such as centos-8.4 or rhel-7.9"},
  };
}

std::vector<Option> host_options() {
  return {
      {.name = "inventory-file",
       .takes = Takes::value,
       .placeholder = "FILE",
       .help = "Ansible inventory, INI or YAML [inventory.yaml], or a list 'host1,host2,'"},
      {.name = "limit",
       .letter = 'l',
       .takes = Takes::value,
       .placeholder = "PATTERN",
       .help = "only these hosts of the inventory: 'a:&b:!c'"},
      {.name = "host",
       .takes = Takes::values,
       .placeholder = "HOST",
       .help = "[USER@]HOST[:PORT], or 'local' for this machine"},
      {.name = "root",
       .takes = Takes::value,
       .placeholder = "DIR",
       .help = "the root of an image instead of a host"},
      {.name = "ssh-key",
       .takes = Takes::value,
       .placeholder = "FILE",
       .help = "private key to log in with"},
      {.name = "ssh-accept-new", .help = "learn the keys of hosts that are not known yet"},
      {.name = "become", .letter = 'b', .help = "become root with sudo"},
  };
}

std::vector<Option> together(std::vector<std::vector<Option>> groups) {
  std::vector<Option> all;
  for (auto& group : groups) {
    for (auto& option : group) all.push_back(std::move(option));
  }
  return all;
}

}  // namespace konvoy::cli

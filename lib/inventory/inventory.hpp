// The hosts that a user wrote down, in Ansible's terms: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/secret.hpp"
#include "base/source_span.hpp"
#include "value/value.hpp"

namespace konvoy::inventory {

/// How to get to a host and become root there. What is empty (0) is left to ssh and its
/// configuration.
struct Connection {
  bool local = false;                      ///< ansible_connection=local: the machine we run on
  std::string address;                     ///< ansible_host, else the host's name
  std::uint16_t port = 0;                  ///< ansible_port
  std::string user;                        ///< ansible_user
  base::Secret password;                   ///< ansible_password
  std::string private_key_file;            ///< ansible_ssh_private_key_file, "~/" as written
  std::vector<std::string> ssh_arguments;  ///< ansible_ssh_common_args, then _extra_args
  bool become = false;                     ///< ansible_become
  std::string become_user;                 ///< ansible_become_user; empty: root
  std::string become_method;               ///< ansible_become_method; empty: sudo
  base::Secret become_password;            ///< ansible_become_password

  bool operator==(const Connection&) const = default;
};

struct Host {
  std::string name;
  Connection connection;
  /// What holds for this host after all groups, group_vars and host_vars: a map. Each variable
  /// knows where it was written.
  value::Value vars;
  std::vector<std::string> groups;  ///< all it belongs to, also through children; sorted, no "all"
  base::SourceSpan span;

  bool operator==(const Host&) const = default;
};

struct Group {
  std::string name;
  std::vector<std::string> hosts;     ///< its own, in the order in which they were written
  std::vector<std::string> children;  ///< its own
  value::Value vars;                  ///< its own with those of group_vars/
  base::SourceSpan span;

  bool operator==(const Group&) const = default;
};

/// `groups` and `hosts` stand in the order in which the inventory names them; "all" and "ungrouped"
/// are groups like others.
struct Inventory {
  std::vector<Group> groups;
  std::vector<Host> hosts;
  std::vector<base::Diagnostic> warnings;

  [[nodiscard]] const Group* find_group(std::string_view name) const;
  [[nodiscard]] const Host* find_host(std::string_view name) const;
  /// The names of a group's hosts and those of its children, without repetition.
  [[nodiscard]] std::vector<std::string> hosts_of(std::string_view group) const;

  bool operator==(const Inventory&) const = default;
};

}  // namespace konvoy::inventory

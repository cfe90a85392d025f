#include "inventory/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "base/secret.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "inventory/words.hpp"

namespace konvoy::inventory {
namespace {

// Each setting's names, the one that counts first: the later ones are Ansible's old spellings.
using Names = std::array<std::string_view, 3>;
constexpr Names address_names{"ansible_host", "ansible_ssh_host"};
constexpr Names port_names{"ansible_port", "ansible_ssh_port"};
constexpr Names user_names{"ansible_user", "ansible_ssh_user"};
constexpr Names password_names{"ansible_password", "ansible_ssh_password", "ansible_ssh_pass"};
constexpr Names key_names{"ansible_ssh_private_key_file", "ansible_private_key_file"};
constexpr Names common_names{"ansible_ssh_common_args"};
constexpr Names extra_names{"ansible_ssh_extra_args"};
constexpr Names become_names{"ansible_become", "ansible_sudo"};
constexpr Names become_user_names{"ansible_become_user", "ansible_sudo_user"};
constexpr Names become_method_names{"ansible_become_method"};
constexpr Names become_password_names{"ansible_become_password", "ansible_become_pass",
                                      "ansible_sudo_pass"};
constexpr Names connection_names{"ansible_connection"};
constexpr std::array understood{
    address_names,         port_names,      user_names,   password_names,    key_names,
    common_names,          extra_names,     become_names, become_user_names, become_method_names,
    become_password_names, connection_names};

struct PassedOver {
  std::string_view name;
  std::string_view why;
};
constexpr std::array passed_over{
    PassedOver{"ansible_python_interpreter", "nothing on the host needs Python"},
    PassedOver{"ansible_shell_type", "commands run without a login shell's help"},
    PassedOver{"ansible_shell_executable", "/bin/sh is used"},
    PassedOver{"ansible_ssh_pipelining", "one session serves all commands"},
    PassedOver{"ansible_pipelining", "one session serves all commands"},
    PassedOver{"ansible_ssh_transfer_method", "files go through the session"},
    PassedOver{"ansible_ssh_host_key_checking", "use '--ssh-accept-new' to learn host keys"},
    PassedOver{"ansible_host_key_checking", "use '--ssh-accept-new' to learn host keys"},
};

base::Error problem(const value::Entry& entry, std::string message, std::string hint) {
  return {base::ErrorKind::input, base::Diagnostic{.message = std::move(message),
                                                   .span = entry.value.span(),
                                                   .hint = std::move(hint),
                                                   .secret_excerpt = entry.value.is_secret()}};
}

const value::Entry* find(const value::Map& vars, const Names& names) {
  for (const auto name : names) {
    if (name.empty()) break;
    if (const auto* entry = vars.find_entry(name)) return entry;
  }
  return nullptr;
}

base::Result<std::string> text(const value::Map& vars, const Names& names) {
  const auto* entry = find(vars, names);
  if (entry == nullptr || entry->value.is_null()) return std::string();
  if (const auto* number = entry->value.integer()) return std::to_string(*number);
  const auto* string = entry->value.string();
  if (string == nullptr) {
    return problem(
        *entry,
        fmt::format("'{}' must be text, not {}", entry->key, value::name_of(entry->value.kind())),
        "write it in quotes");
  }
  if (string->find("{{") != std::string::npos) {
    return problem(*entry, fmt::format("'{}' holds a template", entry->key),
                   "templates are not evaluated in connection variables: write the value");
  }
  return *string;
}

base::Result<std::uint16_t> port(const value::Map& vars) {
  KONVOY_TRY(const auto written, text(vars, port_names));
  if (written.empty()) return std::uint16_t{0};
  unsigned number = 0;
  const auto* end = written.data() + written.size();
  const auto [rest, error] = std::from_chars(written.data(), end, number);
  constexpr unsigned highest = 65535;
  if (error != std::errc() || rest != end || number == 0 || number > highest) {
    const auto* entry = find(vars, port_names);
    return problem(*entry, fmt::format("'{}' is no port", written), "ports go from 1 to 65535");
  }
  return static_cast<std::uint16_t>(number);
}

// A truth value in any of the spellings that Ansible's become option takes.
base::Result<bool> flag(const value::Map& vars, const Names& names) {
  const auto* entry = find(vars, names);
  if (entry == nullptr || entry->value.is_null()) return false;
  if (const auto* boolean = entry->value.boolean()) return *boolean;
  KONVOY_TRY(const auto written, text(vars, names));
  const auto word = base::to_lower(written);
  for (const auto* yes : {"yes", "on", "1", "true", "t", "y"}) {
    if (word == yes) return true;
  }
  for (const auto* no : {"no", "off", "0", "false", "f", "n", ""}) {
    if (word == no) return false;
  }
  return problem(*entry, fmt::format("'{}' must be true or false, not '{}'", entry->key, written),
                 "write true or false");
}

base::Result<void> add_arguments(const value::Map& vars, const Names& names,
                                 std::vector<std::string>& arguments) {
  KONVOY_TRY(const auto written, text(vars, names));
  auto words = split_shell_words(written, Comments::kept);
  if (!words) {
    return problem(*find(vars, names), words.error().message(), "close it, or write it in quotes");
  }
  for (auto& word : *words) arguments.push_back(std::move(word.text));
  return {};
}

base::Result<bool> is_local(const value::Map& vars) {
  KONVOY_TRY(const auto written, text(vars, connection_names));
  if (written == "local") return true;
  for (const auto* ssh : {"", "ssh", "smart", "openssh", "ansible.builtin.ssh"}) {
    if (written == ssh) return false;
  }
  return problem(*find(vars, connection_names),
                 fmt::format("connection '{}' is not supported", written), "use ssh or local");
}

base::Result<void> check_become_method(const value::Map& vars, const std::string& method) {
  if (method.empty() || method == "sudo" || method == "ansible.builtin.sudo") return {};
  return problem(*find(vars, become_method_names),
                 fmt::format("become method '{}' is not supported", method), "use sudo");
}

bool is_understood(std::string_view name) {
  if (name == "ansible_group_priority") return true;
  return std::ranges::any_of(understood, [&](const Names& names) {
    return std::ranges::find(names, name) != names.end();
  });
}

std::vector<std::string> understood_names() {
  std::vector<std::string> all;
  for (const auto& names : understood) all.emplace_back(names[0]);
  return all;
}

void warn(const value::Map& vars, std::vector<base::Diagnostic>& warnings) {
  static const auto known = understood_names();
  for (const auto& entry : vars.entries()) {
    if (!entry.key.starts_with("ansible_") || is_understood(entry.key)) continue;
    const auto ignored = std::ranges::find(passed_over, entry.key, &PassedOver::name);
    const bool is_known = ignored != passed_over.end();
    warnings.push_back(
        {.severity = is_known ? base::Severity::note : base::Severity::warning,
         .message = is_known ? fmt::format("'{}' is passed over: {}", entry.key, ignored->why)
                             : fmt::format("unknown variable '{}' is passed over", entry.key),
         .span = entry.value.span(),
         .hint = is_known ? std::string() : base::did_you_mean(entry.key, known),
         .secret_excerpt = entry.value.is_secret()});
  }
  for (const auto& names : {password_names, become_password_names}) {
    const auto* entry = find(vars, names);
    if (entry == nullptr) continue;
    warnings.push_back({.severity = base::Severity::warning,
                        .message = fmt::format("'{}' stands in the inventory in clear", entry->key),
                        .span = entry->value.span(),
                        .hint = names == password_names
                                    ? "log in with a key and an ssh agent"
                                    : "allow the user sudo without a password, or log in as root",
                        .secret_excerpt = true});
  }
}

}  // namespace

bool holds_password(std::string_view name) {
  return name.ends_with("_pass") || base::names_a_secret(name);
}

base::Result<Connection> decode_connection(std::string_view name, const value::Map& vars,
                                           std::vector<base::Diagnostic>& warnings) {
  Connection connection;
  KONVOY_TRY(connection.local, is_local(vars));
  KONVOY_TRY(connection.address, text(vars, address_names));
  if (connection.address.empty()) connection.address = name;
  KONVOY_TRY(connection.port, port(vars));
  KONVOY_TRY(connection.user, text(vars, user_names));
  KONVOY_TRY(auto password, text(vars, password_names));
  connection.password = base::Secret(std::move(password));
  KONVOY_TRY(connection.private_key_file, text(vars, key_names));
  KONVOY_CHECK(add_arguments(vars, common_names, connection.ssh_arguments));
  KONVOY_CHECK(add_arguments(vars, extra_names, connection.ssh_arguments));
  KONVOY_TRY(connection.become, flag(vars, become_names));
  KONVOY_TRY(connection.become_user, text(vars, become_user_names));
  KONVOY_TRY(connection.become_method, text(vars, become_method_names));
  KONVOY_CHECK(check_become_method(vars, connection.become_method));
  KONVOY_TRY(auto become_password, text(vars, become_password_names));
  connection.become_password = base::Secret(std::move(become_password));
  warn(vars, warnings);
  return connection;
}

}  // namespace konvoy::inventory

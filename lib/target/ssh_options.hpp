// How a host is reached with the system's OpenSSH.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace konvoy::target {

/// Who commands run as, by sudo. Nothing: as the user who logged in.
struct Become {
  std::string user = "root";
  base::Secret password;  ///< empty: sudo must not ask for one
  bool operator==(const Become&) const = default;
};

struct SshOptions {
  std::string host;         ///< name, address, or a Host of the user's ssh configuration
  std::string name;         ///< what people call it; empty: `host`
  std::uint16_t port = 0;   ///< 0: what the configuration says, else 22
  std::string user;         ///< empty: what the configuration says
  std::string key_file;     ///< empty: agent, smart card and the configuration's keys
  std::string config_file;  ///< of `ssh -F`; empty: the user's own
  std::string known_hosts;  ///< empty: the configuration's files
  std::string proxy_jump;   ///< of `ssh -J`; empty: what the configuration says
  base::Secret password;    ///< for the login, given to ssh by SSH_ASKPASS
  std::optional<Become> become;
  /// Learns the keys of hosts that are not known yet; a key that has changed is refused all the
  /// same.
  bool accept_new = false;
  /// The local OpenSSL enforces FIPS: only algorithms are offered that it has.
  bool fips_algorithms = false;
  std::vector<std::string> extra_arguments;  ///< as of ansible_ssh_common_args
  std::chrono::seconds connect_timeout{15};
  /// How often a server that does not greet (found_no_greeting()) is tried.
  unsigned greeting_tries = 3;
  std::chrono::seconds keepalive{15};  ///< four of them unanswered: the connection is lost
  /// How long a lost connection is tried again while a detached command runs.
  std::chrono::seconds reconnect{120};

  bool operator==(const SshOptions&) const = default;
};

/// The arguments of ssh up to the host, without command. With `control` the connection is shared:
/// the first one with `master` makes it.
struct Control {
  std::string path;  ///< of the socket, at most about 100 bytes
  bool master = false;
};
[[nodiscard]] std::vector<std::string> ssh_arguments(const SshOptions& options,
                                                     const Control& control);

/// What known_hosts calls a host (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): "[name]:2222", and only
/// the name where `port` is 0 or 22.
[[nodiscard]] std::string known_hosts_name(const std::string& host, std::uint16_t port);

/// The words for ssh that start the far side's loop, through sudo where that is asked for: one
/// string that any login shell understands. `prompt` is what sudo asks the password with.
[[nodiscard]] std::string remote_command(const std::optional<Become>& become,
                                         const std::string& nonce, const std::string& prompt);

/// Whether a session did not start because sshd, of the host or of one on the way to it, took the
/// connection and did not greet: it is too busy, or already lets in as many as it may (MaxStartups
/// in sshd_config(5) drops some of them by chance). Nobody was logged in, so it may be tried again.
[[nodiscard]] bool found_no_greeting(const base::Error& error);

/// The error of a session that did not start, with cause and remedy: unknown or changed host key,
/// refused login, requiretty, a sudo that wants a password, a key in old PEM form.
[[nodiscard]] base::Error explain_failure(const SshOptions& options, base::Error error);

/// Whether a private key is in the old PEM form with a passphrase, whose key derivation is MD5.
[[nodiscard]] bool is_old_encrypted_key(std::string_view key_file_text);

}  // namespace konvoy::target

#include "target/ssh_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "system/file.hpp"
#include "target/frame.hpp"

namespace konvoy::target {
namespace {

using base::Error;

void option(std::vector<std::string>& words, std::string text) {
  words.emplace_back("-o");
  words.push_back(std::move(text));
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct Known {
  std::string_view said;     // by ssh or sudo, on stderr
  std::string_view message;  // ours; {0} is the host's name
  std::string_view hint;     // {1} is the host as ssh knows it, {2} as known_hosts does
};

// In the order they are looked for: the first that fits is the cause.
constexpr Known known_failures[] = {
    {"has changed and you have requested strict checking", "the host key of '{0}' has changed",
     "if the host was installed anew, remove its old key: ssh-keygen -R {2}"},
    {"Host key verification failed", "the host key of '{0}' is not known",
     "add it to known_hosts, or learn it now with --ssh-accept-new"},
    {"No matching host key", "no host key of '{0}' can be used",
     "see 'ssh -G {1}' for the algorithms that are allowed"},
    {"must have a tty to run sudo",
     "sudo on '{0}' has 'requiretty' and refuses to run without a terminal",
     "put 'Defaults:USER !requiretty' into a file in /etc/sudoers.d on the host"},
    {"sudo: a terminal is required", "sudo on '{0}' needs a password",
     "give one, for example ansible_become_password in the inventory"},
    {"sudo: a password is required", "sudo on '{0}' needs a password",
     "give one, for example ansible_become_password in the inventory"},
    {"did not accept the password", "sudo on '{0}' did not accept the password",
     "check ansible_become_password"},
    {"incorrect password attempt", "sudo on '{0}' did not accept the password",
     "check ansible_become_password"},
    {"is not in the sudoers file", "the user may not use sudo on '{0}'",
     "add the user to /etc/sudoers.d, or log in as root"},
    {"is not allowed to execute", "the user may not run a shell with sudo on '{0}'",
     "allow it in /etc/sudoers.d, or log in as root"},
    {"sudo: not found", "there is no sudo on '{0}'", "log in as root"},
    {"Permission denied (", "'{0}' refused the login", "check user and key with 'ssh {1} true'"},
    {"Too many authentication failures", "'{0}' refused the login after too many keys",
     "name the key with --ssh-key"},
    {"no mutual signature", "'{0}' does not take signatures of this key",
     "use an RSA (rsa-sha2-512) or ECDSA key"},
};

// What ssh says where a connection was made and nobody greeted it; EL7's has no "kex_".
constexpr std::string_view not_greeted[] = {"exchange_identification: ",
                                            "timed out during banner exchange"};

std::string all_said(const Error& error) {
  std::string said = error.message();
  for (const auto& note : error.diagnostics.front().notes) said += "\n" + note.message;
  return said;
}

// What ssh itself says last, which then needs no note any more, or else the message.
std::string take_cause(base::Diagnostic& diagnostic) {
  constexpr std::string_view by_ssh = "ssh: ";
  if (diagnostic.notes.empty() || !diagnostic.notes.back().message.starts_with(by_ssh)) {
    return diagnostic.message;
  }
  auto cause = diagnostic.notes.back().message.substr(by_ssh.size());
  diagnostic.notes.pop_back();
  return cause;
}

// The same connection as a user would try it.
std::string by_hand(const SshOptions& options) {
  std::string command = "ssh";
  if (options.port != 0) command += fmt::format(" -p {}", options.port);
  if (!options.key_file.empty()) command += " -i " + options.key_file;
  if (!options.user.empty()) return fmt::format("{} {}@{}", command, options.user, options.host);
  return fmt::format("{} {}", command, options.host);
}

}  // namespace

std::string known_hosts_name(const std::string& host, std::uint16_t port) {
  constexpr std::uint16_t usual = 22;
  return port == 0 || port == usual ? host : fmt::format("[{}]:{}", host, port);
}

std::vector<std::string> ssh_arguments(const SshOptions& options, const Control& control) {
  std::vector<std::string> words{"ssh"};
  if (!options.config_file.empty()) words.insert(words.end(), {"-F", options.config_file});
  words.insert(words.end(), {"-T", "-e", "none"});
  option(words, fmt::format("StrictHostKeyChecking={}", options.accept_new ? "accept-new" : "yes"));
  option(words, fmt::format("BatchMode={}", options.password.empty() ? "yes" : "no"));
  option(words, fmt::format("ConnectTimeout={}", options.connect_timeout.count()));
  option(words, fmt::format("ServerAliveInterval={}", options.keepalive.count()));
  option(words, "ServerAliveCountMax=4");
  option(words, "LogLevel=ERROR");  // no banners; what makes a connection fail is still said
  for (const char* off : {"RemoteCommand=none", "ForwardAgent=no", "ForwardX11=no",
                          "PermitLocalCommand=no", "ClearAllForwardings=yes"}) {
    option(words, off);
  }
  option(words, fmt::format("ControlMaster={}", control.master ? "yes" : "no"));
  option(words, "ControlPath=" + control.path);
  option(words, "ControlPersist=no");
  if (!options.password.empty()) option(words, "NumberOfPasswordPrompts=1");
  if (!options.known_hosts.empty()) option(words, "UserKnownHostsFile=" + options.known_hosts);
  if (options.port != 0) words.insert(words.end(), {"-p", fmt::format("{}", options.port)});
  if (!options.user.empty()) words.insert(words.end(), {"-l", options.user});
  if (!options.key_file.empty()) {
    words.insert(words.end(), {"-i", options.key_file});
    option(words, "IdentitiesOnly=yes");
  }
  if (!options.proxy_jump.empty()) words.insert(words.end(), {"-J", options.proxy_jump});
  if (options.fips_algorithms) {
    // What OpenSSL's FIPS provider and every OpenSSH from EL7 on have in common.
    option(words, "Ciphers=aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr");
    option(words, "KexAlgorithms=ecdh-sha2-nistp256,ecdh-sha2-nistp384");
    option(words, "HostKeyAlgorithms=rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256");
    option(words, "PubkeyAcceptedAlgorithms=rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256");
    option(words, "MACs=hmac-sha2-256,hmac-sha2-512");
  }
  words.insert(words.end(), options.extra_arguments.begin(), options.extra_arguments.end());
  words.insert(words.end(), {"--", options.host});
  return words;
}

std::string remote_command(const std::optional<Become>& become, const std::string& nonce,
                           const std::string& prompt) {
  const std::string loop = base::shell_quote(far_side_loop());
  if (!become) return fmt::format("exec /bin/sh -c {} sh {}", loop, nonce);
  // Whoever is that user already needs no sudo. The password is read from stdin, never an argument.
  const std::string ask = become->password.empty() ? "-n" : fmt::format("-S -p {}", prompt);
  const std::string inner = fmt::format(
      "if [ \"$(id -un)\" = \"$3\" ]; then exec /bin/sh -c \"$1\" sh \"$2\"; else exec sudo -H {} "
      "-u "
      "\"$3\" /bin/sh -c \"$1\" sh \"$2\"; fi",
      ask);
  return fmt::format("exec /bin/sh -c {} sh {} {} {}", base::shell_quote(inner), loop, nonce,
                     base::shell_quote(become->user));
}

bool is_old_encrypted_key(std::string_view key_file_text) {
  return key_file_text.find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos &&
         key_file_text.find("BEGIN ENCRYPTED PRIVATE KEY") == std::string_view::npos;
}

bool found_no_greeting(const Error& error) {
  const std::string said = all_said(error);
  return std::ranges::any_of(not_greeted, [&](auto words) { return says(said, words); });
}

Error explain_failure(const SshOptions& options, Error error) {
  const std::string& name = options.name.empty() ? options.host : options.name;
  const std::string said = all_said(error);
  auto& diagnostic = error.diagnostics.front();
  if (!options.key_file.empty()) {
    const auto key = system::read_file(options.key_file, 1U << 20U);
    const bool login_failed = says(said, "Permission denied") || says(said, "error in libcrypto");
    if (key && is_old_encrypted_key(*key) && login_failed) {
      diagnostic.message = fmt::format(
          "the private key '{}' is in the old PEM form with a passphrase, whose key derivation "
          "(MD5) FIPS does not allow",
          options.key_file);
      diagnostic.hint =
          fmt::format("convert it on a machine without FIPS mode: ssh-keygen -p -m PKCS8 -f {}",
                      base::shell_quote(options.key_file));
      return error;
    }
  }
  for (const auto& known : known_failures) {
    if (!says(said, known.said)) continue;
    diagnostic.message = fmt::format(fmt::runtime(known.message), name);
    diagnostic.hint = fmt::format(fmt::runtime(known.hint), name, options.host,
                                  base::shell_quote(known_hosts_name(options.host, options.port)));
    return error;
  }
  if (found_no_greeting(error)) {
    diagnostic.message = fmt::format("sshd on the way to '{}' does not greet", name);
    diagnostic.hint = fmt::format(
        "it may be overloaded, or let in fewer at once than come (MaxStartups in sshd_config): "
        "try '{} true', or fewer hosts at once with --forks",
        by_hand(options));
    return error;
  }
  diagnostic.message = fmt::format("cannot reach '{}': {}", name, take_cause(diagnostic));
  diagnostic.hint = fmt::format("try '{} true'", by_hand(options));
  return error;
}

}  // namespace konvoy::target

#include "target/ssh_options.hpp"

#include <fmt/format.h>

#include <doctest/doctest.h>

#include <algorithm>

#include "base/diagnostic.hpp"

using namespace konvoy::target;
using konvoy::base::Error;
using konvoy::base::ErrorKind;
using konvoy::base::Secret;

namespace {

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

Error closed(const std::string& said) {
  return Error(ErrorKind::unreachable, "the connection was closed").with_note(said);
}

}  // namespace

TEST_CASE("host keys are strict, and everything else is the user's configuration") {
  const auto words = ssh_arguments({.host = "node"}, {.path = "/tmp/s", .master = true});
  CHECK(has(words, "StrictHostKeyChecking=yes"));
  CHECK(has(words, "BatchMode=yes"));
  CHECK(has(words, "ControlMaster=yes"));
  CHECK(words[words.size() - 2] == "--");
  CHECK(words.back() == "node");
  for (const char* not_ours : {"-l", "-p", "-i", "-J", "-F"}) CHECK_FALSE(has(words, not_ours));
}

TEST_CASE("what is asked for is passed on, and no password is") {
  const SshOptions options{.host = "node",
                           .port = 2222,
                           .user = "centos",
                           .key_file = "/keys/id",
                           .proxy_jump = "bastion",
                           .password = Secret("hunter2"),
                           .accept_new = true,
                           .extra_arguments = {"-o", "Compression=yes"}};
  const auto words = ssh_arguments(options, {.path = "/tmp/s"});
  for (const char* word : {"StrictHostKeyChecking=accept-new", "BatchMode=no", "2222", "centos",
                           "/keys/id", "IdentitiesOnly=yes", "bastion", "Compression=yes"}) {
    CAPTURE(word);
    CHECK(has(words, word));
  }
  for (const auto& word : words) CHECK(word.find("hunter2") == std::string::npos);
  const auto fips = ssh_arguments({.host = "node", .fips_algorithms = true}, {.path = "/tmp/s"});
  for (const auto& word : fips) {
    CHECK(word.find("chacha20") == std::string::npos);
    CHECK(word.find("ed25519") == std::string::npos);
  }
}

TEST_CASE("the remote command holds no password") {
  const std::string command = remote_command(Become{"root", Secret("hunter2")}, "NONCE", "PROMPT");
  CHECK(command.find("sudo -H -S -p PROMPT") != std::string::npos);
  CHECK(command.find("hunter2") == std::string::npos);
  CHECK(command.find('\n') == std::string::npos);
  CHECK(remote_command(Become{}, "NONCE", "PROMPT").find("sudo -H -n") != std::string::npos);
  CHECK(remote_command(std::nullopt, "NONCE", "").find("sudo") == std::string::npos);
}

TEST_CASE("a session that does not start is explained") {
  const SshOptions options{.host = "10.0.0.7", .name = "node-7"};
  CHECK(explain_failure(options, closed("Host key verification failed.")).message() ==
        "the host key of 'node-7' is not known");
  CHECK(
      explain_failure(options, closed("root@10.0.0.7: Permission denied (publickey).")).message() ==
      "'node-7' refused the login");
  const Error unknown = explain_failure(options, closed("ssh: connect: No route to host"));
  CHECK(render(unknown.diagnostics) ==
        "error: cannot reach 'node-7': connect: No route to host\n"
        "  hint: try 'ssh 10.0.0.7 true'\n");
  const SshOptions more{
      .host = "10.0.0.7", .name = "node-7", .port = 2222, .user = "root", .key_file = "keys/id"};
  const Error refused = explain_failure(more, closed("Unable to negotiate: no matching cipher"));
  CHECK(render(refused.diagnostics) ==
        "error: cannot reach 'node-7': the connection was closed\n"
        "  note: Unable to negotiate: no matching cipher\n"
        "  hint: try 'ssh -p 2222 -i keys/id root@10.0.0.7 true'\n");
  const Error changed = explain_failure(
      more, closed("Host key for x has changed and you have requested strict checking."));
  CHECK(changed.diagnostics.front().hint ==
        "if the host was installed anew, remove its old key: ssh-keygen -R '[10.0.0.7]:2222'");
}

TEST_CASE("a server that does not greet is told from one that refuses") {
  for (const char* said : {"kex_exchange_identification: Connection closed by remote host",
                           "ssh_exchange_identification: read: Connection reset by peer",
                           "Connection timed out during banner exchange"}) {
    CAPTURE(said);
    CHECK(found_no_greeting(closed(said)));
    const Error error = explain_failure({.host = "node-7"}, closed(said));
    CHECK(
        render(error.diagnostics) ==
        fmt::format("error: sshd on the way to 'node-7' does not greet\n"
                    "  note: {}\n"
                    "  hint: it may be overloaded, or let in fewer at once than come (MaxStartups "
                    "in sshd_config): try 'ssh node-7 true', or fewer hosts at once with "
                    "--forks\n",
                    said));
  }
  CHECK_FALSE(found_no_greeting(closed("Host key verification failed.")));
  CHECK_FALSE(found_no_greeting(closed("ssh: connect to host x port 22: Connection timed out")));
}

TEST_CASE("old encrypted keys are known by their header") {
  CHECK(is_old_encrypted_key("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"));
  CHECK_FALSE(is_old_encrypted_key("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n"));
  CHECK_FALSE(is_old_encrypted_key("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
}

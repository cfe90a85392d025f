#include "packer/failure.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace konvoy::packer {
namespace {

struct Cause {
  std::string_view sign;  // what stands in Packer's output, in lower case
  std::string_view message;
  std::string_view hint;
};

// The more special sign stands before the more general one.
constexpr auto causes = std::to_array<Cause>({
    {"missing plugins", "Packer lacks the plugin of this builder",
     "run 'packer init' in the work directory where there is a network, or put the plugin into "
     "PACKER_PLUGIN_PATH"},
    {"unknown source type", "Packer does not know this builder",
     "install the builder's plugin, or a Packer of version 1.6 that has it built in"},
    {"no valid credential sources", "Packer found no credentials for the cloud",
     "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
    {"nocredentialproviders", "Packer found no credentials for the cloud",
     "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
    {"could not find default credentials", "Packer found no credentials for the cloud",
     "set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account"},
    {"authfailure", "the cloud refused the credentials", "check that they are current"},
    {"unauthorizedoperation", "the credentials do not allow what Packer has to do",
     "give them the rights that Packer's documentation lists for this builder"},
    {"instancelimitexceeded", "the account's quota for this instance type is used up",
     "free instances, ask for a higher quota, or choose another --instance-type"},
    {"vcpulimitexceeded", "the account's quota for this instance type is used up",
     "free instances, ask for a higher quota, or choose another --instance-type"},
    {"quotaexceeded", "a quota of the account is used up", "free resources, or ask for more"},
    {"unsupported: the requested configuration",
     "the instance type is not there in this region or zone", "choose another --instance-type"},
    {"invalidparametervalue: invalid value", "the cloud does not know a value of the definition",
     "compare the 'packer' section of the image definition with what Packer says above"},
    {"no ami was found", "no source image matches the filter",
     "check packer.ami_filter_name and packer.ami_filter_owners, or give --source-ami"},
    {"qemu failed to start", "QEMU did not start",
     "where there is no /dev/kvm, set packer.accelerator to tcg; with PACKER_LOG=1 in the "
     "environment Packer shows QEMU's own words"},
    {"timeout waiting for ssh", "the instance was made, but ssh never answered",
     "check the security group, the subnet, the bastion and ssh_username"},
    {"failed to send shutdown command", "Packer could not log in to shut the machine down",
     "leave shutdown_command out and give packer-step --power-off: its host keys are gone by then"},
    {"handshake failed", "the instance refused the login",
     "check ssh_username and the key; a host in FIPS mode refuses ed25519 keys"},
});

// Whether the line only says that there was an error: which one stands before it.
bool only_concludes(std::string_view line) {
  return line.find("had errors") != std::string_view::npos || line.ends_with("Build was halted.");
}

// What this program, as provisioner, wrote on its way: its error with notes and hint, each behind
// Packer's "==> BUILD: ".
base::Diagnostic provisioner_error(const std::vector<std::string>& lines, std::size_t at) {
  constexpr std::string_view error = ": error: ";
  constexpr std::string_view note = ":   note: ";
  constexpr std::string_view hint = ":   hint: ";
  const auto behind = [&](std::size_t index, std::string_view mark) {
    const auto found = lines[index].find(mark);
    return found == std::string::npos ? std::string() : lines[index].substr(found + mark.size());
  };
  base::Diagnostic problem{.message =
                               "the instance could not be provisioned: " + behind(at, error)};
  for (auto i = at + 1; i < lines.size(); ++i) {
    if (auto text = behind(i, note); !text.empty()) {
      problem.notes.push_back({.message = std::move(text)});
    } else if (text = behind(i, hint); !text.empty()) {
      problem.hint = std::move(text);
    } else {
      break;
    }
  }
  return problem;
}

}  // namespace

base::Diagnostic explain_failure(std::string_view output) {
  const auto lines = base::split_lines(output);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("==> ") && lines[i].find(": error: ") != std::string::npos) {
      return provisioner_error(lines, i);
    }
  }
  const auto lower = base::to_lower(output);
  std::string own_words;
  for (const auto& line : lines) {
    const auto said = base::trim(line);
    if (said.find("rror") != std::string_view::npos && !only_concludes(said)) own_words = said;
  }
  for (const auto& cause : causes) {
    if (lower.find(cause.sign) == std::string::npos) continue;
    base::Diagnostic found{.message = std::string(cause.message), .hint = std::string(cause.hint)};
    if (!own_words.empty()) found.notes.push_back({.message = "Packer said: " + own_words});
    return found;
  }
  return {.message = own_words.empty() ? "Packer failed without saying why"
                                       : "Packer failed: " + own_words,
          .hint = "its whole output is in packer.log in the work directory"};
}

}  // namespace konvoy::packer

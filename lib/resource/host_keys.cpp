#include "resource/host_keys.hpp"

#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

constexpr std::string_view directory = "/etc/ssh";

bool is_host_key(std::string_view name) {
  return name.starts_with("ssh_host_") && (name.ends_with("_key") || name.ends_with("_key.pub"));
}

}  // namespace

Decision decide(const HostKeysAbsent& /*keys*/, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* names = ask.list({.path = std::string(directory)});
  if (auto open = ask.open()) return *std::move(open);
  Actions all;
  for (const auto& name : names->names.value_or(std::vector<std::string>())) {
    if (!is_host_key(name)) continue;
    all.actions.push_back({target::Remove{std::string(directory) + "/" + name},
                           "was made before FIPS mode, and would be the same on every machine",
                           {}});
  }
  if (!facts.live || all.actions.empty()) return all;
  return Actions{
      .warnings = {{.severity = base::Severity::warning,
                    .message = "the ssh host keys of a live host are not made anew by themselves: "
                               "its users would take the new ones for an attack",
                    .hint =
                        "in FIPS mode: remove /etc/ssh/ssh_host_*, run 'ssh-keygen -A', restart "
                        "sshd, and publish the new keys"}}};
}

Resource as_resource(HostKeysAbsent keys) {
  return wrap("host_keys", "absent in images", keys);
}

}  // namespace konvoy::resource

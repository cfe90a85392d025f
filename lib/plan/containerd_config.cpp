#include <fmt/format.h>

#include <charconv>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "plan/planners.hpp"

namespace konvoy::plan {
namespace {

// A text of TOML: its basic strings escape as JSON's do.
std::string toml_string(std::string_view text) {
  return base::json_quote(text);
}

int major_version(std::string_view version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

std::string render_mirrors(const ContainerdSpec& spec, std::string_view registry_table) {
  std::string text;
  for (const auto& [registry, endpoints] : spec.mirrors) {
    std::vector<std::string> words;
    for (const auto& endpoint : endpoints) words.push_back(toml_string(endpoint));
    text += fmt::format("\n[{}.mirrors.{}]\n  endpoint = [{}]\n", registry_table,
                        toml_string(registry), base::join(words, ", "));
  }
  return text;
}

std::string render_logins(const ContainerdSpec& spec, std::string_view registry_table) {
  std::string text;
  const auto line = [&](std::string_view key, const base::Secret& value) {
    if (!value.empty()) text += fmt::format("  {} = {}\n", key, toml_string(value.reveal()));
  };
  for (const auto& login : spec.logins) {
    text += fmt::format("\n[{}.configs.{}.auth]\n", registry_table, toml_string(login.host));
    line("username", login.username);
    line("password", login.password);
    line("auth", login.auth);
    line("identitytoken", login.identity_token);
  }
  return text;
}

}  // namespace

bool uses_hosts_files(const ContainerdSpec& spec) {
  return major_version(spec.version.value) >= 2;
}

std::string render_containerd_config(const ContainerdSpec& spec) {
  const bool newer = uses_hosts_files(spec);
  // The plugin that containerd 1 calls io.containerd.grpc.v1.cri is two in containerd 2.
  const std::string runtime =
      newer ? "plugins.\"io.containerd.cri.v1.runtime\"" : "plugins.\"io.containerd.grpc.v1.cri\"";
  const std::string images = newer ? "plugins.\"io.containerd.cri.v1.images\"" : runtime;
  std::string text = fmt::format(
      "# Written by konvoy-image; changes are replaced.\nversion = {}\n\n[grpc]\n  address = {}\n",
      newer ? 3 : 2, toml_string(spec.socket));
  if (newer) {
    if (!spec.sandbox_image.empty()) {
      text += fmt::format("\n[{}.pinned_images]\n  sandbox = {}\n", images,
                          toml_string(spec.sandbox_image));
    }
  } else if (!spec.sandbox_image.empty()) {
    text += fmt::format("\n[{}]\n  sandbox_image = {}\n", runtime, toml_string(spec.sandbox_image));
  }
  text += fmt::format(
      "\n[{0}.cni]\n  {1}\n  conf_dir = \"/etc/cni/net.d\"\n"
      "\n[{0}.containerd.runtimes.runc]\n  runtime_type = \"io.containerd.runc.v2\"\n"
      "\n[{0}.containerd.runtimes.runc.options]\n  SystemdCgroup = true\n",
      runtime, "bin_dir = \"/opt/cni/bin\"");
  const auto registry = images + ".registry";
  if (newer) {
    text += fmt::format("\n[{}]\n  config_path = \"/etc/containerd/certs.d\"\n", registry);
  } else {
    text += render_mirrors(spec, registry);
  }
  return text + render_logins(spec, registry);
}

std::string render_hosts_file(const std::string& registry,
                              const std::vector<std::string>& endpoints) {
  std::string text = "# Written by konvoy-image; changes are replaced.\n";
  if (registry != "*") text += fmt::format("server = {}\n", toml_string("https://" + registry));
  for (const auto& endpoint : endpoints) {
    text += fmt::format("\n[host.{}]\n  capabilities = [\"pull\", \"resolve\"]\n",
                        toml_string(endpoint));
  }
  return text;
}

}  // namespace konvoy::plan

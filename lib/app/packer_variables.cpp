#include "app/packer_variables.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "json/reader.hpp"
#include "system/file.hpp"

namespace konvoy::app {
namespace {

struct FromEnvironment {
  const char* name;
  std::string_view variable;
};

constexpr auto table = std::to_array<FromEnvironment>({
    {"AZURE_CLIENT_ID", "client_id"},
    {"AZURE_CLIENT_SECRET", "client_secret"},
    {"AZURE_SUBSCRIPTION_ID", "subscription_id"},
    {"AZURE_TENANT_ID", "tenant_id"},
    {"VSPHERE_SERVER", "vcenter_server"},
    {"VSPHERE_USERNAME", "vsphere_username"},
    {"VSPHERE_PASSWORD", "vsphere_password"},
    {"SSH_USERNAME", "ssh_username"},
    {"SSH_PASSWORD", "ssh_password"},
    {"SSH_PRIVATE_KEY_FILE", "ssh_private_key_file"},
    {"SSH_BASTION_HOST", "ssh_bastion_host"},
    {"SSH_BASTION_USERNAME", "ssh_bastion_username"},
    {"SSH_BASTION_PASSWORD", "ssh_bastion_password"},
    {"SSH_BASTION_PRIVATE_KEY_FILE", "ssh_bastion_private_key_file"},
});

}  // namespace

std::string PackerVariables::text(std::string_view name) const {
  const auto* found = all.find(name);
  return found != nullptr && found->is_string() ? *found->string() : std::string();
}

base::Result<PackerVariables> read_packer_variables(const std::string& work_directory) {
  const auto path = fmt::format("{}/{}", work_directory, packer_variables_name);
  KONVOY_TRY(auto text, system::read_file(path));
  KONVOY_TRY(const auto document, json::parse(path, std::move(text)));
  if (!document.is_map()) {
    return base::Error(base::ErrorKind::input, fmt::format("'{}' is no map of variables", path),
                       "'konvoy-image generate' writes it");
  }
  PackerVariables variables{.all = *document.map(), .environment = {}};
  for (const auto& [name, variable] : table) {
    const char* set = std::getenv(name);
    if (set == nullptr || *set == '\0' || !variables.text(variable).empty()) continue;
    variables.all.set(std::string(variable), value::Value(std::string(set)));
    variables.environment.emplace(fmt::format("PKR_VAR_{}", variable), base::Secret(set));
  }
  return variables;
}

}  // namespace konvoy::app

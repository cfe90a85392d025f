#include "packer/builder.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

namespace konvoy::packer {
namespace {

// How a variable's text becomes a setting. Packer turns text into numbers and booleans itself.
enum class Form { text, list };

struct Setting {
  std::string_view attribute;
  std::string_view variable;
  Form form = Form::text;
  std::string_view fallback = {};  // text that counts when the variable is not set
};

// Key exchange that FIPS mode allows on EL7 and EL8 (facts of the crypto policy FIPS); Packer's own
// list starts with curve25519, which such a host refuses.
constexpr std::string_view key_exchange =
    R"(["ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521"])";

constexpr auto ssh_settings = std::to_array<Setting>({
    {"ssh_username", "ssh_username"},
    {"ssh_password", "ssh_password"},
    {"ssh_private_key_file", "ssh_private_key_file"},
    {"ssh_agent_auth", "ssh_agent_auth"},
    {"ssh_timeout", "ssh_timeout"},
    {"ssh_bastion_host", "ssh_bastion_host"},
    {"ssh_bastion_port", "ssh_bastion_port"},
    {"ssh_bastion_username", "ssh_bastion_username"},
    {"ssh_bastion_password", "ssh_bastion_password"},
    {"ssh_bastion_private_key_file", "ssh_bastion_private_key_file"},
});

constexpr auto amazon_settings = std::to_array<Setting>({
    {"access_key", "aws_access_key"},
    {"secret_key", "aws_secret_key"},
    {"profile", "aws_profile"},
    {"region", "aws_region", Form::text, "us-west-2"},
    {"instance_type", "aws_instance_type", Form::text, "t3.small"},
    {"iam_instance_profile", "iam_instance_profile"},
    {"encrypt_boot", "encrypted"},
    {"kms_key_id", "kms_key_id"},
    {"security_group_id", "security_group_id"},
    {"subnet_id", "subnet_id"},
    {"vpc_id", "vpc_id"},
    {"ami_regions", "ami_regions", Form::list},
    {"ami_users", "ami_users", Form::list},
    {"ami_groups", "ami_groups", Form::list},
    {"snapshot_users", "snapshot_users", Form::list},
    {"snapshot_groups", "snapshot_groups", Form::list},
});

constexpr auto azure_settings = std::to_array<Setting>({
    {"client_id", "client_id"},
    {"client_secret", "client_secret"},
    {"subscription_id", "subscription_id"},
    {"tenant_id", "tenant_id"},
    {"cloud_environment_name", "cloud_environment_name"},
    {"location", "location", Form::text, "westus2"},
    {"vm_size", "vm_size", Form::text, "Standard_D2s_v3"},
    {"os_disk_size_gb", "disk_size", Form::text, "80"},
    {"managed_image_resource_group_name", "resource_group_name", Form::text, "dkp"},
    {"virtual_network_name", "virtual_network_name"},
    {"virtual_network_resource_group_name", "virtual_network_resource_group_name"},
    {"virtual_network_subnet_name", "virtual_network_subnet_name"},
    {"private_virtual_network_with_public_ip", "private_virtual_network_with_public_ip"},
});

constexpr auto azure_marketplace_settings = std::to_array<Setting>({
    {"image_publisher", "image_publisher"},
    {"image_offer", "distribution"},
    {"image_sku", "distribution_version"},
    {"image_version", "image_version", Form::text, "latest"},
});

constexpr auto azure_plan_settings = std::to_array<Setting>({
    {"plan_name", "plan_image_sku"},
    {"plan_product", "plan_image_offer"},
    {"plan_publisher", "plan_image_publisher"},
});

constexpr auto azure_gallery_source_settings = std::to_array<Setting>({
    {"subscription", "subscription_id"},
    {"resource_group", "resource_group_name"},
    {"gallery_name", "source_gallery_name"},
    {"image_name", "source_gallery_image_name"},
    {"image_version", "image_version"},
});

constexpr auto azure_gallery_settings = std::to_array<Setting>({
    {"gallery_name", "gallery_name"},
    {"image_name", "gallery_image_name"},
    {"resource_group", "resource_group_name"},
    {"replication_regions", "gallery_image_locations", Form::list},
});

constexpr auto google_settings = std::to_array<Setting>({
    {"account_file", "account_file"},
    {"project_id", "project_id"},
    {"network", "network"},
    {"region", "region", Form::text, "us-west1"},
    {"disk_size", "disk_size", Form::text, "80"},
    {"disk_type", "disk_type", Form::text, "pd-standard"},
    {"source_image", "source_image"},
    {"source_image_family", "distribution_family"},
    {"skip_create_image", "dry_run"},
    {"image_storage_locations", "image_storage_locations", Form::list},
});

constexpr auto vsphere_settings = std::to_array<Setting>({
    {"vcenter_server", "vcenter_server"},
    {"username", "vsphere_username"},
    {"password", "vsphere_password"},
    {"insecure_connection", "insecure_connection"},
    {"datacenter", "datacenter"},
    {"cluster", "cluster"},
    {"host", "host"},
    {"datastore", "datastore"},
    {"folder", "folder"},
    {"resource_pool", "resource_pool"},
    {"network", "network"},
    {"template", "template"},
    {"linked_clone", "linked_clone", Form::text, "true"},
    {"CPUs", "cpu", Form::text, "4"},
    {"cpu_cores", "cpu_cores", Form::text, "1"},
    {"RAM", "memory", Form::text, "8192"},
});

constexpr auto qemu_settings = std::to_array<Setting>({
    {"iso_url", "iso_url"},
    {"iso_checksum", "iso_checksum"},
    {"output_directory", "output_directory"},
    {"accelerator", "accelerator"},
    {"memory", "memory"},
    {"cpus", "cpus"},
    {"disk_size", "disk_size"},
    {"format", "format"},
    {"qemu_binary", "qemu_binary"},
    {"host_port_min", "host_port_min"},
    {"host_port_max", "host_port_max"},
});

constexpr auto null_settings = std::to_array<Setting>({
    {"ssh_host", "ssh_host"},
    {"ssh_port", "ssh_port"},
});

bool is_set(const value::Map& variables, std::string_view name) {
  const auto* found = variables.find(name);
  return found != nullptr && !found->is_null() && !(found->is_string() && found->string()->empty());
}

std::string expression_of(const Setting& setting) {
  if (setting.form == Form::list) return fmt::format(R"(split(",", var.{}))", setting.variable);
  return fmt::format("var.{}", setting.variable);
}

void add_settings(Block& block, std::span<const Setting> settings, const value::Map& variables) {
  for (const auto& setting : settings) {
    const bool known = is_set(variables, setting.variable);
    if (!known && setting.fallback.empty()) continue;
    block.attributes.push_back({std::string(setting.attribute),
                                known ? expression_of(setting) : hcl_quote(setting.fallback)});
  }
}

// What each cloud's image tells about itself.
std::string tags(const value::Map& variables) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> known = {
      {{"containerd_version", "containerd_version"},
       {"distribution", "distribution"},
       {"distribution_version", "distribution_version"},
       {"gpu", "gpu"},
       {"image_builder_version", "konvoy_image_builder_version"},
       {"kubernetes_version", "kubernetes_full_version"},
       {"source_ami", "source_ami"}}};
  std::vector<Attribute> entries;
  for (const auto& [tag, variable] : known) {
    if (!is_set(variables, variable)) continue;
    entries.push_back({std::string(tag), fmt::format("var.{}", variable)});
  }
  entries.push_back({"build_timestamp", "local.timestamp"});
  return hcl_map(entries, 1);
}

void complete_amazon(Block& block, const value::Map& variables, bool with_plugins) {
  // Packer 1.6 has no such setting.
  if (with_plugins && is_set(variables, "dry_run")) {
    block.attributes.push_back({"skip_create_ami", "var.dry_run"});
  }
  block.attributes.push_back(
      {"ami_name", R"(replace("konvoy-ami-${local.image_name}", "+", "-"))"});
  block.attributes.push_back(
      {"ami_description", "\"Konvoy base for Kubernetes ${var.kubernetes_full_version}\""});
  block.attributes.push_back({"tags", tags(variables)});
  if (is_set(variables, "run_tags")) block.attributes.push_back({"run_tags", "var.run_tags"});
  if (is_set(variables, "source_ami")) {
    block.attributes.push_back({"source_ami", "var.source_ami"});
  } else {
    Block filter{.type = "source_ami_filter"};
    filter.attributes = {
        {"filters", hcl_map({{"architecture", R"("x86_64")"},
                             {"name", "var.ami_filter_name"},
                             {"root-device-type", R"("ebs")"},
                             {"virtualization-type", R"("hvm")"}},
                            2)},
        {"most_recent", "true"},
        {"owners", is_set(variables, "ami_filter_owners") ? R"(split(",", var.ami_filter_owners))"
                                                          : R"(["self"])"}};
    block.blocks.push_back(std::move(filter));
  }
  if (is_set(variables, "root_device_name")) {
    Block device{.type = "launch_block_device_mappings"};
    device.attributes = {{"device_name", "var.root_device_name"},
                         {"delete_on_termination", "true"},
                         {"volume_type", R"("gp3")"},
                         // gp3's own baseline, which Packer 1.6 does not fill in.
                         {"iops", "3000"},
                         {"throughput", "125"}};
    device.attributes.push_back(
        {"volume_size", is_set(variables, "volume_size") ? "var.volume_size" : "20"});
    block.blocks.push_back(std::move(device));
  }
}

void complete_azure(Block& block, const value::Map& variables) {
  block.attributes.push_back({"os_type", R"("Linux")"});
  block.attributes.push_back({"azure_tags", tags(variables)});
  const bool from_gallery = is_set(variables, "source_gallery_name");
  if (from_gallery) {
    Block source{.type = "shared_image_gallery"};
    add_settings(source, azure_gallery_source_settings, variables);
    block.blocks.push_back(std::move(source));
  } else {
    add_settings(block, azure_marketplace_settings, variables);
  }
  if (!from_gallery && is_set(variables, "plan_image_sku")) {
    Block plan{.type = "plan_info"};
    add_settings(plan, azure_plan_settings, variables);
    block.blocks.push_back(std::move(plan));
  }
  const bool named = is_set(variables, "gallery_image_name");
  block.attributes.push_back(
      {"managed_image_name", named ? "\"${var.gallery_image_name}-${local.timestamp}\""
                                   : R"(replace("konvoy-${local.image_name}", "+", "-"))"});
  if (named && is_set(variables, "gallery_name")) {
    Block gallery{.type = "shared_image_gallery_destination"};
    add_settings(gallery, azure_gallery_settings, variables);
    gallery.attributes.push_back(
        {"image_version", R"(formatdate("YYYY.MM.DDhhmmss", timestamp()))"});
    block.blocks.push_back(std::move(gallery));
  }
}

void complete_google(Block& block, const value::Map& variables) {
  // Lower case letters, digits and dashes, at most 63 characters.
  block.attributes.push_back(
      {"image_name",
       R"(lower(replace(replace(replace("konvoy-${local.image_name}", "+", "-"), ".", "-"), "_", "-")))"});
  block.attributes.push_back(
      {"zone", is_set(variables, "region") ? "\"${var.region}-a\"" : R"("us-west1-a")"});
}

void complete_vsphere(Block& block, const value::Map& variables) {
  block.attributes.push_back({"vm_name", R"(replace("konvoy-${local.image_name}", "+", "-"))"});
  block.attributes.push_back({"communicator", R"("ssh")"});
  const bool dry =
      is_set(variables, "dry_run") && *variables.find("dry_run") == value::Value("true");
  block.attributes.push_back({"convert_to_template", dry ? "false" : "true"});
}

void complete_qemu(Block& block, const value::Map& variables) {
  block.attributes.push_back({"disk_image", "true"});
  // Packer's default is 40 GB whatever the base has, and a base that is larger fails the build.
  if (!is_set(variables, "disk_size")) block.attributes.push_back({"skip_resize_disk", "true"});
  block.attributes.push_back({"headless", "true"});
  block.attributes.push_back({"vm_name", R"(replace("konvoy-${local.image_name}", "+", "-"))"});
}

std::span<const Setting> settings_of(Builder builder) {
  switch (builder) {
    case Builder::amazon: return amazon_settings;
    case Builder::azure: return azure_settings;
    case Builder::googlecompute: return google_settings;
    case Builder::vsphere: return vsphere_settings;
    case Builder::qemu: return qemu_settings;
    case Builder::null: break;
  }
  return null_settings;
}

}  // namespace

base::Result<Builder> builder_named(std::string_view name) {
  if (name == "amazon") return Builder::amazon;
  if (name == "azure") return Builder::azure;
  if (name == "googlecompute" || name == "gcp") return Builder::googlecompute;
  if (name == "vsphere") return Builder::vsphere;
  if (name == "qemu") return Builder::qemu;
  if (name == "null") return Builder::null;
  return base::Error(base::ErrorKind::input, fmt::format("there is no builder '{}'", name),
                     "packer_builder_type is amazon, azure, googlecompute, vsphere or qemu");
}

std::string_view source_type(Builder builder) {
  switch (builder) {
    case Builder::amazon: return "amazon-ebs";
    case Builder::azure: return "azure-arm";
    case Builder::googlecompute: return "googlecompute";
    case Builder::vsphere: return "vsphere-clone";
    case Builder::qemu: return "qemu";
    case Builder::null: break;
  }
  return "null";
}

Plugin plugin_of(Builder builder) {
  switch (builder) {
    case Builder::amazon: return {"amazon", "github.com/hashicorp/amazon", ">= 1.1.3"};
    case Builder::azure: return {"azure", "github.com/hashicorp/azure", ">= 1.4.0"};
    case Builder::googlecompute:
      return {"googlecompute", "github.com/hashicorp/googlecompute", ">= 1.1.0"};
    case Builder::vsphere: return {"vsphere", "github.com/hashicorp/vsphere", ">= 1.1.0"};
    case Builder::qemu: return {"qemu", "github.com/hashicorp/qemu", ">= 1.0.9"};
    case Builder::null: break;
  }
  return {};
}

bool wants_power_off(Builder builder) {
  return builder == Builder::qemu;
}

Block source_block(Builder builder, const value::Map& variables, bool with_plugins) {
  Block block{.type = "source", .labels = {std::string(source_type(builder)), "image"}};
  add_settings(block, settings_of(builder), variables);
  add_settings(block, ssh_settings, variables);
  if (builder != Builder::null) {
    block.attributes.push_back({"ssh_key_exchange_algorithms", std::string(key_exchange)});
  }
  switch (builder) {
    case Builder::amazon: complete_amazon(block, variables, with_plugins); break;
    case Builder::azure: complete_azure(block, variables); break;
    case Builder::googlecompute: complete_google(block, variables); break;
    case Builder::vsphere: complete_vsphere(block, variables); break;
    case Builder::qemu: complete_qemu(block, variables); break;
    case Builder::null: break;
  }
  return block;
}

}  // namespace konvoy::packer

#include "config/flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.hpp"
#include "config/nested.hpp"

namespace konvoy::config {
namespace {

// pkg/app of konvoy-image-builder names the flags and the paths that they set.
constexpr auto general = std::to_array<FlagVariable>({
    {"kubernetes-version", "kubernetes_version"},
    {"containerd-version", "containerd_version"},
    {"provider", "packer_builder_type"},
});

constexpr auto aws = std::to_array<FlagVariable>({
    {"region", "packer.aws_region"},
    {"instance-type", "packer.aws_instance_type"},
    {"source-ami", "packer.source_ami"},
    {"source-ami-filter-name", "packer.ami_filter_name"},
    {"source-ami-filter-owner", "packer.ami_filter_owners"},
    {"ami-regions", "packer.ami_regions"},
    {"ami-users", "packer.ami_users"},
    {"ami-groups", "packer.ami_groups"},
    {"subnet-id", "packer.subnet_id"},
    {"vpc-id", "packer.vpc_id"},
});

constexpr auto azure = std::to_array<FlagVariable>({
    {"client-id", "packer.client_id"},
    {"cloud-endpoint", "packer.cloud_environment_name"},
    {"gallery-image-locations", "packer.gallery_image_locations"},
    {"gallery-image-name", "packer.gallery_image_name"},
    {"gallery-image-offer", "packer.gallery_image_offer"},
    {"gallery-image-publisher", "packer.gallery_image_publisher"},
    {"gallery-image-sku", "packer.gallery_image_sku"},
    {"gallery-name", "packer.gallery_name"},
    {"instance-type", "packer.vm_size"},
    {"location", "packer.location"},
    {"resource-group", "packer.resource_group_name"},
    {"subscription-id", "packer.subscription_id"},
    {"tenant-id", "packer.tenant_id"},
});

constexpr auto gcp = std::to_array<FlagVariable>({
    {"image-storage-locations", "packer.image_storage_locations"},
    {"network", "packer.network"},
    {"project-id", "packer.project_id"},
    {"region", "packer.region"},
});

constexpr auto vsphere = std::to_array<FlagVariable>({
    {"cluster", "packer.cluster"},
    {"datacenter", "packer.datacenter"},
    {"datastore", "packer.datastore"},
    {"folder", "packer.folder"},
    {"host", "packer.host"},
    {"network", "packer.network"},
    {"resource-pool", "packer.resource_pool"},
    {"ssh-privatekey-file", "packer.ssh_private_key_file"},
    {"ssh-publickey", "packer.ssh_public_key"},
    {"ssh-username", "packer.ssh_username"},
    {"template", "packer.template"},
});

std::span<const FlagVariable> variables_of(Cloud cloud) {
  switch (cloud) {
    case Cloud::aws: return aws;
    case Cloud::azure: return azure;
    case Cloud::gcp: return gcp;
    case Cloud::vsphere: break;
  }
  return vsphere;
}

constexpr std::string_view source_ami = "source-ami";

value::Origin origin_of(const GivenFlag& flag, const std::string& text) {
  auto source = std::make_shared<base::SourceText>();
  source->name = fmt::format("--{}", flag.flag);
  source->text = text;
  return {.span = {.source = std::move(source), .line = 1, .column = 1}};
}

}  // namespace

std::string_view name_of(Cloud cloud) {
  switch (cloud) {
    case Cloud::aws: return "aws";
    case Cloud::azure: return "azure";
    case Cloud::gcp: return "gcp";
    case Cloud::vsphere: break;
  }
  return "vsphere";
}

std::string_view builder_type_of(Cloud cloud) {
  if (cloud == Cloud::aws) return "amazon";
  return cloud == Cloud::gcp ? "googlecompute" : name_of(cloud);
}

std::vector<FlagVariable> flag_variables(Cloud cloud) {
  std::vector<FlagVariable> all(general.begin(), general.end());
  const auto own = variables_of(cloud);
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

Layer flag_layer(std::span<const GivenFlag> flags, Cloud cloud, std::optional<bool> dry_run) {
  const auto table = flag_variables(cloud);
  Layer layer{.kind = LayerKind::flags};
  value::Map map;
  if (dry_run) set_nested(map, "packer.dry_run", value::Value(*dry_run), {});
  for (const auto& flag : flags) {
    const auto known = std::ranges::find(table, flag.flag, &FlagVariable::flag);
    const auto text = base::join(flag.values, ",");
    if (known == table.end() || text.empty()) continue;
    set_nested(map, known->path, value::Value(text, origin_of(flag, text)), {});
    if (flag.flag == source_ami) {
      layer.removes = {"packer.ami_filter_name", "packer.ami_filter_owners"};
    }
  }
  layer.value = value::Value(std::move(map));
  return layer;
}

}  // namespace konvoy::config

#include "cli/cloud_options.hpp"

#include <fmt/format.h>

namespace konvoy::cli {
namespace {

using config::Cloud;

std::vector<Option> aws_options() {
  return {
      {.name = "region",
       .takes = Takes::value,
       .placeholder = "REGION",
       .help = "the region in which to build"},
      {.name = "instance-type",
       .takes = Takes::value,
       .placeholder = "TYPE",
       .help = "the type of the instance that is provisioned"},
      {.name = "source-ami",
       .takes = Takes::value,
       .placeholder = "AMI",
       .help = "the image to start from, instead of the filter"},
      {.name = "source-ami-filter-name",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the newest image of this name is the source"},
      {.name = "source-ami-filter-owner",
       .takes = Takes::value,
       .placeholder = "ID",
       .help = "the account that owns the source"},
      {.name = "ami-regions",
       .takes = Takes::values,
       .placeholder = "REGION",
       .help = "regions to which the image is copied"},
      {.name = "ami-users",
       .takes = Takes::values,
       .placeholder = "ID",
       .help = "accounts that may use the image"},
      {.name = "ami-groups",
       .takes = Takes::values,
       .placeholder = "GROUP",
       .help = "groups that may use the image; 'all' makes it public"},
  };
}

std::vector<Option> azure_options() {
  return {
      {.name = "client-id",
       .takes = Takes::value,
       .placeholder = "ID",
       .help = "the client that builds [AZURE_CLIENT_ID]"},
      {.name = "tenant-id",
       .takes = Takes::value,
       .placeholder = "ID",
       .help = "its tenant [AZURE_TENANT_ID]"},
      {.name = "subscription-id",
       .takes = Takes::value,
       .placeholder = "ID",
       .help = "the subscription that pays [AZURE_SUBSCRIPTION_ID]"},
      {.name = "cloud-endpoint",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the cloud",
       .choices = {"Public", "USGovernment", "China"}},
      {.name = "location",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the location in which to build [westus2]"},
      {.name = "resource-group",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the resource group of the image [dkp]"},
      {.name = "instance-type",
       .takes = Takes::value,
       .placeholder = "TYPE",
       .help = "the size of the machine that is provisioned [Standard_D2s_v3]"},
      {.name = "gallery-name",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the gallery in which the image is published [dkp]"},
      {.name = "gallery-image-name",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "its image definition there, which has to exist"},
      {.name = "gallery-image-locations",
       .takes = Takes::values,
       .placeholder = "NAME",
       .help = "locations to which the gallery copies it [westus]"},
      {.name = "gallery-image-offer",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "offer of the image definition"},
      {.name = "gallery-image-publisher",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "publisher of the image definition"},
      {.name = "gallery-image-sku",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "SKU of the image definition"},
  };
}

std::vector<Option> gcp_options() {
  return {
      {.name = "project-id",
       .takes = Takes::value,
       .placeholder = "ID",
       .help = "the project in which to build"},
      {.name = "region",
       .takes = Takes::value,
       .placeholder = "REGION",
       .help = "the region in which to build [us-west1]"},
      {.name = "network",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the network of the machine that is provisioned"},
      {.name = "image-storage-locations",
       .takes = Takes::values,
       .placeholder = "NAME",
       .help = "where the image is kept"},
  };
}

std::vector<Option> vsphere_options() {
  return {
      {.name = "template",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the template to start from, with its folder"},
      {.name = "datacenter",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the datacenter"},
      {.name = "cluster",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the cluster; or name a host"},
      {.name = "host",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the host; or name a cluster"},
      {.name = "datastore",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the datastore of the machine and its template"},
      {.name = "network",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the network, which must be reached from here"},
      {.name = "folder",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the folder of the result"},
      {.name = "resource-pool",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "the resource pool"},
      {.name = "ssh-username",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "who logs in to the machine [SSH_USERNAME]"},
      {.name = "ssh-privatekey-file",
       .takes = Takes::value,
       .placeholder = "FILE",
       .help = "that user's private key [SSH_PRIVATE_KEY_FILE]"},
      {.name = "ssh-publickey",
       .takes = Takes::value,
       .placeholder = "FILE",
       .help = "the public key that the machine is given"},
  };
}

}  // namespace

std::vector<Option> cloud_options(Cloud cloud) {
  switch (cloud) {
    case Cloud::aws: return aws_options();
    case Cloud::azure: return azure_options();
    case Cloud::gcp: return gcp_options();
    case Cloud::vsphere: break;
  }
  return vsphere_options();
}

base::Result<void> check_cloud(const app::Configuration& configuration, Cloud cloud,
                               const std::string& image) {
  const auto* type = configuration.config.value.at_path("packer_builder_type");
  const std::string found = type != nullptr && type->is_string() ? *type->string() : "";
  const bool google = cloud == Cloud::gcp && found == "gcp";
  if (found == config::builder_type_of(cloud) || google) return {};
  return base::Error(base::ErrorKind::usage,
                     fmt::format("'{}' is no image file for {}, its packer_builder_type is '{}'",
                                 image, config::name_of(cloud), found),
                     "leave the cloud's name out, or take an image file for it");
}

}  // namespace konvoy::cli

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
constexpr auto table = std::to_array<FlagVariable>({
    {"kubernetes-version", "kubernetes_version"},
    {"containerd-version", "containerd_version"},
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

constexpr std::string_view source_ami = "source-ami";

value::Origin origin_of(const GivenFlag& flag, const std::string& text) {
  auto source = std::make_shared<base::SourceText>();
  source->name = fmt::format("--{}", flag.flag);
  source->text = text;
  return {.span = {.source = std::move(source), .line = 1, .column = 1}};
}

}  // namespace

std::span<const FlagVariable> flag_variables() {
  return table;
}

Layer flag_layer(std::span<const GivenFlag> flags, bool dry_run) {
  Layer layer{.kind = LayerKind::flags};
  value::Map map;
  set_nested(map, "packer.dry_run", value::Value(dry_run), {});
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

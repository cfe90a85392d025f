#include "app/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>

#include "config/packer_vars.hpp"
#include "json/render.hpp"
#include "system/file.hpp"
#include "yaml/render.hpp"

namespace konvoy::app {
namespace {

constexpr std::uint32_t owner_only = 0600;
constexpr std::uint32_t readable = 0644;

base::Result<void> write(const std::string& path, const std::string& text,
                         const value::Value& value) {
  // Waiting for the disk would take longer than all else that is done here.
  return system::write_file(
      path, text, {.mode = value.holds_secret() ? owner_only : readable, .lasting = false});
}

std::string where(const config::Provenance& provenance, std::string_view path) {
  const auto* trace = provenance.find(path);
  if (trace == nullptr || trace->current.value.is_map()) return {};
  const auto location = trace->current.value.span().location();
  auto comment = location.empty() ? std::string(config::name_of(trace->current.layer)) : location;
  if (!trace->replaced.empty()) {
    const auto& before = trace->replaced.front().value;
    comment +=
        fmt::format(", replaces {} ({})", value::to_display(before), before.span().location());
  }
  std::ranges::replace(comment, '\n', ' ');
  return comment;
}

}  // namespace

std::string new_work_dir(const std::string& build_name, const system::Clock& clock) {
  auto name = build_name;
  std::ranges::replace(name, '/', '-');
  const auto epoch =
      std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
  std::random_device random;
  return fmt::format("work/{}-{}-{:08x}", name, epoch, random());
}

base::Result<Generated> generate(const Configuration& configuration, const GenerateRequest& request,
                                 system::Clock& clock) {
  const auto& config = configuration.config;
  Generated generated{.work_dir = request.work_dir, .build_name = config::build_name(config.value)};
  if (generated.work_dir.empty()) generated.work_dir = new_work_dir(generated.build_name, clock);
  KONVOY_CHECK(system::make_directories(generated.work_dir));

  yaml::RenderOptions yaml_options{.reveal_secrets = true};
  if (request.provenance) {
    yaml_options.comment = [&](std::string_view path, const value::Entry&) {
      return where(config.provenance, path);
    };
  }
  const auto config_file = generated.work_dir + "/config.yaml";
  KONVOY_CHECK(write(config_file, yaml::render(config.value, yaml_options), config.value));

  const auto absolute = std::filesystem::absolute(config_file).lexically_normal().string();
  const auto vars =
      config::packer_vars(config.value, {.config_file = absolute, .version = request.version});
  KONVOY_CHECK(write(generated.work_dir + "/packer_vars.json",
                     json::render(vars, {.reveal_secrets = true}), vars));
  return generated;
}

}  // namespace konvoy::app

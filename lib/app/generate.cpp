#include "app/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>

#include "app/secrets.hpp"
#include "config/packer_vars.hpp"
#include "json/render.hpp"
#include "system/file.hpp"
#include "yaml/render.hpp"

namespace konvoy::app {
namespace {

constexpr std::uint32_t owner_only = 0600;
constexpr std::uint32_t readable = 0644;

// The first line of what later runs use.
constexpr std::string_view for_later_line =
    "# Written by 'konvoy-image generate': 'build' and 'provision' with this --work-dir use it.\n";

base::Result<void> write(const std::string& path, const std::string& text,
                         const value::Value& value) {
  // Waiting for the disk would take longer than all else that is done here.
  const auto mode = secrets_in(value).empty() ? readable : owner_only;
  return system::write_file(path, text, {.mode = mode, .lasting = false});
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

std::string config_file(const std::string& work_dir) {
  return work_dir + "/config.yaml";
}

bool is_generated(const std::string& work_dir) {
  if (work_dir.empty()) return false;
  const auto text = system::read_file_if_there(config_file(work_dir));
  return text && *text && (*text)->starts_with(for_later_line);
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
  const auto file = config_file(generated.work_dir);
  const std::string head(request.for_later ? for_later_line : "");
  KONVOY_CHECK(write(file, head + yaml::render(config.value, yaml_options), config.value));

  const auto absolute = std::filesystem::absolute(file).lexically_normal().string();
  const auto vars =
      config::packer_vars(config.value, {.config_file = absolute, .version = request.version});
  KONVOY_CHECK(write(generated.work_dir + "/packer_vars.json",
                     json::render(vars, {.reveal_secrets = true}), vars));
  return generated;
}

}  // namespace konvoy::app

#include "app/build.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <chrono>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>

#include "app/generate.hpp"
#include "app/packer_build.hpp"
#include "app/resolved_configuration.hpp"
#include "cli/cloud_options.hpp"
#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/running.hpp"
#include "config/packer_vars.hpp"
#include "system/file.hpp"

namespace konvoy::cli {
namespace {

using base::Error;
using base::ErrorKind;

// reproducible-builds.org/specs/source-date-epoch; without it no file is newer than the build.
base::Result<std::int64_t> source_date_epoch() {
  const char* set = std::getenv("SOURCE_DATE_EPOCH");
  const std::string text = set == nullptr ? "" : set;
  if (text.empty()) {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  char* end = nullptr;
  const auto seconds = std::strtoll(text.c_str(), &end, 10);
  if (*end == '\0' && seconds >= 0) return static_cast<std::int64_t>(seconds);
  return Error(ErrorKind::usage, fmt::format("SOURCE_DATE_EPOCH is '{}', which is no time", text),
               "it counts the seconds since 1970");
}

struct Prepared {
  app::Configuration configuration;
  app::Generated generated;
};

base::Result<Prepared> prepare(const Invocation& invocation, Terminal& terminal,
                               std::optional<config::Cloud> cloud) {
  const auto work_dir = invocation.value("work-dir");
  const bool later = app::is_generated(work_dir);
  if (invocation.argument("IMAGE").empty() && !later) {
    return Error(ErrorKind::usage, "'build' needs IMAGE: an image file",
                 "or name with --work-dir a directory that 'generate' wrote");
  }
  KONVOY_TRY(auto configuration,
             read_run_configuration(invocation, terminal, cloud.value_or(config::Cloud::aws)));
  if (cloud) KONVOY_CHECK(check_cloud(configuration, *cloud, invocation.argument("IMAGE")));
  KONVOY_TRY(auto generated,
             app::generate(configuration,
                           {.work_dir = work_dir, .for_later = later, .version = KONVOY_VERSION}));
  return Prepared{std::move(configuration), std::move(generated)};
}

void show(const app::Built& built, const std::string& format, Terminal& terminal) {
  terminal.report(built.warnings);
  if (format != "text") {
    print_value(to_value(built), format, terminal);
    return;
  }
  terminal.print(fmt::format("{}\n", built.result));
  terminal.say(fmt::format("digest  {}", built.digest));
  terminal.say(fmt::format("record  {}", built.record));
  if (!built.manifest.empty()) terminal.say(fmt::format("signed  {}", built.manifest));
  terminal.say(
      fmt::format("took    {:.1f} s{}", built.seconds,
                  built.miniature ? ", on a miniature EL 8 root, which is not CentOS" : ""));
}

base::Result<int> build_here(const Invocation& invocation, const Prepared& prepared,
                             Terminal& terminal) {
  KONVOY_TRY(const auto epoch, source_date_epoch());
  KONVOY_TRY(auto inputs, digests_of(prepared.configuration));
  const auto risks = invocation.values("accept-risk");
  const app::BuildRequest request{.config = prepared.configuration.config.value,
                                  .build_name = prepared.generated.build_name,
                                  .base = invocation.value("base"),
                                  .result = invocation.value("result"),
                                  .manifest_key = invocation.value("manifest-sign"),
                                  .epoch = epoch,
                                  .provision = {.image = invocation.argument("IMAGE"),
                                                .accepted_risks = {risks.begin(), risks.end()},
                                                .work_directory = prepared.generated.work_dir,
                                                .cache = cache_directory(),
                                                .strict = terminal.settings().strict,
                                                .inputs = std::move(inputs),
                                                .tool_version = KONVOY_VERSION}};
  std::mutex mutex;
  const app::ProvisionServices services{
      .configure = app::resolve_for_each(prepared.configuration),
      .events = progress_sink(invocation.value("progress"), terminal, mutex),
      .hide =
          [&](const base::Secret& secret) {
            const std::scoped_lock lock(mutex);
            terminal.hide(secret);
          },
      .stop = &stop_on_interrupt()};
  KONVOY_TRY(const auto built, app::build_natively(request, services));
  terminal.show_status({});
  show(built, invocation.value("output"), terminal);
  return 0;
}

// Where this program is, for Packer to call.
base::Result<std::string> own_path() {
  std::string path(4096, '\0');
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return Error(ErrorKind::internal, "this program does not find itself");
  path.resize(static_cast<std::size_t>(length));
  return path;
}

// What a build is for: the file where the builder makes one, which Packer names as seen from the
// work directory; else the id in the cloud.
std::string result_of(const app::PackerArtifact& artifact, const std::string& work_dir) {
  if (artifact.files.empty()) return artifact.id;
  return (std::filesystem::path(work_dir) / artifact.files.front()).string();
}

value::Value packer_value(const app::PackerBuilt& built, const std::string& builder,
                          const std::string& work_dir) {
  value::Map map;
  value::List artifacts;
  for (const auto& artifact : built.artifacts) artifacts.push_back(to_value(artifact));
  map.set("result", built.artifacts.empty() ? "" : result_of(built.artifacts.front(), work_dir));
  map.set("builder", builder);
  map.set("artifacts", std::move(artifacts));
  map.set("template", built.template_path);
  map.set("log", built.log);
  return map;
}

base::Result<int> build_by_packer(const Invocation& invocation, const Prepared& prepared,
                                  Terminal& terminal) {
  KONVOY_TRY(const auto self, own_path());
  const auto* type = prepared.configuration.config.value.at_path("packer_builder_type");
  if (type == nullptr || !type->is_string() || type->string()->empty()) {
    return Error(ErrorKind::input,
                 fmt::format("'{}' describes hosts that exist already, not an image",
                             invocation.argument("IMAGE")),
                 "use 'konvoy-image provision', or an image file below images/root, images/disk, "
                 "images/ami ...");
  }
  const auto on_error = invocation.value("packer-on-error");
  // Packer runs in the work directory, and so does what it calls.
  const auto work_directory = std::filesystem::absolute(prepared.generated.work_dir).string();
  const app::PackerRequest request{
      .work_directory = prepared.generated.work_dir,
      .builder_type = *type->string(),
      .packer = invocation.value("packer-path"),
      .custom_template = invocation.value("packer-manifest"),
      .on_error = on_error,
      .only_validate = invocation.has("validate-only"),
      .step_command = {self, "packer-step", "--work-dir", work_directory},
      .record_command = {self, "record", "--work-dir", work_directory, "--output", "json"}};
  std::mutex mutex;
  KONVOY_TRY(
      const auto built,
      app::build_with_packer(request, progress_sink(invocation.value("progress"), terminal, mutex),
                             &stop_on_interrupt()));
  terminal.show_status({});
  if (const auto format = invocation.value("output"); format != "text") {
    print_value(packer_value(built, *type->string(), prepared.generated.work_dir), format,
                terminal);
    return 0;
  }
  for (const auto& artifact : built.artifacts) {
    terminal.print(result_of(artifact, prepared.generated.work_dir) + "\n");
  }
  terminal.say("template, manifest and log: " + prepared.generated.work_dir);
  return 0;
}

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto prepared, prepare(invocation, terminal, std::nullopt));
  KONVOY_TRY(const auto kind, app::builder_of(prepared.configuration.config.value));
  return kind == app::BuilderKind::packer ? build_by_packer(invocation, prepared, terminal)
                                          : build_here(invocation, prepared, terminal);
}

template <config::Cloud cloud>
base::Result<int> run_in(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto prepared, prepare(invocation, terminal, cloud));
  return build_by_packer(invocation, prepared, terminal);
}

std::vector<Option> native_options() {
  return {
      {.name = "base",
       .takes = Takes::value,
       .placeholder = "FILE",
       .help = "what the image is made from, instead of base.path of the image file"},
      {.name = "result",
       .takes = Takes::value,
       .placeholder = "FILE",
       .help = "where the image goes, instead of the work directory"},
      {.name = "manifest-sign",
       .takes = Takes::value,
       .placeholder = "KEYID",
       .help = "also write a manifest for dkp-fips-tool beside the image, signed with this OpenPGP "
               "key"},
      {.name = "accept-risk",
       .takes = Takes::values,
       .placeholder = "NAME",
       .help = "go on although the look before FIPS mode found this"},
  };
}

std::vector<Option> packer_options() {
  return {
      {.name = "packer-path",
       .takes = Takes::value,
       .placeholder = "FILE",
       .help = "the Packer to run",
       .fallback = "packer"},
      {.name = "packer-manifest",
       .takes = Takes::value,
       .placeholder = "FILE",
       .help = "a Packer template of your own, instead of ours"},
      {.name = "packer-on-error",
       .takes = Takes::value,
       .placeholder = "HOW",
       .help = "what Packer does when it fails",
       .choices = {"cleanup", "abort", "run-cleanup-provisioner"}},
      {.name = "dry-run", .help = "make no artifact, or remove it again"},
      {.name = "validate-only", .help = "let Packer check its template, build nothing"},
  };
}

Command cloud_command(config::Cloud cloud, Run run_there) {
  const std::string name(config::name_of(cloud));
  return {.path = "build " + name,
          .summary = fmt::format("make an image through Packer: {}", name),
          .description =
              "What 'build' does with an image file of this cloud, with options for it. "
              "Packer's builder is the one that the image file names.",
          .positionals = {{.name = "IMAGE", .help = "image file of this cloud"}},
          .options = together({{output_option()},
                               input_options(),
                               cloud_options(cloud),
                               packer_options(),
                               {progress_option()}}),
          .examples = {},
          .run = run_there};
}

}  // namespace

Command build_command() {
  return {
      .path = "build",
      .summary = "make an image: natively for roots and disks, through Packer for clouds",
      .description =
          "Image files with 'builder: root' or 'builder: disk' are built here, without a daemon "
          "and without booting anything: the base is copied, provisioned as a host would be, "
          "checked, cleaned of what is one machine's own, and written. All others go through "
          "Packer, with this program as the provisioner.\n\n"
          "The base is never modified, and the result appears whole or not at all, with a record "
          "beside it. With fips.enabled the build fails when the image would not boot in FIPS mode "
          "or carries an executable that is no FIPS build.",
      .positionals = {{.name = "IMAGE",
                       .help = "image file, such as images/root/centos-8.yaml; not needed with a "
                               "--work-dir that 'generate' wrote",
                       .required = false}},
      .options = together({{output_option()},
                           input_options(),
                           native_options(),
                           packer_options(),
                           cloud_options(config::Cloud::aws),
                           {progress_option()}}),
      .examples = {{.command = "konvoy-image build --overrides overrides/fips.yaml "
                               "images/root/centos-8.yaml",
                    .says = "a FIPS root file system"},
                   {.command = "konvoy-image build --overrides overrides/fips.yaml --base "
                               "rhel-8.4.qcow2 images/disk/rhel-84.yaml",
                    .says = "a disk image that boots into FIPS mode"}},
      .run = run};
}

std::vector<Command> build_cloud_commands() {
  return {cloud_command(config::Cloud::aws, run_in<config::Cloud::aws>),
          cloud_command(config::Cloud::azure, run_in<config::Cloud::azure>),
          cloud_command(config::Cloud::gcp, run_in<config::Cloud::gcp>),
          cloud_command(config::Cloud::vsphere, run_in<config::Cloud::vsphere>)};
}

}  // namespace konvoy::cli

#include "app/packer_build.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>

#include "app/packer_variables.hpp"
#include "base/text.hpp"
#include "json/reader.hpp"
#include "packer/failure.hpp"
#include "packer/template.hpp"
#include "system/file.hpp"
#include "system/process.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr auto template_name = "packer.pkr.hcl";
constexpr auto manifest_name = "manifest.json";

std::string text_in(const value::Value& map, std::string_view key) {
  const auto* found = map.at_path(key);
  return found != nullptr && found->is_string() ? *found->string() : std::string();
}

// The names in a list of maps; none where the manifest has null.
std::vector<std::string> names_in(const value::Value& map, std::string_view key) {
  std::vector<std::string> names;
  const auto* found = map.at_path(key);
  if (found == nullptr || found->list() == nullptr) return names;
  for (const auto& one : *found->list()) names.push_back(text_in(one, "name"));
  return names;
}

base::Result<std::string> packer_version(const std::string& packer) {
  KONVOY_TRY(const auto outcome,
             system::run({.argv = {packer, "version"},
                          .environment = {{"CHECKPOINT_DISABLE", base::Secret("1")}}}));
  if (outcome.status == 127) {
    return Error(ErrorKind::run, fmt::format("there is no Packer '{}'", packer),
                 "install Packer, or say where it is with --packer-path");
  }
  auto version = packer::parse_version(outcome.out);
  if (version.empty()) {
    return Error(ErrorKind::run,
                 fmt::format("'{}' is no Packer: it does not tell a version", packer),
                 fmt::format("try '{} version'", packer));
  }
  // build.Host and its like came with 1.6.
  if (base::compare_versions(version, "1.6") < 0) {
    return Error(ErrorKind::run,
                 fmt::format("'{}' is Packer {}, which is too old", packer, version),
                 "Packer 1.6 or newer is needed");
  }
  return version;
}

base::Result<std::string> write_template(const PackerRequest& request,
                                         const PackerVariables& variables) {
  const auto path = request.work_directory + "/" + template_name;
  if (!request.custom_template.empty()) {
    KONVOY_TRY(const auto text, system::read_file(request.custom_template));
    KONVOY_CHECK(system::write_file(path, text));
    return path;
  }
  KONVOY_TRY(const auto builder, packer::builder_named(request.builder_type));
  KONVOY_TRY(auto version, packer_version(request.packer));
  auto record_command = request.record_command;
  record_command.insert(record_command.end(), {"--from-manifest", manifest_name});
  const packer::TemplateInputs inputs{.builder = builder,
                                      .variables = variables.all,
                                      .packer_version = std::move(version),
                                      .command = request.step_command,
                                      .record_command = std::move(record_command),
                                      .manifest_output = manifest_name};
  KONVOY_CHECK(system::write_file(path, packer::render_template(inputs)));
  return path;
}

// A process whose lines are passed on while it runs.
class Watched {
 public:
  Watched(system::Child child, const base::EventSink& events, const execute::StopRequest* stop)
      : child_(std::move(child)), events_(events), stop_(stop) {}

  // The exit status.
  int wait() {
    while (true) {
      forward_stop();
      drain(std::chrono::milliseconds(200));
      if (const auto status = child_.wait(std::chrono::milliseconds(0))) {
        drain(std::chrono::milliseconds(0));
        return *status;
      }
    }
  }

  [[nodiscard]] const std::string& output() const { return output_; }
  [[nodiscard]] bool stopped() const { return signals_ > 0; }

 private:
  // Once asks Packer to clean up, twice ends it at once, as at a terminal.
  void forward_stop() {
    if (stop_ == nullptr) return;
    if (stop_->asked() && signals_ == 0) {
      child_.signal(SIGINT);
      signals_ = 1;
    } else if (stop_->at_once() && signals_ == 1) {
      child_.signal(SIGTERM);
      signals_ = 2;
    }
  }

  void drain(std::chrono::milliseconds patience) {
    std::array<pollfd, 2> ready{{{child_.out.fd(), POLLIN, 0}, {child_.err.fd(), POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), static_cast<int>(patience.count())) <= 0) return;
    for (const auto& one : ready) {
      std::array<char, 16384> buffer{};
      for (auto got = ::read(one.fd, buffer.data(), buffer.size()); got > 0;
           got = ::read(one.fd, buffer.data(), buffer.size())) {
        take({buffer.data(), static_cast<std::size_t>(got)});
      }
    }
  }

  void take(std::string_view bytes) {
    output_ += bytes;
    line_ += bytes;
    for (auto end = line_.find('\n'); end != std::string::npos; end = line_.find('\n')) {
      if (events_) {
        events_({.kind = base::Event::Kind::message,
                 .subject = "packer",
                 .detail = line_.substr(0, end)});
      }
      line_.erase(0, end + 1);
    }
  }

  system::Child child_;
  const base::EventSink& events_;
  const execute::StopRequest* stop_;
  std::string output_;
  std::string line_;
  int signals_ = 0;
};

std::vector<std::string> arguments_of(const PackerRequest& request) {
  if (request.only_validate) {
    return {request.packer, "validate", std::string("-var-file=") + packer_variables_name,
            template_name};
  }
  std::vector<std::string> argv = {request.packer, "build",
                                   std::string("-var-file=") + packer_variables_name};
  if (!request.colour) argv.emplace_back("-color=false");
  if (!request.on_error.empty()) argv.push_back("-on-error=" + request.on_error);
  argv.emplace_back(template_name);
  return argv;
}

base::Result<void> run_packer(const PackerRequest& request, const PackerVariables& variables,
                              const std::string& log, const base::EventSink& events,
                              const execute::StopRequest* stop) {
  auto environment = variables.environment;
  environment.emplace("CHECKPOINT_DISABLE", base::Secret("1"));
  KONVOY_TRY(auto child, system::Child::start({.argv = arguments_of(request),
                                               .environment = std::move(environment),
                                               .directory = request.work_directory}));
  child.in.close();
  Watched packer(std::move(child), events, stop);
  const int status = packer.wait();
  KONVOY_CHECK(system::write_file(log, packer.output(), {.mode = 0600}));
  if (packer.stopped()) {
    return Error(ErrorKind::interrupted, "stopped; Packer has cleaned up what it made");
  }
  if (status == 127) {
    return Error(ErrorKind::run, fmt::format("there is no Packer '{}'", request.packer),
                 "install Packer, or say where it is with --packer-path");
  }
  if (status == 0) return {};
  return Error(request.only_validate ? ErrorKind::input : ErrorKind::run,
               packer::explain_failure(packer.output()));
}

}  // namespace

base::Result<std::vector<PackerArtifact>> read_packer_manifest(const std::string& path) {
  KONVOY_TRY(auto text, system::read_file(path));
  KONVOY_TRY(const auto manifest, json::parse(path, std::move(text)));
  const auto* builds = manifest.at_path("builds");
  if (builds == nullptr || builds->list() == nullptr) {
    return Error(ErrorKind::input, fmt::format("'{}' is no manifest of Packer", path),
                 "it is what the post-processor 'manifest' writes");
  }
  std::vector<PackerArtifact> artifacts;
  for (const auto& build : *builds->list()) {
    if (text_in(build, "packer_run_uuid") != text_in(manifest, "last_run_uuid")) continue;
    artifacts.push_back(
        {text_in(build, "builder_type"), text_in(build, "artifact_id"), names_in(build, "files")});
  }
  return artifacts;
}

value::Value to_value(const PackerArtifact& artifact) {
  value::Map map;
  map.set("builder", artifact.builder);
  map.set("id", artifact.id);
  if (!artifact.files.empty()) {
    map.set("files", value::List(artifact.files.begin(), artifact.files.end()));
  }
  return map;
}

base::Result<PackerBuilt> build_with_packer(const PackerRequest& request,
                                            const base::EventSink& events,
                                            const execute::StopRequest* stop) {
  KONVOY_TRY(const auto variables, read_packer_variables(request.work_directory));
  PackerBuilt built{.log = request.work_directory + "/packer.log"};
  KONVOY_TRY(built.template_path, write_template(request, variables));
  KONVOY_CHECK(run_packer(request, variables, built.log, events, stop));
  if (request.only_validate) return built;
  const auto manifest = request.work_directory + "/" + manifest_name;
  if (system::exists(manifest)) {
    KONVOY_TRY(built.artifacts, read_packer_manifest(manifest));
  }
  return built;
}

}  // namespace konvoy::app

#include "app/image_content.hpp"

#include <fmt/format.h>

#include "app/provision_host.hpp"
#include "app/subscription.hpp"
#include "app/sysprep.hpp"
#include "json/reader.hpp"
#include "json/render.hpp"
#include "target/root_target.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;

// Parts of a record that differ from run to run and from builder to builder.
bool is_volatile(std::string_view key) {
  for (const std::string_view name :
       {"run", "run_id", "started", "ended", "user", "machine", "seconds", "attempts"}) {
    if (key == name) return true;
  }
  return false;
}

value::Value without_volatile(const value::Value& value) {
  if (const auto* list = value.list()) {
    value::List items;
    for (const auto& item : *list) items.push_back(without_volatile(item));
    return items;
  }
  const auto* map = value.map();
  if (map == nullptr) return value;
  value::Map kept;
  for (const auto& entry : map->entries()) {
    if (!is_volatile(entry.key)) kept.set(entry.key, without_volatile(entry.value));
  }
  return kept;
}

Error failure_of(const record::Record& record) {
  const auto& outcome = record.hosts.front().outcome;
  if (outcome.error) return *outcome.error;
  std::vector<base::Diagnostic> problems;
  if (const auto* step = outcome.failed_step()) problems = step->problems;
  if (problems.empty()) problems.push_back({.message = "the image could not be provisioned"});
  const auto kind =
      outcome.state == execute::HostState::interrupted ? ErrorKind::interrupted : ErrorKind::run;
  return {kind, std::move(problems)};
}

constexpr auto file_contexts = "/etc/selinux/targeted/contexts/files/file_contexts";

// Files written offline have no SELinux labels: the image's own setfiles gives them, or its first
// boot does.
base::Result<std::string> label(target::Target& target, const facts::HostFacts& facts,
                                const base::EventSink& events) {
  if (facts.selinux == facts::Selinux::absent || facts.selinux == facts::Selinux::disabled) {
    return std::string("none");
  }
  KONVOY_TRY(const auto done,
             target.perform(target::RunCommand{.argv = {"setfiles", "-F", "-e", "/proc", "-e",
                                                        "/sys", "-e", "/dev", file_contexts, "/"},
                                               .timeout = std::chrono::minutes(30)},
                            events));
  if (done.status == 0) return std::string("setfiles");
  KONVOY_CHECK(target.perform(target::WriteFile{.path = "/.autorelabel"}, events));
  return std::string("at first boot");
}

base::Result<void> leave_record(target::Target& target, const record::Record& record,
                                const base::EventSink& events) {
  const auto kept = without_volatile(record::to_value(record));
  KONVOY_CHECK(target.perform(target::WriteFile{.path = host_record_path,
                                                .content = base::Secret(json::render(kept)),
                                                .ownership = {.mode = 0600}},
                              events));
  return {};
}

base::Result<void> fill(const ProvisionRequest& request, const std::string& build_name,
                        const ProvisionServices& services, ImageContent& content) {
  auto inside = services;
  inside.complete = [](target::Target& target, const facts::HostFacts& facts,
                       const ProvisionServices& around) {
    return sysprep(target, facts, "sysprep", around);
  };
  KONVOY_TRY(content.record, provision(request, inside));
  auto& host = content.record.hosts.front();
  if (host.outcome.state != execute::HostState::ok) return failure_of(content.record);
  host.outcome.host = build_name;
  KONVOY_TRY(const auto target, services.open(request.hosts.front()));
  KONVOY_CHECK(leave_record(*target, content.record, services.events));
  KONVOY_TRY(content.labels, label(*target, host.after.value(), services.events));
  return {};
}

}  // namespace

base::Result<ImageContent> fill_image(const std::string& directory, const BuildRequest& request,
                                      const ProvisionServices& services) {
  auto image_request = request.provision;
  image_request.disposable_roots = true;
  image_request.hosts = {ChosenHost{.host = {.name = request.build_name}, .root = directory}};
  ImageContent content;
  auto filled = fill(image_request, request.build_name, services, content);
  if (filled) return content;
  return give_back_subscription(std::move(filled).error(), content.record,
                                image_request.hosts.front(), services);
}

}  // namespace konvoy::app

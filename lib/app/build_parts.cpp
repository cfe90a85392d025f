#include "app/build_parts.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "app/manifest.hpp"
#include "json/render.hpp"
#include "net/download.hpp"
#include "system/file.hpp"
#include "target/root_target.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view manifest_name = "manifest.json.asc";

bool is_url(std::string_view path) {
  return path.find("://") != std::string_view::npos;
}

std::string asked_base(const BuildRequest& request) {
  return request.base.empty() ? text_at(request.config, "base.path") : request.base;
}

value::Map base_value(const BaseUsed& used, const BuildRequest& request) {
  value::Map map;
  map.set("path",
          used.path.empty() ? "miniature EL 8 root, made by konvoy-image" : name_of_base(request));
  map.set("digest", used.digest);
  map.set("miniature", used.path.empty());
  return map;
}

// The record beside the result: that of the run, and what the image was made from and into.
base::Result<void> write_record(const Built& built, const BaseUsed& used,
                                const BuildRequest& request, const ImageContent& content) {
  auto document = *record::to_value(content.record).map();
  value::Map build;
  build.set("builder", built.builder);
  build.set("base", base_value(used, request));
  build.set("result", built.result);
  build.set("digest", built.digest);
  build.set("labels", built.labels);
  document.set("build", std::move(build));
  return system::write_file(built.record, json::render(document), {.mode = 0644});
}

}  // namespace

std::string text_at(const value::Value& config, std::string_view path) {
  const auto* found = config.at_path(path);
  return found != nullptr && found->is_string() ? *found->string() : std::string();
}

base::Result<std::uint64_t> number_at(const value::Value& config, std::string_view path,
                                      std::uint64_t otherwise) {
  const auto* found = config.at_path(path);
  if (found == nullptr || found->is_null()) return otherwise;
  // --extra-vars KEY=VALUE gives text.
  const auto text = to_display(*found);
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, number);
  if (problem == std::errc() && stopped == end) return number;
  return Error(ErrorKind::input, base::Diagnostic{.message = fmt::format(
                                                      "{} is '{}', which is no number", path, text),
                                                  .span = found->span()});
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of_base(const BuildRequest& request) {
  auto name = asked_base(request);
  return is_url(name) ? net::without_credentials(name) : name;
}

base::Result<std::string> local_base(const BuildRequest& request,
                                     const ProvisionServices& services) {
  auto path = asked_base(request);
  if (!is_url(path)) return path;
  KONVOY_TRY(auto fetched,
             net::fetch_cached({.url = path, .sha256 = text_at(request.config, "base.sha256")},
                               request.provision.cache, services.events, *services.clock));
  return std::move(fetched.path);
}

bool is_offline(const value::Value& config) {
  return !text_at(config, "os_packages_local_bundle_file").empty();
}

ProvisionServices for_image(const ProvisionServices& services, bool offline) {
  auto inside = services;
  inside.open = [offline](const ChosenHost& host) {
    return target::open_root({.path = host.root, .name = host.host.name, .offline = offline});
  };
  return inside;
}

bool is_full(const std::string& directory) {
  constexpr std::uint64_t almost_nothing = 1U << 20U;  // bytes
  struct statvfs about {};
  return ::statvfs(directory.c_str(), &about) == 0 &&
         static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize < almost_nothing;
}

bool speaks_of(const Error& error, std::string_view words) {
  const auto has = [&](const auto& one) { return one.message.find(words) != std::string::npos; };
  return std::ranges::any_of(error.diagnostics, [&](const base::Diagnostic& one) {
    return has(one) || std::ranges::any_of(one.notes, has);
  });
}

Error because_full(Error error, const std::string& directory) {
  error.diagnostics.front().hint =
      "the file system of the result is full: make room there, or choose another with --result";
  return std::move(error).with_note(fmt::format("there was no space left at '{}'", directory));
}

base::Result<void> start_part(const BuildRequest& request, const ProvisionServices& services,
                              std::string_view part, std::string_view detail) {
  if (services.stop != nullptr && services.stop->asked()) {
    return Error(ErrorKind::interrupted,
                 fmt::format("the build was interrupted before '{}'; nothing was left", part));
  }
  if (services.events) {
    services.events({.kind = base::Event::Kind::started,
                     .subject = request.build_name,
                     .step = fmt::format("image/{}", part),
                     .detail = std::string(detail)});
  }
  return {};
}

base::Result<ImageContent> fill_and_sign(const std::string& directory, const Staging& staging,
                                         const BuildRequest& request,
                                         const ProvisionServices& services) {
  KONVOY_TRY(auto content, fill_image(directory, request, services));
  if (request.manifest_key.empty()) return content;
  KONVOY_CHECK(start_part(request, services, "manifest", "signing as " + request.manifest_key));
  ChosenHost image{.host = {.name = request.build_name}, .root = directory};
  KONVOY_TRY(const auto target, services.open(image));
  KONVOY_CHECK(create_manifest({.options = {.created = request.epoch},
                                .sign_with = request.manifest_key,
                                .path = fmt::format("{}/{}", staging.path(), manifest_name)},
                               target.get()));
  return content;
}

base::Result<void> finish(Built& built, const BaseUsed& used, const Staging& staging,
                          const BuildRequest& request, ImageContent content) {
  built.labels = content.labels;
  built.record = built.result + ".record.json";
  KONVOY_CHECK(write_record(built, used, request, content));
  built.warnings = std::move(content.warnings);
  if (request.manifest_key.empty()) return {};
  built.manifest = fmt::format("{}.{}", built.result, manifest_name);
  const auto made = fmt::format("{}/{}", staging.path(), manifest_name);
  if (std::rename(made.c_str(), built.manifest.c_str()) == 0) return {};
  return Error(ErrorKind::run, fmt::format("'{}' can't be moved to '{}'", made, built.manifest));
}

}  // namespace konvoy::app

#include "app/build.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <chrono>

#include "app/image_content.hpp"
#include "app/miniature_base.hpp"
#include "app/staging.hpp"
#include "disk/image_file.hpp"
#include "disk/mounted_image.hpp"
#include "image/blob.hpp"
#include "image/root_base.hpp"
#include "image/root_result.hpp"
#include "json/render.hpp"
#include "net/download.hpp"
#include "system/file.hpp"
#include "target/root_target.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;

std::string text_at(const value::Value& config, std::string_view path) {
  const auto* found = config.at_path(path);
  return found != nullptr && found->is_string() ? *found->string() : std::string();
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// What was built from, for the record.
struct BaseUsed {
  std::string path;  // empty: the miniature root
  std::string digest;
  value::Value oci_config;
};

// The base as a local path: --base, or base.path, fetched when it is a URL; empty when none is set.
base::Result<std::string> local_base(const BuildRequest& request,
                                     const ProvisionServices& services) {
  auto path = request.base.empty() ? text_at(request.config, "base.path") : request.base;
  if (path.find("://") == std::string::npos) return path;
  KONVOY_TRY(auto fetched,
             net::fetch_cached({.url = path, .sha256 = text_at(request.config, "base.sha256")},
                               request.provision.cache, services.events, *services.clock));
  return std::move(fetched.path);
}

value::Map base_value(const BaseUsed& used, const BuildRequest& request) {
  value::Map map;
  map.set("path", used.path.empty()
                      ? "miniature EL 8 root, made by konvoy-image"
                      : net::without_credentials(request.base.empty() ? used.path : request.base));
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

ProvisionServices for_image(const ProvisionServices& services, bool offline) {
  auto inside = services;
  inside.open = [offline](const ChosenHost& host) {
    return target::open_root({.path = host.root, .name = host.host.name, .offline = offline});
  };
  return inside;
}

// Everything the packages come from is on the machine or in the image already.
bool is_offline(const value::Value& config) {
  return !text_at(config, "os_packages_local_bundle_file").empty();
}

base::Result<BaseUsed> open_root_base(const std::string& path, const std::string& root,
                                      const BuildRequest& request,
                                      const ProvisionServices& services) {
  if (path.empty()) {
    KONVOY_CHECK(make_miniature_base(root, request, services));
    return BaseUsed{};
  }
  KONVOY_TRY(const auto base, image::find_base(path));
  KONVOY_TRY(auto unpacked, image::unpack(base, root, services.events));
  return BaseUsed{path, std::move(unpacked.digest), std::move(unpacked.image_config)};
}

image::OciMetadata oci_metadata(const BaseUsed& used, const BuildRequest& request) {
  image::OciMetadata metadata{.base_config = used.oci_config,
                              .architecture = "amd64",
                              .created_by = "konvoy-image " + request.provision.tool_version +
                                            " build " + request.provision.image,
                              .created = request.epoch,
                              .reference = request.build_name};
  if (used.path.empty()) metadata.labels.set("konvoy-image.miniature", "true");
  return metadata;
}

base::Result<Built> build_root(const BuildRequest& request, const ProvisionServices& services) {
  auto format = text_at(request.config, "result.format");
  KONVOY_TRY(const auto form, image::result_form_named(format.empty() ? "tar.gz" : format));
  Built built{.result = request.result, .builder = "root"};
  if (built.result.empty()) {
    built.result = fmt::format("{}/{}{}", request.provision.work_directory, request.build_name,
                               image::suffix_of(form));
  }
  KONVOY_TRY(const auto path, local_base(request, services));
  KONVOY_TRY(const auto staging, Staging::make(parent_of(built.result)));
  const auto root = staging.path() + "/root";
  KONVOY_CHECK(system::make_directories(root));
  KONVOY_TRY(const auto used, open_root_base(path, root, request, services));
  built.miniature = used.path.empty();
  auto inside = for_image(services, built.miniature || is_offline(request.config));
  if (built.miniature) inside.configure = with_miniature_repository(services.configure);
  KONVOY_TRY(auto content, fill_image(root, request, inside));
  built.labels = content.labels;
  KONVOY_TRY(auto written,
             image::write_result(
                 root, built.result,
                 {.form = form, .epoch = request.epoch, .oci = oci_metadata(used, request)}));
  built.digest = std::move(written.content_digest);
  built.record = built.result + ".record.json";
  KONVOY_CHECK(write_record(built, used, request, content));
  built.warnings = std::move(content.warnings);
  return built;
}

base::Result<Built> build_disk(const BuildRequest& request, const ProvisionServices& services) {
  auto name = text_at(request.config, "result.format");
  KONVOY_TRY(const auto format, disk::format_named(name.empty() ? "qcow2" : name));
  KONVOY_TRY(const auto path, local_base(request, services));
  if (path.empty()) {
    return Error(ErrorKind::input, "there is no base to build the disk image from",
                 "give a raw or qcow2 image with --base FILE, or set base.path");
  }
  Built built{.result = request.result, .builder = "disk"};
  if (built.result.empty()) {
    built.result = fmt::format("{}/{}.{}", request.provision.work_directory, request.build_name,
                               disk::name_of(format));
  }
  KONVOY_CHECK(disk::enter_private_mounts());
  KONVOY_TRY(const auto blob, image::blob_of(path));
  KONVOY_TRY(const auto staging, Staging::make(parent_of(built.result)));
  const auto* size = request.config.at_path("result.size_gib");
  const auto gib = size != nullptr && size->integer() != nullptr ? *size->integer() : 0;
  const auto least = static_cast<std::uint64_t>(gib > 0 ? gib : 0) << 30U;
  KONVOY_CHECK(disk::copy_to_raw(path, staging.disk(), least));
  const system::Descriptor lock(::open(staging.disk().c_str(), O_RDONLY | O_CLOEXEC));
  if (lock.open()) (void)::flock(lock.fd(), LOCK_EX | LOCK_NB);
  const auto mount_point = staging.path() + "/root";
  if (least > 0) KONVOY_CHECK(disk::grow_last_partition(staging.disk(), mount_point));
  KONVOY_TRY(auto mounted, disk::MountedImage::mount(staging.disk(), mount_point));
  auto content =
      fill_image(mounted.root(), request, for_image(services, is_offline(request.config)));
  KONVOY_CHECK(mounted.finish());
  if (!content) return std::move(content).error();
  built.labels = content->labels;
  KONVOY_CHECK(disk::publish(staging.disk(), built.result, format));
  KONVOY_TRY(const auto finished, image::blob_of(built.result));
  built.digest = finished.digest;
  built.record = built.result + ".record.json";
  KONVOY_CHECK(write_record(built, {path, blob.digest, {}}, request, *content));
  built.warnings = std::move(content->warnings);
  return built;
}

}  // namespace

base::Result<BuilderKind> builder_of(const value::Value& config) {
  const auto name = text_at(config, "builder");
  if (name == "root") return BuilderKind::root;
  if (name == "disk") return BuilderKind::disk;
  if (name.empty() || name == "packer") return BuilderKind::packer;
  base::Diagnostic problem{.message = fmt::format("there is no builder '{}'", name),
                           .span = config.at_path("builder")->span(),
                           .hint = "builder is root or disk; without it Packer builds"};
  return Error(ErrorKind::input, std::move(problem));
}

base::Result<Built> build_natively(const BuildRequest& request, const ProvisionServices& services) {
  const auto from = services.clock->steady();
  KONVOY_TRY(const auto kind, builder_of(request.config));
  auto built =
      kind == BuilderKind::disk ? build_disk(request, services) : build_root(request, services);
  if (built)
    built->seconds = std::chrono::duration<double>(services.clock->steady() - from).count();
  return built;
}

value::Value to_value(const Built& built) {
  value::Map map;
  map.set("result", built.result);
  map.set("digest", built.digest);
  map.set("record", built.record);
  map.set("builder", built.builder);
  map.set("seconds", built.seconds);
  map.set("miniature", built.miniature);
  map.set("labels", built.labels);
  return map;
}

}  // namespace konvoy::app

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "app/build_parts.hpp"
#include "app/miniature_base.hpp"
#include "image/root_base.hpp"
#include "image/root_result.hpp"
#include "system/file.hpp"

namespace konvoy::app {
namespace {

base::Result<BaseUsed> open_root_base(const std::string& path, const std::string& root,
                                      const BuildRequest& request,
                                      const ProvisionServices& services) {
  if (path.empty()) {
    KONVOY_CHECK(make_miniature_base(root, request, services));
    return BaseUsed{};
  }
  KONVOY_TRY(const auto base, image::find_base(path));
  KONVOY_CHECK(start_part(request, services, "unpack", path));
  KONVOY_TRY(auto unpacked, image::unpack(base, root));
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

struct RootJob {
  const BuildRequest& request;
  const ProvisionServices& services;
  image::ResultForm form;
  std::string base_path;  // empty: the miniature root
};

// Everything between the staging directory and the result in its place.
base::Result<Built> make_root(const RootJob& job, const Staging& staging, Built built) {
  const auto& [request, services, form, base_path] = job;
  const auto root = staging.path() + "/root";
  KONVOY_CHECK(system::make_directories(root));
  KONVOY_TRY(const auto used, open_root_base(base_path, root, request, services));
  built.miniature = used.path.empty();
  auto inside = for_image(services, built.miniature || is_offline(request.config));
  if (built.miniature) inside.configure = with_miniature_repository(services.configure);
  KONVOY_TRY(auto content, fill_and_sign(root, staging, request, inside));
  KONVOY_CHECK(start_part(request, services, "write", built.result));
  KONVOY_TRY(auto written,
             image::write_result(
                 root, built.result,
                 {.form = form, .epoch = request.epoch, .oci = oci_metadata(used, request)}));
  built.digest = std::move(written.content_digest);
  KONVOY_CHECK(finish(built, used, staging, request, std::move(content)));
  return built;
}

}  // namespace

base::Result<Built> build_root(const BuildRequest& request, const ProvisionServices& services) {
  auto format = text_at(request.config, "result.format");
  KONVOY_TRY(const auto form, image::result_form_named(format.empty() ? "tar.gz" : format));
  Built built{.result = request.result, .builder = "root"};
  if (built.result.empty()) {
    built.result = fmt::format("{}/{}{}", request.provision.work_directory, request.build_name,
                               image::suffix_of(form));
  }
  KONVOY_TRY(auto base, local_base(request, services));
  KONVOY_TRY(const auto staging, Staging::make(parent_of(built.result)));
  auto made = make_root({request, services, form, std::move(base)}, staging, std::move(built));
  if (made) return made;
  // The whole root lies beside the result, so no other file system can be meant.
  const bool full = is_full(staging.path()) || speaks_of(made.error(), std::strerror(ENOSPC));
  return full ? because_full(std::move(made).error(), staging.path()) : std::move(made).error();
}

}  // namespace konvoy::app

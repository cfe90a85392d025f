#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "app/build_parts.hpp"
#include "disk/grow.hpp"
#include "disk/image_file.hpp"
#include "disk/mounted_image.hpp"
#include "image/blob.hpp"
#include "system/descriptor.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;

// Packages, their metadata and a second initramfs take about this much.
constexpr std::uint64_t usual_free_mib = 768;

base::Result<void> check_free_space(const disk::MountedImage& mounted,
                                    const BuildRequest& request) {
  KONVOY_TRY(const auto free, mounted.free_bytes());
  KONVOY_TRY(const auto needed, number_at(request.config, "result.free_mib", usual_free_mib));
  if (free >> 20U >= needed) return {};
  return Error(
      ErrorKind::input,
      fmt::format("the root of '{}' has {} MiB free, the packages need {} MiB",
                  name_of_base(request), free >> 20U, needed),
      "make it larger with result.size_gib, or say with result.free_mib that less will do");
}

// The image has file systems of its own, so only a look tells which one is full.
Error explain(Error error, const std::string& directory) {
  if (is_full(directory)) return because_full(std::move(error), directory);
  // The first are rpm's words, before it installs anything.
  if (speaks_of(error, "more space needed on the") || speaks_of(error, std::strerror(ENOSPC))) {
    error.diagnostics.front().hint =
        "a file system of the image is full: make it larger with result.size_gib";
  }
  return error;
}

base::Result<ImageContent> work_on(const std::string& base, const Staging& staging,
                                   const BuildRequest& request, const ProvisionServices& services) {
  const disk::RawImage image{staging.disk(), name_of_base(request)};
  KONVOY_TRY(const auto gib, number_at(request.config, "result.size_gib", 0));
  const auto least = gib << 30U;
  KONVOY_CHECK(start_part(request, services, "copy", image.name));
  KONVOY_CHECK(disk::copy_to_raw(base, image.path, least));
  const system::Descriptor lock(::open(image.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (lock.open()) (void)::flock(lock.fd(), LOCK_EX | LOCK_NB);
  const auto mount_point = staging.path() + "/root";
  if (least > 0) {
    KONVOY_CHECK(start_part(request, services, "grow", fmt::format("to {} GiB", gib)));
    KONVOY_CHECK(disk::grow_last_partition(image, mount_point));
  }
  KONVOY_CHECK(start_part(request, services, "mount", "its root and what fstab names"));
  KONVOY_TRY(auto mounted, disk::MountedImage::mount(image, mount_point));
  KONVOY_CHECK(check_free_space(mounted, request));
  auto content = fill_and_sign(mounted.root(), staging, request,
                               for_image(services, is_offline(request.config)));
  // The first reason is the one that tells: what was provisioned half can't be written well.
  auto unmounted = mounted.finish();
  if (content && !unmounted) return std::move(unmounted).error();
  return content;
}

}  // namespace

base::Result<Built> build_disk(const BuildRequest& request, const ProvisionServices& services) {
  auto name = text_at(request.config, "result.format");
  KONVOY_TRY(const auto format, disk::format_named(name.empty() ? "qcow2" : name));
  KONVOY_CHECK(disk::enter_private_mounts());
  KONVOY_TRY(const auto path, local_base(request, services));
  if (path.empty()) {
    return Error(ErrorKind::input, "there is no base to build the disk image from",
                 "give a raw or qcow2 image with --base FILE, or set base.path");
  }
  KONVOY_CHECK(disk::format_of(path));
  Built built{.result = request.result, .builder = "disk"};
  if (built.result.empty()) {
    built.result = fmt::format("{}/{}.{}", request.provision.work_directory, request.build_name,
                               disk::name_of(format));
  }
  KONVOY_TRY(const auto blob, image::blob_of(path));
  KONVOY_TRY(const auto staging, Staging::make(parent_of(built.result)));
  auto content = work_on(path, staging, request, services);
  if (!content) return explain(std::move(content).error(), staging.path());
  KONVOY_CHECK(start_part(request, services, "write", built.result));
  if (auto published = disk::publish(staging.disk(), built.result, format); !published) {
    return explain(std::move(published).error(), staging.path());
  }
  KONVOY_TRY(const auto finished, image::blob_of(built.result));
  built.digest = finished.digest;
  KONVOY_CHECK(finish(built, {path, blob.digest, {}}, staging, request, *std::move(content)));
  return built;
}

}  // namespace konvoy::app

#include "app/build.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "app/build_parts.hpp"
#include "openpgp/gpg.hpp"

namespace konvoy::app {

using base::Error;
using base::ErrorKind;

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
  if (::geteuid() != 0) {
    return Error(ErrorKind::run, "images can be built only by root",
                 "run the same command with sudo");
  }
  // A key that can't sign is found out now, not after the build.
  if (!request.manifest_key.empty()) {
    KONVOY_CHECK(openpgp::clear_sign("konvoy-image build\n", {.key = request.manifest_key}));
  }
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
  if (!built.manifest.empty()) map.set("manifest", built.manifest);
  map.set("builder", built.builder);
  map.set("seconds", built.seconds);
  map.set("miniature", built.miniature);
  map.set("labels", built.labels);
  return map;
}

}  // namespace konvoy::app

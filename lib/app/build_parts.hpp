// Private to the module: what builds of roots and of disk images share.
#pragma once

#include <string>
#include <string_view>

#include "app/build.hpp"
#include "app/image_content.hpp"
#include "app/staging.hpp"

namespace konvoy::app {

[[nodiscard]] base::Result<Built> build_root(const BuildRequest& request,
                                             const ProvisionServices& services);
[[nodiscard]] base::Result<Built> build_disk(const BuildRequest& request,
                                             const ProvisionServices& services);

/// What was built from, for the record.
struct BaseUsed {
  std::string path;  ///< empty: the miniature root
  std::string digest;
  value::Value oci_config;
};

/// The text at `path` of the configuration; empty when there is none.
[[nodiscard]] std::string text_at(const value::Value& config, std::string_view path);
/// The number at `path`, which may be written as text, or `otherwise` when nothing is there. Error
/// of kind input: it is no number, or less than 0.
[[nodiscard]] base::Result<std::uint64_t> number_at(const value::Value& config,
                                                    std::string_view path, std::uint64_t otherwise);
/// The directory that holds `path`.
[[nodiscard]] std::string parent_of(const std::string& path);

/// The base as the user named it, without a password that a URL may hold.
[[nodiscard]] std::string name_of_base(const BuildRequest& request);

/// The base as a local path: --base, or base.path, fetched when it is a URL; empty when none is
/// set.
[[nodiscard]] base::Result<std::string> local_base(const BuildRequest& request,
                                                   const ProvisionServices& services);

/// Packages come from what is on the machine or in the image already.
[[nodiscard]] bool is_offline(const value::Value& config);
/// The services with targets that are image roots.
[[nodiscard]] ProvisionServices for_image(const ProvisionServices& services, bool offline);

/// Whether less than a MiB is left on the file system of `directory`.
[[nodiscard]] bool is_full(const std::string& directory);
/// Whether `words` are in a message or a note: what was written in part may be gone again, and the
/// space be there.
[[nodiscard]] bool speaks_of(const base::Error& error, std::string_view words);
/// `error` with a full file system as its reason, and the remedy.
[[nodiscard]] base::Error because_full(base::Error error, const std::string& directory);

/// Tells that a part of the build starts. Error of kind interrupted: the user asked to stop.
[[nodiscard]] base::Result<void> start_part(const BuildRequest& request,
                                            const ProvisionServices& services,
                                            std::string_view part, std::string_view detail);

/// Provisions the root that lies at `directory`, and signs the manifest of what is then in it.
[[nodiscard]] base::Result<ImageContent> fill_and_sign(const std::string& directory,
                                                       const Staging& staging,
                                                       const BuildRequest& request,
                                                       const ProvisionServices& services);

/// Writes what stands beside a result that is in its place: the record, and the signed manifest.
[[nodiscard]] base::Result<void> finish(Built& built, const BaseUsed& used, const Staging& staging,
                                        const BuildRequest& request, ImageContent content);

}  // namespace konvoy::app

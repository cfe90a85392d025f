// Private to the module: parts of decode_spec() that stand in files of their own.
#pragma once

#include <string>

#include "plan/fields.hpp"
#include "plan/spec.hpp"

namespace konvoy::plan {

/// PREFIX_repository_url and PREFIX_gpg_key_url. Packages are always checked against a key, so a
/// repository without one can give nothing.
[[nodiscard]] RepositorySpec decode_repository(Fields& fields, const std::string& prefix);

/// os_packages_*, offline.*, images_local_bundle_dir, images_cache.
[[nodiscard]] OfflineSpec decode_offline(Fields& fields);

/// rhsm_*.
[[nodiscard]] SubscriptionSpec decode_subscription(Fields& fields);

/// packer_builder_type and what belongs to each provider.
[[nodiscard]] ProviderSpec decode_provider(Fields& fields);

}  // namespace konvoy::plan

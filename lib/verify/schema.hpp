// What a manifest may hold, for others to read.
#pragma once

#include <string_view>

namespace konvoy::verify {

/// The JSON Schema (draft 2020-12) of manifests.
[[nodiscard]] std::string_view manifest_schema();

}  // namespace konvoy::verify

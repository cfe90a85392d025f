// `konvoy-image schema`: the known variables, for editors and for people.
#pragma once

#include <string>

#include "value/value.hpp"

namespace konvoy::app {

/// A JSON Schema (draft 2020-12) of image files and overrides. `defaults` is what
/// images/common.yaml sets; unknown keys are allowed, because templates of the user's own may use
/// them.
[[nodiscard]] value::Value json_schema(const value::Value& defaults);

/// The reference page in Markdown: name, type, default, meaning and since when.
[[nodiscard]] std::string reference_page(const value::Value& defaults);

}  // namespace konvoy::app

// Text to tree.
#pragma once

#include <string_view>

#include "template/syntax.hpp"

namespace konvoy::templates {

/// The statements of a template. Fails with kind syntax (or unknown_name for a filter or test
/// that would certainly run), with the region of the mistake.
[[nodiscard]] Outcome<Block> parse_template(std::string_view text);

}  // namespace konvoy::templates

// Searching and cutting text as Python's str does.
#pragma once

#include <string>
#include <string_view>

#include "template/object.hpp"

namespace konvoy::templates {

/// str.split(separator, most): an empty separator means runs of white space; `most` < 0: all.
[[nodiscard]] Items split_text(std::string_view text, std::string_view separator,
                               std::int64_t most);
/// The same from the right.
[[nodiscard]] Items split_text_right(std::string_view text, std::string_view separator,
                                     std::int64_t most);
/// str.splitlines().
[[nodiscard]] Items split_into_lines(std::string_view text, bool keep_ends);
/// str.replace(); `most` < 0: all. An empty `from` stands between all characters.
[[nodiscard]] Outcome<std::string> replace_text(std::string_view text, std::string_view from,
                                                std::string_view to, std::int64_t most);
/// `text` between blanks (or `fill`), `width` code points wide. Fails when that is too large.
enum class Side { left, centre, right };
[[nodiscard]] Outcome<std::string> pad_text(std::string_view text, std::int64_t width, Side text_at,
                                            std::string_view fill = " ");

}  // namespace konvoy::templates

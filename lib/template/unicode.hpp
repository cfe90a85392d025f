// Text as Python counts it: in code points. Bytes that are not UTF-8 count one each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace konvoy::templates {

/// Bytes of the code point that starts `text` (1 to 4; 0 for an empty text).
[[nodiscard]] std::size_t code_point_bytes(std::string_view text);
/// Length in code points.
[[nodiscard]] std::size_t code_points(std::string_view text);
/// Each code point as a text of its own.
[[nodiscard]] std::vector<std::string_view> characters(std::string_view text);
/// The value of the code point that starts `text`; U+FFFD when it is not UTF-8.
[[nodiscard]] char32_t decode_code_point(std::string_view text);
/// Appends `code` in UTF-8; surrogates and values beyond U+10FFFF become U+FFFD.
void append_code_point(std::string& text, char32_t code);

/// Case of letters of Latin, Greek and Cyrillic scripts; others have none here.
[[nodiscard]] char32_t upper_of(char32_t code);
[[nodiscard]] char32_t lower_of(char32_t code);
[[nodiscard]] bool is_letter(char32_t code);
[[nodiscard]] bool is_space(char32_t code);

[[nodiscard]] std::string to_upper(std::string_view text);
[[nodiscard]] std::string to_lower(std::string_view text);
/// First letter upper case, all others lower case.
[[nodiscard]] std::string capitalize(std::string_view text);
/// The first letter of each run of letters upper case, the others lower case (str.title).
[[nodiscard]] std::string to_title(std::string_view text);

/// Without the characters of `set` at its ends; an empty set means white space.
[[nodiscard]] std::string_view strip_left(std::string_view text, std::string_view set = {});
[[nodiscard]] std::string_view strip_right(std::string_view text, std::string_view set = {});
[[nodiscard]] std::string_view strip(std::string_view text, std::string_view set = {});

}  // namespace konvoy::templates

// Bytes as text and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace konvoy::base {

/// Lower case hexadecimal digits, two a byte.
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// The bytes of an even number of hexadecimal digits; nothing on any other text.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view digits);

/// RFC 4648 section 4, padded, on one line.
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// White space is passed over; nothing when another character, or bad padding, is met.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// `text` as one word of a POSIX shell command.
[[nodiscard]] std::string shell_quote(std::string_view text);

/// `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_quote(std::string_view text);

/// The shortest decimal text that reads back as `number`, always with a point or an exponent;
/// "inf",
/// "-inf" and "nan" where there is none.
[[nodiscard]] std::string render_double(double number);

/// The offset of the first byte that is not valid UTF-8 (RFC 3629), or npos.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text);

}  // namespace konvoy::base

// Values as the text Python writes for them, and numbers read from text as Python reads them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "template/object.hpp"

namespace konvoy::templates {

/// Text of more bytes than this is refused: a template that makes it is a mistake or an attack.
inline constexpr std::size_t largest_text = std::size_t{16} << 20U;

/// str(number): "1.5", "3.0", "1e+16", "inf".
[[nodiscard]] std::string float_text(double number);

/// str(object): text as it is, everything else as repr_text(). Fails on undefined and on a text
/// beyond largest_text.
[[nodiscard]] Outcome<std::string> str_text(const Object& object);
/// The same where it is known to be short: for messages. Secrets show as `***`.
[[nodiscard]] std::string shown(const Object& object);

/// repr(object): 'text', [1, True], {'a': None}.
[[nodiscard]] Outcome<std::string> repr_text(const Object& object);

/// int(text, base) with underscores and white space as Python allows; nothing when it is none.
/// Decimal numbers beyond 64 bits become a BigInteger.
[[nodiscard]] std::optional<Object> parse_integer(std::string_view text, int base = 10);
/// float(text); nothing when it is none.
[[nodiscard]] std::optional<double> parse_float(std::string_view text);

}  // namespace konvoy::templates

// Filters that change text: case, ends, parts.
#include <fmt/format.h>

#include <array>

#include "base/encoding.hpp"
#include "template/access.hpp"
#include "template/builtins.hpp"
#include "template/operators.hpp"
#include "template/python_text.hpp"
#include "template/text_search.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

template <std::string (*change)(std::string_view)>
Result changed(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(const auto text, str_text(input));
  return Object(change(text));
}

// Jinja2 makes every word start with a capital letter; words end at blanks, dashes and brackets.
std::string title(std::string_view text) {
  std::string out;
  bool starts = true;
  for (const auto character : characters(text)) {
    const auto code = decode_code_point(character);
    append_code_point(out, starts ? upper_of(code) : lower_of(code));
    starts = is_space(code) || std::string_view("-([{<").find(character) != std::string_view::npos;
  }
  return out;
}

std::string html_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '\'': out += "&#39;"; break;
      case '"': out += "&#34;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string unchanged(std::string_view text) {
  return std::string(text);
}

std::string shell_word(std::string_view text) {
  if (text.empty()) return "''";
  static constexpr std::string_view safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (text.find_first_not_of(safe) == std::string_view::npos) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\"'\"'";
    } else {
      out += c;
    }
  }
  return out + "'";
}

Result to_text(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(auto text, str_text(input));
  return Object(std::move(text)).kept_as_text();
}

Result quote(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  if (input.is_none()) return Object("''");
  KONVOY_TRY(const auto text, str_text(input));
  return Object(shell_word(text));
}

Result trim(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"chars"}));
  KONVOY_TRY(const auto text, str_text(input));
  KONVOY_TRY(const auto set,
             bound.has(0) ? bound.text(0, "") : Outcome<std::string>(std::string()));
  return Object(strip(text, set));
}

Result replace(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"old", "new", "count"}, 2));
  KONVOY_TRY(const auto text, str_text(input));
  KONVOY_TRY(const auto from, str_text(*bound.find(0)));
  KONVOY_TRY(const auto to, str_text(*bound.find(1)));
  KONVOY_TRY(const auto most, bound.has(2) ? bound.integer(2, -1) : Outcome<std::int64_t>(-1));
  KONVOY_TRY(auto replaced, replace_text(text, from, to, most));
  return Object(std::move(replaced));
}

Result split(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"sep", "maxsplit"}));
  if (input.text() == nullptr) return misuse(fmt::format("needs text, not {}", input.type_name()));
  std::string separator;
  if (bound.has(0)) {
    KONVOY_TRY(separator, bound.text(0, ""));
    if (separator.empty()) return misuse("the separator is empty");
  }
  KONVOY_TRY(const auto most, bound.integer(1, -1));
  return Object::list(split_text(*input.text(), separator, most));
}

Result format(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto text, str_text(input));
  if (arguments.named.empty()) {
    return percent_format(text, Object::tuple(arguments.positional));
  }
  if (!arguments.positional.empty()) return misuse("takes values by place or by name, not both");
  Dict values;
  for (const auto& [name, value] : arguments.named) values.set(name, value);
  return percent_format(text, Object(std::move(values)));
}

Result wordcount(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(const auto text, str_text(input));
  return Object::length(split_text(text, {}, -1).size());
}

constexpr std::array filters = {
    Filter{"lower", changed<to_lower>},
    Filter{"upper", changed<to_upper>},
    Filter{"title", changed<title>},
    Filter{"capitalize", changed<capitalize>},
    Filter{"string", to_text},
    Filter{"safe", changed<unchanged>},
    Filter{"e", changed<html_escape>},
    Filter{"escape", changed<html_escape>},
    Filter{"trim", trim},
    Filter{"replace", replace},
    Filter{"split", split},
    Filter{"format", format},
    Filter{"quote", quote},
    Filter{"wordcount", wordcount},
};

}  // namespace

std::span<const Filter> text_filters() {
  return filters;
}

}  // namespace konvoy::templates

// Filters that lay text out: width, indentation, length.
#include <array>

#include "template/builtins.hpp"
#include "template/python_text.hpp"
#include "template/text_search.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

std::string first_characters(std::string_view text, std::int64_t count) {
  std::string out;
  for (const auto character : characters(text)) {
    if (count-- <= 0) break;
    out += character;
  }
  return out;
}

Result truncate(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"length", "killwords", "end", "leeway"}));
  KONVOY_TRY(const auto text, str_text(input));
  KONVOY_TRY(const auto length, bound.integer(0, 255));
  KONVOY_TRY(const auto end, bound.text(2, "..."));
  // Jinja2's policy: a text a little too long is left alone.
  KONVOY_TRY(const auto leeway, bound.has(3) ? bound.integer(3, 5) : Outcome<std::int64_t>(5));
  const auto end_size = static_cast<std::int64_t>(code_points(end));
  if (length < end_size) return misuse("the length is shorter than the end");
  if (static_cast<std::int64_t>(code_points(text)) - leeway <= length) return Object(text);
  auto kept = first_characters(text, length - end_size);
  if (!bound.truth(1, false)) kept = kept.substr(0, kept.rfind(' '));
  return Object(kept + end);
}

Outcome<std::string> indentation(const Bound& bound) {
  if (bound.find(0) != nullptr && bound.find(0)->text() != nullptr) return *bound.find(0)->text();
  KONVOY_TRY(const auto width, bound.integer(0, 4));
  return pad_text("", width, Side::left);
}

Result indent(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"width", "first", "blank"}));
  KONVOY_TRY(const auto text, str_text(input));
  KONVOY_TRY(const auto margin, indentation(bound));
  const bool blank = bound.truth(2, false);
  std::string out = bound.truth(1, false) ? margin : "";
  bool first = true;
  for (const auto& line : split_into_lines(text + "\n", false)) {
    if (!first) out += "\n";
    if (!first && (blank || !line.text()->empty())) out += margin;
    out += *line.text();
    first = false;
    if (out.size() > largest_text) return Failure(FailureKind::limit, "the text is too large");
  }
  return Object(std::move(out));
}

Result center(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"width"}));
  KONVOY_TRY(const auto text, str_text(input));
  KONVOY_TRY(const auto width, bound.integer(0, 80));
  KONVOY_TRY(auto out, pad_text(text, width, Side::centre));
  return Object(std::move(out));
}

constexpr std::array filters = {Filter{"truncate", truncate}, Filter{"indent", indent},
                                Filter{"center", center}};

}  // namespace

std::span<const Filter> layout_filters() {
  return filters;
}

}  // namespace konvoy::templates

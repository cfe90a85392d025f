// Filters between values and their encoded text: base64, JSON, YAML, URLs.
#include <fmt/format.h>

#include <array>

#include "base/encoding.hpp"
#include "json/reader.hpp"
#include "template/builtins.hpp"
#include "template/convert.hpp"
#include "template/json_text.hpp"
#include "template/python_text.hpp"
#include "yaml/reader.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

Result encode_base64(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {"encoding"}));
  KONVOY_TRY(const auto text, str_text(input));
  return Object(base::to_base64(text));
}

Result decode_base64(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {"encoding"}));
  KONVOY_TRY(const auto text, str_text(input));
  auto bytes = base::from_base64(text);
  if (!bytes) return misuse("the text is no base64");
  if (base::find_invalid_utf8(*bytes) != std::string::npos) {
    return misuse("the decoded bytes are no UTF-8 text");
  }
  return Object(std::move(*bytes));
}

template <bool nice>
Result to_json(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"indent", "sort_keys", "ensure_ascii"}));
  JsonStyle style{.indent = nice ? 4 : -1, .sort_keys = nice};
  if (bound.has(0)) {
    KONVOY_TRY(const auto indent, bound.integer(0, 4));
    if (indent < 0 || indent > 100) return misuse("the indentation is out of range");
    style.indent = static_cast<int>(indent);
  }
  style.sort_keys = bound.truth(1, nice);
  style.ascii = bound.truth(2, true);
  KONVOY_TRY(auto text, json_text(input, style));
  return Object(std::move(text)).kept_as_text();
}

Failure unreadable(std::string_view what, const base::Error& error) {
  return misuse(fmt::format("the text is no {}: {}", what, error.message()));
}

Result from_json(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  if (input.text() == nullptr) return misuse(fmt::format("needs text, not {}", input.type_name()));
  const auto value = json::parse("from_json", *input.text());
  if (!value) return unreadable("JSON", value.error());
  return to_object(*value);
}

Result from_yaml(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  if (input.text() == nullptr) return input;
  const auto document = yaml::parse("from_yaml", *input.text());
  if (!document) return unreadable("YAML", document.error());
  return to_object(document->value);
}

std::string url_quoted(std::string_view text, bool keeps_slash) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("_.-~").find(c) != std::string_view::npos ||
                       (c == '/' && keeps_slash);
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Result urlencode(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  const auto* dict = input.dict();
  if (dict == nullptr) {
    KONVOY_TRY(const auto text, str_text(input));
    return Object(url_quoted(text, true));
  }
  std::string out;
  for (const auto& [key, value] : dict->pairs()) {
    KONVOY_TRY(const auto name, str_text(key));
    KONVOY_TRY(const auto text, str_text(value));
    if (!out.empty()) out += '&';
    out += url_quoted(name, false) + "=" + url_quoted(text, false);
  }
  return Object(std::move(out));
}

constexpr std::array filters = {
    Filter{"b64encode", encode_base64}, Filter{"b64decode", decode_base64},
    Filter{"to_json", to_json<false>},  Filter{"to_nice_json", to_json<true>},
    Filter{"from_json", from_json},     Filter{"from_yaml", from_yaml},
    Filter{"urlencode", urlencode},
};

}  // namespace

std::span<const Filter> encoding_filters() {
  return filters;
}

}  // namespace konvoy::templates

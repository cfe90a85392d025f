#include "template/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "template/python_text.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

class JsonWriter {
 public:
  explicit JsonWriter(const JsonStyle& style) : style_(style) {}

  Outcome<std::string> write(const Object& object) {
    KONVOY_CHECK(put(object));
    return std::move(out_);
  }

 private:
  Outcome<void> put(const Object& object) {
    if (out_.size() > largest_text) return Failure(FailureKind::limit, "the text is too large");
    if (const auto* missing = object.undefined()) return missing->failure;
    if (const auto* text = object.text()) {
      put_text(*text);
    } else if (const auto* items = object.items()) {
      return put_items(*items);
    } else if (const auto* dict = object.dict()) {
      return put_dict(*dict);
    } else {
      KONVOY_TRY(const auto written, scalar(object));
      out_ += written;
    }
    return {};
  }

  static Outcome<std::string> scalar(const Object& object) {
    if (object.is_none()) return std::string("null");
    if (const auto* truth = object.boolean()) return std::string(*truth ? "true" : "false");
    if (const auto* number = object.floating(); number != nullptr && !std::isfinite(*number)) {
      return std::string(std::isnan(*number) ? "NaN" : *number < 0 ? "-Infinity" : "Infinity");
    }
    if (object.as_number() || object.big_integer() != nullptr) return repr_text(object);
    return misuse(fmt::format("a {} cannot be written as JSON", object.type_name()));
  }

  void put_text(std::string_view text) {
    out_ += '"';
    for (const auto character : characters(text)) {
      const auto code = decode_code_point(character);
      if (code == '"' || code == '\\') {
        out_ += '\\';
        out_ += character;
      } else if (code == '\n') {
        out_ += "\\n";
      } else if (code == '\r') {
        out_ += "\\r";
      } else if (code == '\t') {
        out_ += "\\t";
      } else if (code == '\b') {
        out_ += "\\b";
      } else if (code == '\f') {
        out_ += "\\f";
      } else if (code < 0x20 || (code > 0x7E && style_.ascii)) {
        put_escape(code);
      } else {
        out_ += character;
      }
    }
    out_ += '"';
  }

  void put_escape(char32_t code) {
    const auto unit = [this](char32_t value) {
      out_ += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(value));
    };
    if (code < 0x10000) return unit(code);
    unit(0xD800 + ((code - 0x10000) >> 10U));
    unit(0xDC00 + ((code - 0x10000) & 0x3FFU));
  }

  void line_break(bool first) {
    if (style_.indent < 0) {
      if (!first) out_ += ", ";
      return;
    }
    if (!first) out_ += ',';
    out_ += '\n';
    out_.append(static_cast<std::size_t>(style_.indent) * level_, ' ');
  }

  void close(char bracket) {
    --level_;
    if (style_.indent >= 0) {
      out_ += '\n';
      out_.append(static_cast<std::size_t>(style_.indent) * level_, ' ');
    }
    out_ += bracket;
  }

  Outcome<void> put_items(const Items& items) {
    if (items.empty()) {
      out_ += "[]";
      return {};
    }
    out_ += '[';
    ++level_;
    for (std::size_t i = 0; i < items.size(); ++i) {
      line_break(i == 0);
      KONVOY_CHECK(put(items[i]));
    }
    close(']');
    return {};
  }

  Outcome<void> put_dict(const Dict& dict) {
    if (dict.size() == 0) {
      out_ += "{}";
      return {};
    }
    std::vector<std::pair<std::string, const Object*>> pairs;
    for (const auto& [key, value] : dict.pairs()) {
      KONVOY_TRY(auto name, key.text() != nullptr ? str_text(key) : scalar(key));
      pairs.emplace_back(std::move(name), &value);
    }
    if (style_.sort_keys)
      std::ranges::stable_sort(pairs, {}, [](const auto& each) { return each.first; });
    out_ += '{';
    ++level_;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      line_break(i == 0);
      put_text(pairs[i].first);
      out_ += ": ";
      KONVOY_CHECK(put(*pairs[i].second));
    }
    close('}');
    return {};
  }

  JsonStyle style_;
  std::string out_;
  std::size_t level_ = 0;
};

}  // namespace

Outcome<std::string> json_text(const Object& object, const JsonStyle& style) {
  return JsonWriter(style).write(object);
}

}  // namespace konvoy::templates

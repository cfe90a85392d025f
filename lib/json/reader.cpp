#include "json/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "base/secret.hpp"

namespace konvoy::json {
namespace {

// Counts what the parser has taken, which it does not tell itself.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* taken) : at_(at), taken_(taken) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*taken_;
    return *this;
  }
  CountingIterator operator++(int) {
    auto old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  std::size_t* taken_;
};

// From offsets to lines and columns; offsets come in ascending order.
class Places {
 public:
  explicit Places(std::shared_ptr<const base::SourceText> source) : source_(std::move(source)) {}

  // The token that ends before `taken`: a string with its quotes, a number or word, a bracket.
  base::SourceSpan token_before(std::size_t taken) {
    const std::string_view text = source_->text;
    const std::size_t end = std::min(taken, text.size());
    std::size_t start = end == 0 ? 0 : end - 1;
    if (end > 0 && text[start] == '"') {
      while (start > 0 && !opens_string(text, --start)) {
      }
    } else {
      while (start > 0 && is_word(text[start]) && is_word(text[start - 1])) --start;
    }
    return span(start, end);
  }

  // Only the character behind a number shows its end, so the parser has taken that as well, unless
  // the text is over. A number's own last character is a digit.
  base::SourceSpan number_before(std::size_t taken) {
    const char last = taken == 0 ? '0' : source_->text[taken - 1];
    return token_before(last >= '0' && last <= '9' ? taken : taken - 1);
  }

  base::SourceSpan span(std::size_t start, std::size_t end) {
    const std::string_view text = source_->text;
    for (auto at = text.find('\n', counted_); at < start; at = text.find('\n', counted_)) {
      ++line_;
      counted_ = at + 1;
    }
    const auto column = code_points(text.substr(counted_, start - std::min(start, counted_))) + 1;
    const auto length = std::max<std::size_t>(code_points(text.substr(start, end - start)), 1);
    return {.source = source_,
            .line = line_,
            .column = static_cast<std::uint32_t>(column),
            .length = static_cast<std::uint32_t>(length)};
  }

 private:
  static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '+' || c == '-' ||
           c == '.';
  }
  // A quote with an even number of backslashes before it, read from the end of the string.
  static bool opens_string(std::string_view text, std::size_t at) {
    if (text[at] != '"') return false;
    std::size_t backslashes = 0;
    while (backslashes < at && text[at - backslashes - 1] == '\\') ++backslashes;
    return backslashes % 2 == 0;
  }
  static std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  }

  std::shared_ptr<const base::SourceText> source_;
  std::uint32_t line_ = 1;
  std::size_t counted_ = 0;  // where that line starts
};

// nlohmann's callbacks; returning false ends the parse.
class Builder {
 public:
  Builder(Places& places, const std::size_t& taken, const Limits& limits)
      : places_(places), taken_(taken), limits_(limits) {}

  bool null() { return add({nullptr, origin()}); }
  bool boolean(bool flag) { return add({flag, origin()}); }
  bool number_integer(std::int64_t number) { return add({number, number_origin()}); }
  bool number_unsigned(std::uint64_t number) {
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (number > largest) return add({static_cast<double>(number), number_origin()});
    return add({static_cast<std::int64_t>(number), number_origin()});
  }
  bool number_float(double number, const std::string& /*text*/) {
    return add({number, number_origin()});
  }
  bool string(std::string& text) {
    return add({std::move(text), origin(value::Quoting::double_quoted)});
  }
  bool binary(nlohmann::json::binary_t& /*bytes*/) { return false; }
  bool start_object(std::size_t /*size*/) { return open(true); }
  bool start_array(std::size_t /*size*/) { return open(false); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    auto& frame = frames_.back();
    auto span = places_.token_before(taken_);
    if (frame.map.find(name) != nullptr) {
      return fail(fmt::format("the key '{}' stands twice in one object", name), std::move(span),
                  "remove one of the two");
    }
    frame.key = {.key = std::move(name), .key_span = std::move(span)};
    return true;
  }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception& error) {
    const std::string_view what = error.what();
    const auto reason = what.rfind("; ");
    const auto at = position == 0 ? 0 : position - 1;
    const bool at_end = token.empty() || token == "<end of file>" ||
                        what.find("unexpected end of input") != what.npos;
    auto message = at_end ? std::string("the text ends too early")
                   : reason == what.npos
                       ? std::string("an unexpected character")
                       : fmt::format("an unexpected {}", expected_of(what.substr(reason + 2)));
    return fail(fmt::format("not JSON: {}", message), places_.span(at, at + 1), {});
  }

  [[nodiscard]] const std::optional<base::Diagnostic>& problem() const { return problem_; }
  value::Value& root() { return root_; }

 private:
  struct Frame {
    bool is_map = false;
    value::Origin origin;
    value::List items;
    value::Map map;
    value::Entry key;
  };

  // "expected ':'" is left of the library's sentence; the rest names its own tokens.
  static std::string expected_of(std::string_view reason) {
    return fmt::format("character or word; {}", reason);
  }

  value::Origin origin(value::Quoting quoting = value::Quoting::plain) {
    return {.span = places_.token_before(taken_), .quoting = quoting};
  }

  value::Origin number_origin() {
    return {.span = places_.number_before(taken_), .quoting = value::Quoting::plain};
  }

  bool open(bool is_map) {
    auto here = origin();
    if (frames_.size() >= limits_.depth) {
      return fail(fmt::format("nested deeper than {} levels", limits_.depth), std::move(here.span),
                  {});
    }
    frames_.push_back({.is_map = is_map, .origin = std::move(here)});
    return true;
  }

  bool close() {
    auto frame = std::move(frames_.back());
    frames_.pop_back();
    return add(frame.is_map ? value::Value(std::move(frame.map), std::move(frame.origin))
                            : value::Value(std::move(frame.items), std::move(frame.origin)));
  }

  bool add(value::Value made) {
    if (frames_.empty()) {
      root_ = std::move(made);
    } else if (auto& frame = frames_.back(); frame.is_map) {
      frame.key.value = std::move(made);
      frame.map.set(std::move(frame.key));
    } else {
      frame.items.push_back(std::move(made));
    }
    return true;
  }

  bool fail(std::string message, base::SourceSpan span, std::string hint) {
    problem_ = base::Diagnostic{.message = std::move(message),
                                .span = std::move(span),
                                .hint = std::move(hint),
                                .secret_excerpt = true};
    return false;
  }

  Places& places_;
  const std::size_t& taken_;
  const Limits& limits_;
  std::vector<Frame> frames_;
  value::Value root_;
  std::optional<base::Diagnostic> problem_;
};

// Whether a quoted line of this text could give a secret away. JSON puts much on one line, so the
// whole text is looked at.
bool may_hold_secret(std::string_view text) {
  for (auto quote = text.find("\":"); quote != text.npos; quote = text.find("\":", quote + 1)) {
    const auto open = text.rfind('"', quote - std::min<std::size_t>(quote, 1));
    if (open != text.npos && base::names_a_secret(text.substr(open + 1, quote - open - 1))) {
      return true;
    }
  }
  return false;
}

}  // namespace

base::Result<value::Value> parse(std::string name, std::string text, const Limits& limits) {
  if (text.size() > limits.bytes) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("'{}' is too large: {} bytes, at most {} are read", name,
                                   text.size(), limits.bytes));
  }
  auto source = std::make_shared<const base::SourceText>(
      base::SourceText{.name = std::move(name), .text = std::move(text)});
  Places places(source);
  if (const auto bad = base::find_invalid_utf8(source->text); bad != std::string::npos) {
    return base::Error(
        base::ErrorKind::input,
        base::Diagnostic{.message = fmt::format("the text is not UTF-8 at byte {}", bad),
                         .span = places.span(bad, bad + 1),
                         .secret_excerpt = true});
  }
  std::size_t taken = 0;
  Builder builder(places, taken, limits);
  const char* begin = source->text.data();
  const CountingIterator first(begin, &taken);
  const CountingIterator last(begin + source->text.size(), &taken);
  if (nlohmann::json::sax_parse(first, last, &builder)) return std::move(builder.root());
  auto problem = builder.problem().value_or(base::Diagnostic{.message = "not JSON"});
  problem.secret_excerpt = may_hold_secret(source->text);
  return base::Error(base::ErrorKind::input, std::move(problem));
}

}  // namespace konvoy::json

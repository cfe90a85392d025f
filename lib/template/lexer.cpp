#include "template/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "template/python_literal.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

// Longest first, so that "**" is never read as "*" and "*".
constexpr std::array<std::string_view, 26> operators = {
    "**", "//", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[",
    "]",  "(",  ")",  "{",  "}",  "<",  ">", "=", ".", ":", "|", ",", ";"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool starts_name(std::string_view text) {
  const auto code = decode_code_point(text);
  return code == '_' || is_letter(code);
}

Failure syntax(std::string message, std::string hint = {}) {
  return {FailureKind::syntax, std::move(message), std::move(hint)};
}

std::string_view closing_of(std::string_view open) {
  if (open == "(") return ")";
  return open == "[" ? "]" : "}";
}

class Lexer {
 public:
  explicit Lexer(std::string_view text)
      : text_(text),
        doubles_backslashes_(text.find('\\') != std::string_view::npos &&
                             text.find("{{") != std::string_view::npos) {}

  Outcome<std::vector<Token>> run() {
    while (at_ < text_.size()) KONVOY_CHECK(data_and_tag());
    add(TokenKind::end, {}, text_.size());
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] bool sees(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }

  [[nodiscard]] Region region(std::size_t begin, std::size_t end) const {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  void add(TokenKind kind, std::string text, std::size_t begin) {
    tokens_.push_back({kind, std::move(text), region(begin, at_)});
  }

  // Text up to the next tag, then that tag as a whole.
  Outcome<void> data_and_tag() {
    const auto begin = at_;
    auto tag = text_.find('{', at_);
    while (tag != std::string_view::npos &&
           (tag + 1 >= text_.size() ||
            std::string_view("{%#").find(text_[tag + 1]) == std::string_view::npos)) {
      tag = text_.find('{', tag + 1);
    }
    at_ = std::min(tag, text_.size());
    auto data = text_.substr(begin, at_ - begin);
    const auto opened = at_;
    const char kind = at_ < text_.size() ? text_[at_ + 1] : ' ';
    at_ += at_ < text_.size() ? 2 : 0;
    if (kind != ' ' && at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) {
      if (text_[at_] == '-') data = strip_right(data);
      ++at_;
    }
    if (!data.empty()) {
      tokens_.push_back({TokenKind::data, std::string(data), region(begin, opened)});
    }
    if (kind == '#') return comment(opened);
    if (kind == '{') return code(TokenKind::variable_begin, opened);
    if (kind == '%') return is_raw() ? raw(opened) : code(TokenKind::block_begin, opened);
    return {};
  }

  Outcome<void> comment(std::size_t opened) {
    const auto end = text_.find("#}", at_);
    if (end == std::string_view::npos) {
      return syntax("this comment is never closed", "end it with '#}'").at(region(opened, at_));
    }
    const char sign = end > at_ ? text_[end - 1] : ' ';
    at_ = end + 2;
    after_block(sign);
    return {};
  }

  // What a block's end takes along: all white space after '-', the newline after nothing.
  void after_block(char sign) {
    if (sign == '-') {
      at_ = text_.size() - strip_left(text_.substr(at_)).size();
    } else if (sign != '+' && sees("\n")) {
      ++at_;
    }
  }

  // The end of the tag `name` that starts at at_, where there is one: "raw -%}" and its like.
  struct TagEnd {
    bool found = false;
    std::size_t at = 0;
    char sign = ' ';
  };
  [[nodiscard]] TagEnd bare_tag(std::size_t from, std::string_view name) const {
    auto rest = strip_left(text_.substr(from));
    if (!rest.starts_with(name)) return {};
    rest = strip_left(rest.substr(name.size()));
    const char sign = rest.empty() ? ' ' : rest[0];
    if (sign == '-' || sign == '+') rest.remove_prefix(1);
    if (!rest.starts_with("%}")) return {};
    return {true, text_.size() - rest.size() + 2, sign};
  }

  [[nodiscard]] bool is_raw() const { return bare_tag(at_, "raw").found; }

  Outcome<void> raw(std::size_t opened) {
    const auto begin = bare_tag(at_, "raw");
    at_ = begin.at;
    if (begin.sign == '-') at_ = text_.size() - strip_left(text_.substr(at_)).size();
    const auto from = at_;
    for (auto tag = text_.find("{%", at_); tag != std::string_view::npos;
         tag = text_.find("{%", tag + 2)) {
      const auto next = tag + 2 < text_.size() ? text_[tag + 2] : ' ';
      const auto end = bare_tag(tag + (next == '-' || next == '+' ? 3 : 2), "endraw");
      if (!end.found) continue;
      auto data = text_.substr(from, tag - from);
      if (next == '-') data = strip_right(data);
      at_ = end.at;
      if (!data.empty()) add(TokenKind::data, std::string(data), from);
      after_block(end.sign);
      return {};
    }
    return syntax("this raw block is never closed", "end it with '{% endraw %}'")
        .at(region(opened, at_));
  }

  // Everything from after "{{" or "{%" to its end.
  Outcome<void> code(TokenKind begin, std::size_t opened) {
    add(begin, {}, opened);
    const bool variable = begin == TokenKind::variable_begin;
    while (true) {
      at_ = text_.size() - strip_left(text_.substr(at_)).size();
      if (at_ >= text_.size()) {
        return syntax(fmt::format("this '{}' is never closed", variable ? "{{" : "{%"),
                      fmt::format("end it with '{}'", variable ? "}}" : "%}"))
            .at(region(opened, opened + 2));
      }
      if (open_.empty() && ends_code(variable)) return {};
      KONVOY_CHECK(token(variable));
    }
  }

  bool ends_code(bool variable) {
    const std::string_view close = variable ? "}}" : "%}";
    const auto begin = at_;
    const char sign = text_[at_];
    if (!variable && sign == '+' && text_.substr(at_ + 1).starts_with(close)) {
      at_ += 3;
    } else if (sign == '-' && text_.substr(at_ + 1).starts_with(close)) {
      at_ += 3;
    } else if (sees(close)) {
      at_ += 2;
    } else {
      return false;
    }
    add(variable ? TokenKind::variable_end : TokenKind::block_end, {}, begin);
    if (sign == '-' || !variable) after_block(sign);
    return true;
  }

  Outcome<void> token(bool variable) {
    const auto rest = text_.substr(at_);
    if (is_digit(rest[0])) return number();
    if (starts_name(rest)) return name();
    if (rest[0] == '\'' || rest[0] == '"') return string(variable);
    return op();
  }

  Outcome<void> name() {
    const auto begin = at_;
    while (at_ < text_.size() && (is_digit(text_[at_]) || starts_name(text_.substr(at_)))) {
      at_ += code_point_bytes(text_.substr(at_));
    }
    add(TokenKind::name, std::string(text_.substr(begin, at_ - begin)), begin);
    return {};
  }

  std::size_t digits(std::size_t from) const {
    while (from < text_.size() &&
           (is_digit(text_[from]) ||
            (text_[from] == '_' && from + 1 < text_.size() && is_digit(text_[from + 1])))) {
      ++from;
    }
    return from;
  }

  Outcome<void> number() {
    const auto begin = at_;
    auto end = digits(at_);
    const char mark = end < text_.size() ? static_cast<char>(text_[end] | 0x20) : ' ';
    if (text_[begin] == '0' && end == begin + 1 && (mark == 'x' || mark == 'o' || mark == 'b')) {
      end = std::min(text_.find_first_not_of("0123456789abcdefABCDEF_", end + 1), text_.size());
      return finish_number(TokenKind::integer, begin, end);
    }
    bool real = false;
    const bool after_dot = begin > 0 && text_[begin - 1] == '.';
    if (!after_dot && end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1])) {
      end = digits(end + 1);
      real = true;
    }
    if (!after_dot && end < text_.size() && (text_[end] | 0x20) == 'e') {
      const bool sign = end + 1 < text_.size() && (text_[end + 1] == '-' || text_[end + 1] == '+');
      const auto exponent = end + (sign ? 2 : 1);
      if (exponent < text_.size() && is_digit(text_[exponent])) {
        end = digits(exponent);
        real = true;
      }
    }
    const bool octal_like =
        !real && text_[begin] == '0' &&
        text_.substr(begin, end - begin).find_first_not_of("0_") != std::string_view::npos;
    if (octal_like) {
      return syntax("a number does not start with 0", "write it without the leading zeros")
          .at(region(begin, end));
    }
    return finish_number(real ? TokenKind::floating : TokenKind::integer, begin, end);
  }

  Outcome<void> finish_number(TokenKind kind, std::size_t begin, std::size_t end) {
    at_ = end;
    add(kind, std::string(text_.substr(begin, end - begin)), begin);
    return {};
  }

  Outcome<void> string(bool variable) {
    const auto begin = at_;
    const char quote = text_[at_];
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) {
      return syntax("this text is never closed", fmt::format("end it with {}", quote))
          .at(region(begin, begin + 1));
    }
    const bool as_it_is = variable && doubles_backslashes_;
    if (as_it_is) end = text_.find(quote, begin + 1);
    const auto content = base::replace_all(text_.substr(begin + 1, end - begin - 1), "\r\n", "\n");
    at_ = end + 1;
    add(TokenKind::string, as_it_is ? content : unescape(content), begin);
    return {};
  }

  Outcome<void> op() {
    const auto begin = at_;
    const auto found = std::ranges::find_if(operators, [this](auto each) { return sees(each); });
    if (found == operators.end()) {
      const auto size = code_point_bytes(text_.substr(at_));
      return syntax(fmt::format("unexpected '{}' in a template", text_.substr(at_, size)))
          .at(region(begin, begin + size));
    }
    at_ += found->size();
    if (*found == "(" || *found == "[" || *found == "{") open_.push_back(*found);
    if (*found == ")" || *found == "]" || *found == "}") {
      if (open_.empty() || closing_of(open_.back()) != *found) {
        const auto expected = open_.empty()
                                  ? std::string()
                                  : fmt::format(", expected '{}'", closing_of(open_.back()));
        return syntax(fmt::format("unexpected '{}'{}", *found, expected)).at(region(begin, at_));
      }
      open_.pop_back();
    }
    add(TokenKind::op, std::string(*found), begin);
    return {};
  }

  std::string_view text_;
  bool doubles_backslashes_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  std::vector<std::string_view> open_;  // brackets inside the current tag
};

}  // namespace

Outcome<std::vector<Token>> tokenize(std::string_view text) {
  return Lexer(text).run();
}

bool may_be_template(std::string_view text) {
  for (auto at = text.find('{'); at != std::string_view::npos && at + 1 < text.size();
       at = text.find('{', at + 1)) {
    if (std::string_view("{%#").find(text[at + 1]) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace konvoy::templates

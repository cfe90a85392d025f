// The tokens of one template, read from front to back.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "template/lexer.hpp"

namespace konvoy::templates {

class TokenStream {
 public:
  explicit TokenStream(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  [[nodiscard]] const Token& current() const { return tokens_[at_]; }
  [[nodiscard]] const Token& ahead() const {
    return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_];
  }
  /// The current token, and on to the next.
  const Token& next() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }

  /// Goes on only when the current token is that one.
  bool skip_op(std::string_view op) { return current().is_op(op) && skip(); }
  bool skip_name(std::string_view name) { return current().is_name(name) && skip(); }

  /// Goes on, or fails with what stands there instead.
  [[nodiscard]] Outcome<void> expect_op(std::string_view op);
  [[nodiscard]] Outcome<void> expect(TokenKind kind);
  [[nodiscard]] Outcome<std::string> expect_name();

  /// "expected WANTED, found ..." at the current token.
  [[nodiscard]] Failure unexpected(std::string_view wanted) const;

  /// From `begin` to the end of the last token read.
  [[nodiscard]] Region since(Region begin) const;

 private:
  bool skip() {
    next();
    return true;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

/// What a message calls a token: "'|'", "the end of the expression".
[[nodiscard]] std::string describe(const Token& token);

}  // namespace konvoy::templates

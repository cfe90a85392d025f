#include "template/token_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace konvoy::templates {
namespace {

std::string_view describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::variable_end: return "'}}'";
    case TokenKind::block_end: return "'%}'";
    case TokenKind::name: return "a name";
    case TokenKind::end: return "the end of the template";
    default: return "an expression";
  }
}

}  // namespace

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::op:
    case TokenKind::name:
    case TokenKind::integer:
    case TokenKind::floating: return fmt::format("'{}'", token.text);
    case TokenKind::string: return "a text";
    default: return std::string(describe(token.kind));
  }
}

Outcome<void> TokenStream::expect_op(std::string_view op) {
  if (skip_op(op)) return {};
  return unexpected(fmt::format("'{}'", op));
}

Outcome<void> TokenStream::expect(TokenKind kind) {
  if (current().kind != kind) return unexpected(describe(kind));
  next();
  return {};
}

Outcome<std::string> TokenStream::expect_name() {
  if (current().kind != TokenKind::name) return unexpected("a name");
  return next().text;
}

Failure TokenStream::unexpected(std::string_view wanted) const {
  return Failure(FailureKind::syntax,
                 fmt::format("expected {}, found {}", wanted, describe(current())))
      .at(current().region);
}

Region TokenStream::since(Region begin) const {
  const auto end = at_ == 0 ? begin.end : tokens_[at_ - 1].region.end;
  return {begin.begin, std::max(end, begin.end)};
}

}  // namespace konvoy::templates

// A template's text cut into tokens, as Jinja2 3.1 cuts it under Ansible's settings: the newline
// after a block goes (trim_blocks), blanks before one stay, and inside {{ }} a backslash in a
// string means itself (Ansible doubles it there).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "template/failure.hpp"

namespace konvoy::templates {

enum class TokenKind {
  data,  ///< text outside all tags; `text` is what is to be written
  variable_begin,
  variable_end,
  block_begin,
  block_end,
  name,
  integer,
  floating,
  string,  ///< `text` is its content, escapes resolved
  op,      ///< `text` is one of + - * ** / // % ~ [ ] ( ) { } == != < <= > >= = . : | , ;
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;
  Region region;

  [[nodiscard]] bool is_op(std::string_view op) const {
    return kind == TokenKind::op && text == op;
  }
  [[nodiscard]] bool is_name(std::string_view name) const {
    return kind == TokenKind::name && text == name;
  }
};

/// The tokens of `text`, the last one of kind end. Fails with kind syntax.
[[nodiscard]] Outcome<std::vector<Token>> tokenize(std::string_view text);

/// Whether `text` has a mark that starts a template: "{{", "{%" or "{#".
[[nodiscard]] bool may_be_template(std::string_view text);

}  // namespace konvoy::templates

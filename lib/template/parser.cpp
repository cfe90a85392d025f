#include "template/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "template/expression_parser.hpp"
#include "template/token_stream.hpp"

namespace konvoy::templates {
namespace {

// Deeper blocks are refused: each needs stack, and nobody writes them.
constexpr int deepest = 50;

class TemplateParser {
 public:
  explicit TemplateParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Outcome<Block> parse() {
    KONVOY_TRY(auto block, parse_block({}));
    KONVOY_CHECK(expressions_.check_names());
    return block;
  }

 private:
  using Names = std::initializer_list<std::string_view>;

  // Statements up to a tag with one of `ends`; that tag's name is the current token then.
  Outcome<Block> parse_block(Names ends) {
    if (++depth_ > deepest) {
      return Failure(FailureKind::limit, "these blocks are nested too deeply")
          .at(tokens_.current().region);
    }
    Block block;
    while (true) {
      const auto token = tokens_.current();
      if (token.kind == TokenKind::end) {
        if (ends.size() != 0) return unfinished(ends);
        break;
      }
      tokens_.next();
      if (token.kind == TokenKind::data) {
        block.push_back({Data{token.text}, token.region});
      } else if (token.kind == TokenKind::variable_begin) {
        KONVOY_TRY(auto expression, expressions_.parse_with_commas());
        KONVOY_CHECK(tokens_.expect(TokenKind::variable_end));
        block.push_back({Print{std::move(expression)}, tokens_.since(token.region)});
      } else {
        const auto& name = tokens_.current();
        const bool ended =
            name.kind == TokenKind::name && std::ranges::find(ends, name.text) != ends.end();
        if (ended) break;
        KONVOY_TRY(auto statement, parse_statement(token.region));
        block.push_back(std::move(statement));
      }
    }
    --depth_;
    return block;
  }

  [[nodiscard]] Failure unfinished(Names ends) const {
    return Failure(FailureKind::syntax,
                   fmt::format("the template ends inside the block '{}'", open_.back().name),
                   fmt::format("add '{{% {} %}}'", *(ends.end() - 1)))
        .at(open_.back().region);
  }

  Outcome<Statement> parse_statement(Region begin) {
    if (tokens_.current().kind != TokenKind::name) return tokens_.unexpected("a tag's name");
    const auto name = tokens_.next().text;
    open_.push_back({name, tokens_.since(begin)});
    KONVOY_TRY(auto statement, dispatch(name));
    open_.pop_back();
    statement.region = tokens_.since(begin);
    return statement;
  }

  Outcome<Statement> dispatch(std::string_view name) {
    if (name == "if") return parse_if();
    if (name == "for") return parse_for();
    if (name == "set") return parse_set();
    if (name == "with") return parse_with();
    if (name == "macro") return parse_macro();
    if (name == "filter") return parse_filter_block();
    static constexpr std::array<std::string_view, 10> known = {
        "include", "import", "from",       "extends", "block",
        "call",    "do",     "autoescape", "break",   "continue"};
    if (std::ranges::find(known, name) != known.end()) {
      return Failure(FailureKind::unsupported, fmt::format("the tag '{}' is not supported", name))
          .at(open_.back().region);
    }
    return Failure(FailureKind::syntax, fmt::format("unknown tag '{}'", name),
                   "the tags are: if, for, set, with, macro, filter, raw")
        .at(open_.back().region);
  }

  Outcome<void> end_tag() { return tokens_.expect(TokenKind::block_end); }

  Outcome<void> close(std::string_view name) {
    if (!tokens_.skip_name(name)) return tokens_.unexpected(fmt::format("'{}'", name));
    return end_tag();
  }

  Outcome<Statement> parse_if() {
    If statement;
    const auto mark = expressions_.mark();
    do {
      If::Branch branch;
      KONVOY_TRY(branch.condition, expressions_.parse_with_commas(false));
      KONVOY_CHECK(end_tag());
      KONVOY_TRY(branch.body, parse_block({"elif", "else", "endif"}));
      statement.branches.push_back(std::move(branch));
    } while (tokens_.skip_name("elif"));
    if (tokens_.skip_name("else")) {
      KONVOY_CHECK(end_tag());
      KONVOY_TRY(statement.otherwise, parse_block({"endif"}));
    }
    KONVOY_CHECK(close("endif"));
    expressions_.forgive(mark);
    return Statement{std::move(statement), {}};
  }

  Outcome<Statement> parse_for() {
    For statement;
    KONVOY_TRY(statement.target, parse_target());
    if (!tokens_.skip_name("in")) return tokens_.unexpected("'in'");
    KONVOY_TRY(statement.iterable, expressions_.parse_with_commas(false));
    if (tokens_.skip_name("if")) {
      KONVOY_TRY(statement.condition, expressions_.parse());
    }
    if (tokens_.current().is_name("recursive")) {
      return Failure(FailureKind::unsupported, "a recursive loop is not supported")
          .at(tokens_.current().region);
    }
    KONVOY_CHECK(end_tag());
    KONVOY_TRY(statement.body, parse_block({"else", "endfor"}));
    if (tokens_.skip_name("else")) {
      KONVOY_CHECK(end_tag());
      KONVOY_TRY(statement.otherwise, parse_block({"endfor"}));
    }
    KONVOY_CHECK(close("endfor"));
    return Statement{std::move(statement), {}};
  }

  Outcome<Target> parse_target() {
    Target target;
    const bool bracketed = tokens_.skip_op("(");
    do {
      KONVOY_TRY(auto name, tokens_.expect_name());
      target.names.push_back(std::move(name));
    } while (tokens_.skip_op(",") && tokens_.current().kind == TokenKind::name &&
             !tokens_.current().is_name("in"));
    target.unpacks = target.names.size() > 1;
    if (bracketed) KONVOY_CHECK(tokens_.expect_op(")"));
    if (!target.unpacks && tokens_.skip_op(".")) {
      KONVOY_TRY(target.attribute, tokens_.expect_name());
    }
    return target;
  }

  Outcome<Statement> parse_set() {
    Set statement;
    KONVOY_TRY(statement.target, parse_target());
    if (tokens_.skip_op("=")) {
      KONVOY_TRY(statement.value, expressions_.parse_with_commas());
      KONVOY_CHECK(end_tag());
      return Statement{std::move(statement), {}};
    }
    KONVOY_CHECK(end_tag());
    KONVOY_TRY(statement.body, parse_block({"endset"}));
    KONVOY_CHECK(close("endset"));
    return Statement{std::move(statement), {}};
  }

  Outcome<Statement> parse_with() {
    With statement;
    while (tokens_.current().kind != TokenKind::block_end) {
      if (!statement.values.empty()) KONVOY_CHECK(tokens_.expect_op(","));
      KONVOY_TRY(auto name, tokens_.expect_name());
      KONVOY_CHECK(tokens_.expect_op("="));
      KONVOY_TRY(auto value, expressions_.parse());
      statement.values.emplace_back(std::move(name), std::move(value));
    }
    KONVOY_CHECK(end_tag());
    KONVOY_TRY(statement.body, parse_block({"endwith"}));
    KONVOY_CHECK(close("endwith"));
    return Statement{std::move(statement), {}};
  }

  Outcome<Statement> parse_macro() {
    Macro statement;
    KONVOY_TRY(statement.name, tokens_.expect_name());
    KONVOY_CHECK(tokens_.expect_op("("));
    while (!tokens_.skip_op(")")) {
      if (!statement.parameters.empty()) KONVOY_CHECK(tokens_.expect_op(","));
      Macro::Parameter parameter;
      KONVOY_TRY(parameter.name, tokens_.expect_name());
      if (tokens_.skip_op("=")) {
        KONVOY_TRY(parameter.fallback, expressions_.parse());
      }
      statement.parameters.push_back(std::move(parameter));
    }
    KONVOY_CHECK(end_tag());
    KONVOY_TRY(statement.body, parse_block({"endmacro"}));
    KONVOY_CHECK(close("endmacro"));
    return Statement{std::move(statement), {}};
  }

  Outcome<Statement> parse_filter_block() {
    FilterBlock statement;
    KONVOY_TRY(statement.use, expressions_.parse_filter({}));
    KONVOY_CHECK(end_tag());
    KONVOY_TRY(statement.body, parse_block({"endfilter"}));
    KONVOY_CHECK(close("endfilter"));
    return Statement{std::move(statement), {}};
  }

  struct OpenTag {
    std::string name;
    Region region;
  };

  TokenStream tokens_;
  ExpressionParser expressions_{tokens_};
  std::vector<OpenTag> open_;
  int depth_ = 0;
};

}  // namespace

Outcome<Block> parse_template(std::string_view text) {
  KONVOY_TRY(auto tokens, tokenize(text));
  return TemplateParser(std::move(tokens)).parse();
}

}  // namespace konvoy::templates

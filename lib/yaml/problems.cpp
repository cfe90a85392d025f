#include "yaml/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "yaml/places.hpp"

namespace konvoy::yaml {
namespace {

struct Translation {
  std::string_view theirs;  // how yaml-cpp 0.7 begins (exceptions.h, namespace ErrorMsg)
  std::string_view ours;
  std::string_view hint;
};

constexpr std::string_view quote_hint =
    "put the value into quotes if it has ': ', ' #' or a leading special character in it";

constexpr std::array<Translation, 18> translations = {{
    {"end of map not found", "this line does not fit into the map above it",
     "keys of one map start in the same column; a key needs ': ' after it"},
    {"end of map flow not found", "the map opened by '{' does not end",
     "close it with '}', and quote a value that has ',' or ': ' in it"},
    {"end of sequence not found", "this line does not fit into the list above it",
     "items of one list start with '- ' in the same column"},
    {"end of sequence flow not found", "the list opened by '[' does not end", "close it with ']'"},
    {"illegal map value", "a second ': ' in one line makes no sense here", quote_hint},
    {"illegal block entry", "a list item cannot stand here", "start it on a line of its own"},
    {"illegal flow end", "a closing bracket without an opening one", quote_hint},
    {"illegal tab when looking for indentation", "a tab indents this line",
     "indent with blanks: YAML allows no tabs"},
    {"illegal EOF in scalar", "the quoted text does not end", "close the quotes"},
    {"illegal character in scalar", "this character cannot stand here", quote_hint},
    {"illegal document indicator in scalar", "'---' or '...' inside a quoted text",
     "close the quotes before it, or indent the line"},
    {"unknown escape character", "an unknown escape sequence in a text in double quotes",
     "write '\\\\' for a backslash, or use single quotes"},
    {"unknown token", "a value cannot start with this character", "put the value into quotes"},
    {"the referenced anchor is not defined", "the alias names an anchor that is not set above it",
     "set it before with '&name', or quote a value that starts with '*'"},
    {"anchor not found after", "an anchor or alias without a name",
     "quote a value that starts with '&' or '*'"},
    {"alias not found after", "an anchor or alias without a name",
     "quote a value that starts with '&' or '*'"},
    {"illegal character found while scanning", "this name has a character that it may not have",
     "quote a value that starts with '&' or '*'"},
    {"invalid block in text", "a wrong header of a block text", "write '|', '|-', '>' or '>-'"},
}};

// What yaml-cpp cannot tell: a tab at the start of a line, or a key that stands deeper than the
// keys above it, end in the same complaint as two colons in one line.
std::optional<base::Diagnostic> indentation_problem(std::string_view message,
                                                    const base::SourceSpan& span) {
  if (!message.starts_with("illegal map value")) return std::nullopt;
  const auto line = line_of(span);
  const auto before = line.substr(0, span.column == 0 ? 0 : span.column - 1);
  const auto indentation = line.substr(0, line.find_first_not_of(" \t"));
  auto place = span;
  place.column = 1;
  place.length = static_cast<std::uint32_t>(std::max<std::size_t>(indentation.size(), 1));
  if (indentation.find('\t') != std::string_view::npos) {
    return problem_at(base::Severity::error, std::move(place), "a tab indents this line",
                      "indent with blanks: YAML allows no tabs");
  }
  if (before.find(": ") != std::string_view::npos || indentation.empty()) return std::nullopt;
  return problem_at(base::Severity::error, std::move(place),
                    "this key is indented deeper than the keys above it",
                    "keys of one map start in the same column");
}

}  // namespace

base::Diagnostic problem_at(base::Severity severity, base::SourceSpan span, std::string message,
                            std::string hint) {
  const bool secret = shows_secret(span);
  return {.severity = severity,
          .message = std::move(message),
          .span = std::move(span),
          .hint = std::move(hint),
          .secret_excerpt = secret};
}

base::Diagnostic syntax_problem(std::string_view message, base::SourceSpan span) {
  if (auto better = indentation_problem(message, span)) return *std::move(better);
  for (const auto& [theirs, ours, hint] : translations) {
    if (!message.starts_with(theirs)) continue;
    return problem_at(base::Severity::error, std::move(span), std::string(ours), std::string(hint));
  }
  return problem_at(base::Severity::error, std::move(span), fmt::format("not YAML: {}", message));
}

base::Diagnostic duplicate_key(const value::Entry& first, const value::Entry& second) {
  auto problem = problem_at(base::Severity::warning, second.key_span,
                            fmt::format("duplicate key '{}'; this one wins", second.key),
                            "remove one of the two");
  problem.notes.push_back(
      {.message = fmt::format("'{}' is first set here", first.key), .span = first.key_span});
  return problem;
}

base::Diagnostic merge_replaces_key(const value::Entry& explicit_key, base::SourceSpan merge) {
  auto problem =
      problem_at(base::Severity::warning, std::move(merge),
                 fmt::format("'<<' replaces the key '{}' set above it", explicit_key.key),
                 "put '<<' first, so that the keys of this map win");
  problem.notes.push_back({.message = fmt::format("'{}' is set here", explicit_key.key),
                           .span = explicit_key.key_span});
  return problem;
}

base::Diagnostic key_is_no_scalar(base::SourceSpan span, value::Kind kind) {
  return problem_at(base::Severity::error, std::move(span),
                    fmt::format("a {} cannot be the key of a map", value::name_of(kind)),
                    "a template must stand in quotes: \"{{ name }}\"");
}

}  // namespace konvoy::yaml

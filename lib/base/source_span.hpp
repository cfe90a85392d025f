// Where in the user's text something stands.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace konvoy::base {

/// A text as it was read, kept so that a message can quote it. `name` is what the user typed.
struct SourceText {
  std::string name;
  std::string text;
};

/// A place in a source. `line` and `column` count from 1, columns in Unicode code points; 0 means
/// "unknown" (a column) or "the whole source" (a line). `length` is the number of code points to
/// underline, at least 1.
struct SourceSpan {
  std::shared_ptr<const SourceText> source;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;

  /// The source's name; empty for a value that was made and not read.
  [[nodiscard]] const std::string& name() const;
  /// "name:line:column", without the parts that are unknown.
  [[nodiscard]] std::string location() const;

  /// Equal places in sources of the same name: the text itself is not compared.
  friend bool operator==(const SourceSpan& a, const SourceSpan& b) {
    return a.name() == b.name() && a.line == b.line && a.column == b.column && a.length == b.length;
  }
};

}  // namespace konvoy::base

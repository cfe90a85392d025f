// Private to the module: from yaml-cpp's marks to places in the user's text.
#pragma once

#include <yaml-cpp/mark.h>

#include <memory>
#include <string_view>

#include "base/source_span.hpp"
#include "value/value.hpp"

namespace konvoy::yaml {

/// Turns marks, which count bytes from 0, into spans, which count code points from 1. Asking in the
/// order of the text is fast.
class Places {
 public:
  explicit Places(std::shared_ptr<const base::SourceText> source) : source_(std::move(source)) {}

  [[nodiscard]] base::SourceSpan span_at(const YAML::Mark& mark, std::size_t length = 1) const;
  /// Span and quoting of the scalar at `mark`, past its anchor and tag. `value` is what yaml-cpp
  /// made of it: a plain scalar is as long as its value.
  [[nodiscard]] value::Origin scalar_at(const YAML::Mark& mark, std::string_view value) const;
  /// The text of the plain scalar at `mark` as it is written, up to white space or an indicator.
  [[nodiscard]] std::string_view word_at(const YAML::Mark& mark) const;

  /// Whether the quoted scalar at `mark` has its closing quote; true for all other scalars.
  /// yaml-cpp takes the end of a text for one.
  [[nodiscard]] bool ends_quote(const YAML::Mark& mark) const;

  [[nodiscard]] const std::shared_ptr<const base::SourceText>& source() const { return source_; }

 private:
  [[nodiscard]] std::size_t column_of(std::size_t offset, std::size_t line_start) const;

  std::shared_ptr<const base::SourceText> source_;
  // Where the last question ended: on a very long line, counting goes on from there.
  mutable std::size_t known_offset_ = 0;
  mutable std::size_t known_line_start_ = 0;
  mutable std::size_t known_column_ = 0;
};

/// The line of `span`, empty when there is none.
[[nodiscard]] std::string_view line_of(const base::SourceSpan& span);

/// Whether the line of `span` shows a value whose key names a secret: then a message must not quote
/// it.
[[nodiscard]] bool shows_secret(const base::SourceSpan& span);

}  // namespace konvoy::yaml

// One problem, told to a person: what is wrong, where, why, and what to do.
//
// A diagnostic is data. It is rendered once, at the edge (cli/terminal).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/source_span.hpp"

namespace konvoy::base {

enum class Severity { note, warning, error };

/// Something that helps to understand a diagnostic, perhaps with a place of its own.
struct Note {
  std::string message;
  std::optional<SourceSpan> span;
  bool operator==(const Note&) const = default;
};

/// `message` and `hint` start in lower case and end without a full stop; they quote the user's own
/// words in single quotes. `hint` is the remedy, empty when there is none.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string message;
  std::optional<SourceSpan> span;
  std::vector<Note> notes;
  std::string hint;
  /// The quoted line holds a secret: it is not shown.
  bool secret_excerpt = false;

  bool operator==(const Diagnostic&) const = default;
};

/// Whether escape sequences for colour are written.
enum class Colour { off, on };

/// `diagnostic` as text that ends with a newline: location, severity, message, the quoted line with
/// a caret, then notes and hint.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, Colour colour = Colour::off);

/// All of them in the order given, see sort_by_place().
[[nodiscard]] std::string render(const std::vector<Diagnostic>& diagnostics,
                                 Colour colour = Colour::off);

/// Stable order by source name, line and column; diagnostics without a place come last.
void sort_by_place(std::vector<Diagnostic>& diagnostics);

}  // namespace konvoy::base

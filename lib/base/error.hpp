// Why an operation gave no value: its kind and everything there is to tell the user.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"

namespace konvoy::base {

/// What went wrong, as a caller (and in the end the exit code) must tell apart.
enum class ErrorKind {
  usage,        ///< the command line is wrong
  input,        ///< a file, manifest or signature of the user's is wrong
  check,        ///< everything ran; what was checked does not pass
  run,          ///< something that had to work did not (a command, a disk, a package transaction)
  unreachable,  ///< a host could not be reached
  interrupted,  ///< the user stopped it
  internal,     ///< our own mistake
};

/// At least one diagnostic of severity error. Problems of one file come back together.
struct [[nodiscard]] Error {
  ErrorKind kind = ErrorKind::internal;
  std::vector<Diagnostic> diagnostics;

  Error(ErrorKind error_kind, Diagnostic diagnostic)
      : kind(error_kind), diagnostics{std::move(diagnostic)} {}
  Error(ErrorKind error_kind, std::vector<Diagnostic> all)
      : kind(error_kind), diagnostics(std::move(all)) {}
  Error(ErrorKind error_kind, std::string message, std::string hint = {})
      : Error(error_kind, Diagnostic{.message = std::move(message), .hint = std::move(hint)}) {}

  /// The first diagnostic's message: for a caller that puts it into a sentence of its own.
  [[nodiscard]] const std::string& message() const { return diagnostics.front().message; }

  /// The same error with `note` under its first diagnostic: what was being done when it happened.
  [[nodiscard]] Error with_note(std::string note) && {
    diagnostics.front().notes.push_back({.message = std::move(note)});
    return std::move(*this);
  }

  bool operator==(const Error&) const = default;
};

}  // namespace konvoy::base

// Private to the module: the sentences in which the reader complains.
#pragma once

#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "value/value.hpp"

namespace konvoy::yaml {

/// yaml-cpp's complaint `message` about the place `span`, in words that help.
[[nodiscard]] base::Diagnostic syntax_problem(std::string_view message, base::SourceSpan span);

/// A diagnostic at a place; the line is not quoted when it shows a secret.
[[nodiscard]] base::Diagnostic problem_at(base::Severity severity, base::SourceSpan span,
                                          std::string message, std::string hint = {});

[[nodiscard]] base::Diagnostic duplicate_key(const value::Entry& first, const value::Entry& second);
[[nodiscard]] base::Diagnostic merge_replaces_key(const value::Entry& explicit_key,
                                                  base::SourceSpan merge);
[[nodiscard]] base::Diagnostic key_is_no_scalar(base::SourceSpan span, value::Kind kind);

}  // namespace konvoy::yaml

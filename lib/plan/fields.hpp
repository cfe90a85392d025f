// Typed reading of a configuration that remembers every problem.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/step.hpp"
#include "value/value.hpp"

namespace konvoy::plan {

/// Reads values by dotted path ("fips.enabled"). A missing value or null gives the fallback; one of
/// another type is a problem and gives the fallback.
class Fields {
 public:
  explicit Fields(const value::Value& config) : config_(config) {}

  [[nodiscard]] Sourced<std::string> text(std::string_view path, std::string fallback = {});
  /// Like text(); missing or empty is a problem.
  [[nodiscard]] Sourced<std::string> required_text(std::string_view path);
  /// true, false, or what Ansible's `bool` filter takes for them ("yes", "True", 1).
  [[nodiscard]] Sourced<bool> flag(std::string_view path, bool fallback);
  [[nodiscard]] std::vector<std::string> texts(std::string_view path);
  /// The value itself, null when it is missing.
  [[nodiscard]] const value::Value* find(std::string_view path) const;

  void problem(std::string message, const base::SourceSpan& span, std::string hint = {});
  [[nodiscard]] std::vector<base::Diagnostic> take_problems() { return std::move(problems_); }

 private:
  const value::Value& config_;
  std::vector<base::Diagnostic> problems_;
};

}  // namespace konvoy::plan

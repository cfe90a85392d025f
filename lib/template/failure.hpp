// Why a template gave no value, while that is still being passed up inside the engine.
//
// A Failure is a handle: evaluations are many and failures few, so a result stays small. At the
// edge of a template it becomes a base::Error (place.hpp gives it its place in the file).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"

namespace konvoy::templates {

/// Bytes of a template's text, `end` not included.
struct Region {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Region&) const = default;
};

/// What went wrong, as far as the engine or a caller must tell it apart.
enum class FailureKind {
  undefined,     ///< a name, key or item is missing: `default` and `is defined` forgive it
  syntax,        ///< the text is no template
  unknown_name,  ///< no such filter or test
  recursion,     ///< a variable needs itself
  runtime,       ///< an operation does not fit its values
  limit,         ///< too deep, too long or too large
  unsupported,   ///< something Ansible can do and this engine does not
};

/// "undefined", "syntax", "nofilter", "recursion" or "runtime": the words of the corpus.
[[nodiscard]] std::string name_of(FailureKind kind);

class Failure {
 public:
  Failure(FailureKind kind, std::string message, std::string hint = {});

  [[nodiscard]] FailureKind kind() const { return state_->kind; }
  [[nodiscard]] const base::Diagnostic& diagnostic() const { return state_->diagnostic; }
  [[nodiscard]] const Region* region() const {
    return state_->has_region ? &state_->region : nullptr;
  }
  /// Whether the diagnostic has its place in a file already.
  [[nodiscard]] bool placed() const { return state_->diagnostic.span.has_value(); }

  /// The same failure at `region` of the template that is being run, unless it has a region there.
  [[nodiscard]] Failure at(Region region) const;
  /// The same failure at another region; in no region of the next template it passes.
  [[nodiscard]] Failure moved(Region region) const;
  [[nodiscard]] Failure without_region() const;
  /// The name that is undefined, where the failure is that; its close names are found late, when
  /// the failure is reported, for most undefined names meet a `default`.
  [[nodiscard]] const std::string& missing_name() const { return state_->missing_name; }
  [[nodiscard]] Failure with_missing_name(std::string name) const;
  /// The same failure with another diagnostic.
  [[nodiscard]] Failure with(base::Diagnostic diagnostic) const;

  [[nodiscard]] base::Error to_error() const;

 private:
  struct State {
    FailureKind kind;
    base::Diagnostic diagnostic;
    std::string missing_name;
    Region region;
    bool has_region = false;
  };
  explicit Failure(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;
};

/// A value or the Failure that took its place.
template <class T>
using Outcome = base::Result<T, Failure>;

/// A failure of kind runtime: an operation does not fit its values.
[[nodiscard]] Failure misuse(std::string message, std::string hint = {});

}  // namespace konvoy::templates

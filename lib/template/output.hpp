// What a template writes, piece by piece.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "template/object.hpp"

namespace konvoy::templates {

/// A single value keeps its shape to the end: Ansible would write it as text and read that back,
/// which gives the same value, but would lose which parts of it are secret.
class Output {
 public:
  [[nodiscard]] Outcome<void> write(std::string_view text);
  /// Fails when anything inside `object` is undefined. None is written as nothing.
  [[nodiscard]] Outcome<void> print(Object object);
  /// From here on everything written derives from a secret.
  void taint() { secret_ = true; }

  /// All of it, read as a literal where it looks like one.
  [[nodiscard]] Outcome<Object> finish() &&;
  /// All of it as text.
  [[nodiscard]] Outcome<Object> text() &&;

 private:
  [[nodiscard]] Outcome<void> append(const Object& object);
  [[nodiscard]] Outcome<void> flush_single();

  std::optional<Object> single_;  // the only piece so far
  std::string text_;
  bool empty_ = true;
  bool secret_ = false;
};

/// Fails with the first undefined object in `object`, at any depth.
[[nodiscard]] Outcome<void> check_defined(const Object& object);

/// What a template's single value becomes: None is an empty text, a number its text, a list or
/// map stays what it is.
[[nodiscard]] Outcome<Object> finish_value(const Object& object);

}  // namespace konvoy::templates

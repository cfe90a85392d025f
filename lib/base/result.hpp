// A value or the Error that took its place. Our own code throws nothing.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace konvoy::base {

/// `E` is what takes the place of the value: Error, or what a module tells among its own parts
/// (templates::Failure).
template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(*-explicit-*)
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(*-explicit-*)
  /// Lets `return derived_pointer;` serve a Result of the base pointer.
  template <class U>
  requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::remove_cvref_t<U>, T> &&
           !std::is_same_v<std::remove_cvref_t<U>, E> &&
           !std::is_same_v<std::remove_cvref_t<U>, Result>)
      Result(U&& value)  // NOLINT(*-explicit-*)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value; only when ok().
  [[nodiscard]] T& value() & { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& { return *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The error; only when not ok().
  [[nodiscard]] const E& error() const& { return *std::get_if<1>(&state_); }
  [[nodiscard]] E&& error() && { return std::move(*std::get_if<1>(&state_)); }

  bool operator==(const Result&) const = default;

 private:
  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  using value_type = void;

  Result() = default;
  Result(E error) : error_(std::move(error)) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const E& error() const& { return *error_; }
  [[nodiscard]] E&& error() && { return std::move(*error_); }

  bool operator==(const Result&) const = default;

 private:
  std::optional<E> error_;
};

}  // namespace konvoy::base

#define KONVOY_CONCAT_INNER(a, b) a##b
#define KONVOY_CONCAT(a, b) KONVOY_CONCAT_INNER(a, b)
#define KONVOY_TRY_NAMED(result, declaration, ...) \
  auto result = (__VA_ARGS__);                     \
  if (!result) return std::move(result).error();   \
  declaration = std::move(result).value()

/// KONVOY_TRY(auto text, read(path)); declares `text`, or returns the error of read() from here.
#define KONVOY_TRY(declaration, ...) \
  KONVOY_TRY_NAMED(KONVOY_CONCAT(konvoy_try_, __LINE__), declaration, __VA_ARGS__)

/// KONVOY_CHECK(write(path, text)); goes on, or returns the error from here. The value is dropped.
#define KONVOY_CHECK(...)                                                                         \
  do {                                                                                            \
    if (auto konvoy_check = (__VA_ARGS__); !konvoy_check) return std::move(konvoy_check).error(); \
  } while (false)

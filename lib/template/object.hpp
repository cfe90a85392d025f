// A value while a template is evaluated: what Python would have in its hands.
//
// It knows more than value::Value: tuples, keys that are not text, integers beyond 64 bits, names
// that are undefined but not yet used, and callables. Objects never change and share what they
// hold; `secret` marks what derives from a secret.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "template/failure.hpp"

namespace konvoy::templates {

class Object;
class Dict;
struct Macro;

using Items = std::vector<Object>;

/// A name, key or item that is missing; using it is the failure.
struct Undefined {
  Failure failure;
};
struct None {};
/// An integer that does not fit in 64 bits: it can be shown and compared, not computed with.
struct BigInteger {
  std::string digits;  ///< decimal, with a minus sign where it is negative
};
/// A method with the object it belongs to, or a global function: something to call.
struct Callable {
  enum class What { function, method, macro };
  What what = What::function;
  std::string name;
  std::shared_ptr<const Object> self;  ///< the object of a method
  const Macro* macro = nullptr;        ///< owned by the template
};
/// A `namespace()` of the running evaluation: the place of its cells.
struct NamespaceRef {
  std::size_t index = 0;
};

class Object {
 public:
  Object();                        ///< None
  Object(bool boolean);            // NOLINT(*-explicit-*)
  Object(std::int64_t integer);    // NOLINT(*-explicit-*)
  Object(double number);           // NOLINT(*-explicit-*)
  Object(std::string text);        // NOLINT(*-explicit-*)
  Object(std::string_view text);   // NOLINT(*-explicit-*)
  Object(const char* text);        // NOLINT(*-explicit-*)
  Object(Dict dict);               // NOLINT(*-explicit-*)
  Object(Undefined undefined);     // NOLINT(*-explicit-*)
  Object(BigInteger integer);      // NOLINT(*-explicit-*)
  Object(Callable callable);       // NOLINT(*-explicit-*)
  Object(NamespaceRef reference);  // NOLINT(*-explicit-*)
  static Object list(Items items);
  static Object tuple(Items items);
  static Object length(std::size_t count) { return {static_cast<std::int64_t>(count)}; }

  [[nodiscard]] bool is_none() const { return std::holds_alternative<None>(data_); }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&data_); }
  [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data_); }
  [[nodiscard]] const double* floating() const { return std::get_if<double>(&data_); }
  [[nodiscard]] const std::string* text() const;
  /// The items of a list, of a tuple, or of either.
  [[nodiscard]] const Items* list() const;
  [[nodiscard]] const Items* tuple() const;
  [[nodiscard]] const Items* items() const;
  [[nodiscard]] const Dict* dict() const;
  [[nodiscard]] const Undefined* undefined() const;
  [[nodiscard]] const BigInteger* big_integer() const;
  [[nodiscard]] const Callable* callable() const;
  [[nodiscard]] const NamespaceRef* namespace_ref() const {
    return std::get_if<NamespaceRef>(&data_);
  }

  /// An integer or a boolean as Python counts it (True is 1).
  [[nodiscard]] std::optional<std::int64_t> as_integer() const;
  /// Any number of at most 64 bits, booleans included.
  [[nodiscard]] std::optional<double> as_number() const;

  /// Whether this itself derives from a secret; what is inside may still do.
  [[nodiscard]] bool secret() const { return secret_; }
  /// Whether this or anything inside derives from a secret; found in constant time.
  [[nodiscard]] bool holds_secret() const;
  [[nodiscard]] Object with_secret(bool secret) const;

  /// A text that stays one even where it looks like a list or map: what `string` and `to_json`
  /// give (Ansible's NativeJinjaText).
  [[nodiscard]] bool stays_text() const { return stays_text_; }
  [[nodiscard]] Object kept_as_text() const;

  /// How many containers stand inside each other here: 0 for a scalar; found in constant time.
  [[nodiscard]] std::size_t depth() const;

  /// "text", "integer", "list" ...: the words messages use.
  [[nodiscard]] std::string_view type_name() const;
  /// "str", "int", "list" ...: Python's word.
  [[nodiscard]] std::string_view python_type() const;

 private:
  struct Sequence {
    Items items;
    bool holds_secret = false;
    std::size_t depth = 1;
  };
  static Sequence sequence(Items items);
  struct List : Sequence {};
  struct Tuple : Sequence {};
  [[nodiscard]] const Sequence* as_sequence() const;
  using Data = std::variant<None, bool, std::int64_t, double, std::shared_ptr<const std::string>,
                            std::shared_ptr<const List>, std::shared_ptr<const Tuple>,
                            std::shared_ptr<const Dict>, std::shared_ptr<const Undefined>,
                            std::shared_ptr<const BigInteger>, std::shared_ptr<const Callable>,
                            NamespaceRef>;

  Data data_;
  bool secret_ = false;
  bool stays_text_ = false;
};

/// Python's truth. An undefined object has none: the caller checks first.
[[nodiscard]] bool is_true(const Object& object);

/// Python's ==, where 1 == 1.0 == True. Undefined equals nothing: the caller checks first.
[[nodiscard]] bool equals(const Object& a, const Object& b);

/// Python's hash: equal objects have equal ones. Nothing for what cannot be a key (lists, dicts).
[[nodiscard]] std::optional<std::size_t> hash_of(const Object& object);

/// A dict: keys in the order in which they came, found in constant time.
class Dict {
 public:
  using Pair = std::pair<Object, Object>;

  /// The value under `key`, or null.
  [[nodiscard]] const Object* find(const Object& key) const;
  /// The same for a text, which need not become an object first.
  [[nodiscard]] const Object* find_text(std::string_view key) const;
  /// Sets `key`, in its old place if it was there. `key` must have a hash.
  void set(Object key, Object value);
  [[nodiscard]] const std::vector<Pair>& pairs() const { return pairs_; }
  [[nodiscard]] std::size_t size() const { return pairs_.size(); }
  [[nodiscard]] bool holds_secret() const { return holds_secret_; }
  [[nodiscard]] std::size_t depth() const { return depth_; }

 private:
  [[nodiscard]] std::size_t place_of(const Object& key) const;

  std::vector<Pair> pairs_;
  std::unordered_multimap<std::size_t, std::size_t> places_;  // filled from `indexed_from` keys on
  bool holds_secret_ = false;
  std::size_t depth_ = 1;
};

}  // namespace konvoy::templates

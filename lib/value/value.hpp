// The immutable tree that YAML, JSON, facts and templates all become.
//
// A Value knows where it was written, how it was quoted and whether it is secret. It is cheap to
// copy (its content is shared) and never changes; a changed tree is a new one that shares the rest.
// It is not a YAML node: no anchors, no tags, no styles beyond quoting.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/source_span.hpp"

namespace konvoy::value {

enum class Kind { null, boolean, integer, floating, string, list, map };

/// "null", "boolean", "integer", "number", "text", "list", "map": the words messages use.
[[nodiscard]] std::string_view name_of(Kind kind);

/// How a scalar stood in its file. `none`: it was made, not read.
enum class Quoting { none, plain, single_quoted, double_quoted, literal_block, folded_block };

class Value;
struct Entry;

/// A list's items in order.
using List = std::vector<Value>;

/// Keys in the order in which they were written, found in constant time. No key stands twice: the
/// last of equal keys given to the constructor wins, at the place of the first.
class Map {
 public:
  Map();
  explicit Map(std::vector<Entry> entries);
  Map(const Map&);
  Map(Map&&) noexcept;
  Map& operator=(const Map&);
  Map& operator=(Map&&) noexcept;
  ~Map();

  /// The value under `key`, or null when there is none.
  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] const Entry* find_entry(std::string_view key) const;
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const;

  /// Sets `key`, in its old place if it was there, else at the end. For building a map; a Value's
  /// map is constant.
  void set(Entry entry);
  void set(std::string key, Value value);

  /// Order does not count.
  friend bool operator==(const Map& a, const Map& b);

 private:
  struct Index;
  std::vector<Entry> entries_;
  std::unique_ptr<Index> index_;
};

/// What stands around a value in its file, and what it must not give away.
struct Origin {
  base::SourceSpan span;
  Quoting quoting = Quoting::none;
  bool secret = false;
};

class Value {
 public:
  Value();  ///< null
  Value(std::nullptr_t, Origin origin = {});
  Value(bool boolean, Origin origin = {});           // NOLINT(*-explicit-*)
  Value(std::int64_t integer, Origin origin = {});   // NOLINT(*-explicit-*)
  Value(int integer, Origin origin = {});            // NOLINT(*-explicit-*)
  Value(double number, Origin origin = {});          // NOLINT(*-explicit-*)
  Value(std::string text, Origin origin = {});       // NOLINT(*-explicit-*)
  Value(std::string_view text, Origin origin = {});  // NOLINT(*-explicit-*)
  Value(const char* text, Origin origin = {});       // NOLINT(*-explicit-*)
  Value(List items, Origin origin = {});             // NOLINT(*-explicit-*)
  Value(Map map, Origin origin = {});                // NOLINT(*-explicit-*)

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_map() const { return kind() == Kind::map; }
  [[nodiscard]] bool is_list() const { return kind() == Kind::list; }
  [[nodiscard]] bool is_string() const { return kind() == Kind::string; }

  /// The content, or null when the value is of another kind.
  [[nodiscard]] const bool* boolean() const;
  [[nodiscard]] const std::int64_t* integer() const;
  [[nodiscard]] const double* floating() const;
  [[nodiscard]] const std::string* string() const;
  [[nodiscard]] const List* list() const;
  [[nodiscard]] const Map* map() const;

  /// The value at a path of map keys ("fips.enabled"); null when a step is missing or no map.
  [[nodiscard]] const Value* at_path(std::string_view dotted_path) const;

  [[nodiscard]] const Origin& origin() const;
  [[nodiscard]] const base::SourceSpan& span() const { return origin().span; }
  [[nodiscard]] Quoting quoting() const { return origin().quoting; }
  /// Whether this node itself is secret; see also holds_secret().
  [[nodiscard]] bool is_secret() const { return origin().secret; }
  /// Whether this node or anything below it is secret.
  [[nodiscard]] bool holds_secret() const;

  /// The same content with another origin.
  [[nodiscard]] Value with_origin(Origin origin) const;
  /// The same content, marked as secret together with everything below it.
  [[nodiscard]] Value as_secret() const;

  /// Content alone: kind and data; 1, 1.0 and true are three different values. Origins do not
  /// count.
  friend bool operator==(const Value& a, const Value& b);

 private:
  using Content = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Map>;
  struct Node {
    Content content;
    Origin origin;
  };
  explicit Value(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  static Value make(Content content, Origin origin);

  std::shared_ptr<const Node> node_;
};

/// One key of a map. `key_kind` is what the key was before it became text (`80: http` has an
/// integer key).
struct Entry {
  std::string key;
  Value value;
  base::SourceSpan key_span;
  Kind key_kind = Kind::string;

  friend bool operator==(const Entry& a, const Entry& b) {
    return a.key == b.key && a.value == b.value;
  }
};

// Entry is complete only here.
inline std::size_t Map::size() const {
  return entries_.size();
}
inline bool Map::empty() const {
  return entries_.empty();
}

/// A scalar as people write it: null, true, 3, 2.5, text without quotes; lists and maps as one line
/// of JSON-like text. Secrets (at any depth) show as `***`.
[[nodiscard]] std::string to_display(const Value& value);

}  // namespace konvoy::value

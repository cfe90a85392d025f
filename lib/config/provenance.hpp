// What set each path of a configuration, and what it replaced.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/layer.hpp"
#include "value/value.hpp"

namespace konvoy::config {

/// A value as one layer set it; its place is the value's span.
struct Setting {
  value::Value value;
  LayerKind layer = LayerKind::defaults;
};

/// The setting that holds and those it replaced, the latest first.
struct Trace {
  Setting current;
  std::vector<Setting> replaced;
};

/// `parent.key`; a key with a dot or a quote in it, or an empty one, stands in double quotes.
[[nodiscard]] std::string join_path(std::string_view parent, std::string_view key);

/// Traces by path ("fips.enabled"). Lists are whole values: their items have no paths.
class Provenance {
 public:
  /// Null when nothing set `path`.
  [[nodiscard]] const Trace* find(std::string_view path) const;
  [[nodiscard]] std::size_t size() const { return traces_.size(); }

  /// `setting` holds at `path` and below; what held there before is replaced by it.
  void set(const std::string& path, const Setting& setting);
  /// Nothing holds at `path` and below any more.
  void remove(const std::string& path);

 private:
  void set_tree(const std::string& path, const Setting& setting);
  void forget_below(const std::string& path, const value::Value& old);

  std::unordered_map<std::string, Trace> traces_;
};

}  // namespace konvoy::config

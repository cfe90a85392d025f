// Reading fields of a JSON document so that every problem names its path. Not for other modules.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "value/value.hpp"

namespace konvoy::verify {

/// One value of the document with its path ("$.files[3].sha256"). Problems go to a list that all
/// readers of a document share; a field that has one reads as empty.
class JsonReader {
 public:
  JsonReader(const value::Value& value, std::string path, std::vector<base::Diagnostic>& problems)
      : value_(&value), path_(std::move(path)), problems_(&problems) {}

  enum class Need { optional, required };

  /// A text; empty when it is not there. `check` gives what is expected instead, or an empty text.
  std::string text(std::string_view key, Need need,
                   const std::function<std::string(const std::string&)>& check = {}) const;
  std::int64_t integer(std::string_view key, Need need) const;
  bool boolean(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  /// Calls `use` with the object under `key`, if there is one.
  void object(std::string_view key, Need need,
              const std::function<void(const JsonReader&)>& use) const;
  /// Calls `use` for each object of the list under `key`.
  void objects(std::string_view key, const std::function<void(const JsonReader&)>& use) const;

  /// Adds a problem with this value, or with its field `key`.
  void problem(std::string_view key, std::string message, std::string hint = {}) const;

 private:
  [[nodiscard]] const value::Value* find(std::string_view key, Need need) const;
  void expected(std::string_view key, std::string_view what, const value::Value& got) const;
  [[nodiscard]] std::string path_of(std::string_view key) const;

  const value::Value* value_;
  std::string path_;
  std::vector<base::Diagnostic>* problems_;
};

}  // namespace konvoy::verify

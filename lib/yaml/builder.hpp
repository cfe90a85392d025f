// Private to the module: builds a Value from yaml-cpp's events.
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/diagnostic.hpp"
#include "value/value.hpp"
#include "yaml/places.hpp"
#include "yaml/reader.hpp"

namespace konvoy::yaml {

/// Receives the events of one document. Events, unlike nodes, show every duplicate key, the true
/// place of an alias and how a scalar was quoted. After the first error of its own it ignores what
/// yaml-cpp still tells it; see failed().
class Builder final : public YAML::EventHandler {
 public:
  Builder(const Places& places, const Limits& limits) : places_(places), limits_(limits) {}

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& given) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

  [[nodiscard]] const value::Value& root() const { return root_; }
  [[nodiscard]] bool failed() const { return failed_; }
  /// Warnings, and the error when failed().
  [[nodiscard]] std::vector<base::Diagnostic>& diagnostics() { return diagnostics_; }

 private:
  // How much an alias to a value repeats.
  struct Weight {
    std::uint64_t values = 1;
    std::uint64_t text = 0;
    Weight& operator+=(const Weight& other) {
      values += other.values;
      text += other.text;
      return *this;
    }
  };
  struct Sized {
    value::Value value;
    Weight weight;
  };
  struct Frame {
    bool is_map = false;
    value::Origin origin;
    YAML::anchor_t anchor = 0;
    Weight weight;
    value::List items;
    value::Map map;
    value::Entry key;  // its value is to come
    bool has_key = false;
    bool key_merges = false;       // the key is a plain `<<`
    std::set<std::string> merged;  // keys that only `<<` has set
  };

  void open(bool is_map, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
  void close(bool is_map);
  [[nodiscard]] bool count_alias(const Weight& weight, const base::SourceSpan& span);
  void add_scalar(value::Value value, YAML::anchor_t anchor, std::string_view written);
  void add(Sized sized, YAML::anchor_t anchor, std::string_view written);
  void add_to_map(Frame& frame, Sized sized, std::string_view written);
  void take_key(Frame& frame, const value::Value& key, std::string_view written);
  void set_entry(Frame& frame, value::Entry entry);
  void merge(Frame& frame, const value::Value& value);
  void merge_map(Frame& frame, const value::Map& map, const base::SourceSpan& span);
  [[nodiscard]] value::Value read_tagged(const std::string& tag, const std::string& text,
                                         value::Origin origin);
  void warn_of_tag(const std::string& tag, const base::SourceSpan& span);
  void fail(base::Diagnostic diagnostic);

  const Places& places_;
  Limits limits_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, Sized> anchors_;
  std::set<YAML::anchor_t> open_anchors_;
  Weight by_alias_{.values = 0};
  value::Value root_;
  std::vector<base::Diagnostic> diagnostics_;
  bool failed_ = false;
};

}  // namespace konvoy::yaml

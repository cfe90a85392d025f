#include "yaml/builder.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/encoding.hpp"
#include "yaml/problems.hpp"
#include "yaml/scalar.hpp"

namespace konvoy::yaml {
namespace {

constexpr std::string_view core_tag = "tag:yaml.org,2002:";

// The text that a key of another kind becomes, below the top level.
std::string key_text(const value::Value& key, std::string_view written) {
  return key.is_string()                       ? *key.string()
         : key.kind() == value::Kind::floating ? std::string(written)
                                               : value::to_display(key);
}

std::string short_tag(const std::string& tag) {
  return tag.starts_with(core_tag) ? "!!" + tag.substr(core_tag.size()) : tag;
}

// yaml-cpp 0.7 gives the escapes \N and \_ as one byte (Escape() in its exp.cpp). They stand for
// U+0085 and U+00A0 (YAML 1.2.2, 5.7), which begin with the byte C2. Everything else in a text is
// UTF-8, as the whole file is.
std::string with_whole_escapes(std::string text) {
  for (auto bad = base::find_invalid_utf8(text); bad != std::string::npos;
       bad = base::find_invalid_utf8(text)) {
    if (text[bad] != '\x85' && text[bad] != '\xA0') break;
    text.insert(bad, 1, '\xC2');
  }
  return text;
}

}  // namespace

void Builder::OnDocumentStart(const YAML::Mark& /*mark*/) {}

void Builder::fail(base::Diagnostic diagnostic) {
  if (!failed_) diagnostics_.push_back(std::move(diagnostic));
  failed_ = true;
}

void Builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (failed_) return;
  // An empty value has no place of its own: its mark may be that of the next token.
  const auto written = places_.word_at(mark);
  const auto resolved = resolve_scalar(written);
  value::Origin origin = resolved.is_null() && !written.empty()
                             ? places_.scalar_at(mark, written)
                             : value::Origin{.quoting = value::Quoting::plain};
  if (!origin.span.source) {
    const bool after_key = !frames_.empty() && frames_.back().is_map && frames_.back().has_key;
    origin.span = after_key ? frames_.back().key.key_span : places_.span_at(mark);
  }
  add({.value = {nullptr, std::move(origin)}}, anchor, resolved.is_null() ? written : "");
}

void Builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (failed_) return;
  auto span = places_.span_at(mark, places_.word_at(mark).size());
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    fail(problem_at(base::Severity::error, std::move(span),
                    open_anchors_.contains(anchor) ? "the alias stands inside its own anchor"
                                                   : "the alias names an anchor that is not set"));
    return;
  }
  if (!count_alias(found->second.weight, span)) return;
  auto sized = found->second;
  auto origin = sized.value.origin();
  origin.span = std::move(span);
  sized.value = sized.value.with_origin(std::move(origin));
  const auto repeated = sized.value;  // keeps the text of a key alive while `sized` moves on
  add(std::move(sized), 0,
      repeated.is_string() ? std::string_view(*repeated.string()) : std::string_view());
}

bool Builder::count_alias(const Weight& weight, const base::SourceSpan& span) {
  by_alias_ += weight;
  const bool many = by_alias_.values > limits_.values_by_alias;
  if (!many && by_alias_.text <= limits_.text_by_alias) return true;
  const auto amount = many ? fmt::format("{} values", limits_.values_by_alias)
                           : fmt::format("{} bytes of text", limits_.text_by_alias);
  fail(problem_at(base::Severity::error, span,
                  fmt::format("the aliases of this file stand for more than {}", amount),
                  "write the values out, or split the file: nested aliases multiply"));
  return false;
}

void Builder::add_scalar(value::Value value, YAML::anchor_t anchor, std::string_view written) {
  add({.value = std::move(value), .weight = {.text = written.size()}}, anchor, written);
}

void Builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& given) {
  if (failed_) return;
  auto origin = places_.scalar_at(mark, given);
  if (!places_.ends_quote(mark)) {
    fail(problem_at(base::Severity::error, std::move(origin.span), "the quoted text does not end",
                    "close the quotes"));
    return;
  }
  const auto text = with_whole_escapes(given);
  if (tag == "?") {
    add_scalar(resolve_scalar(text, std::move(origin)), anchor, text);
  } else if (tag == "!") {
    add_scalar({text, std::move(origin)}, anchor, text);
  } else {
    add_scalar(read_tagged(tag, text, std::move(origin)), anchor, text);
  }
}

value::Value Builder::read_tagged(const std::string& tag, const std::string& text,
                                  value::Origin origin) {
  const auto name = short_tag(tag);
  if (name == "!!str") return {text, std::move(origin)};
  if (name == "!!binary") {
    if (auto bytes = base::from_base64(text)) return {*std::move(bytes), std::move(origin)};
    fail(problem_at(base::Severity::error, origin.span, "'!!binary' is followed by no base64"));
    return {};
  }
  auto resolved = resolve_scalar(text, origin);
  const auto kind = resolved.kind();
  if (name == "!!float" && kind == value::Kind::integer) {
    return {static_cast<double>(*resolved.integer()), std::move(origin)};
  }
  const bool fits = (name == "!!int" && kind == value::Kind::integer) ||
                    (name == "!!float" && kind == value::Kind::floating) ||
                    (name == "!!bool" && kind == value::Kind::boolean) ||
                    (name == "!!null" && kind == value::Kind::null);
  if (fits) return resolved;
  if (name == "!!int" || name == "!!float" || name == "!!bool" || name == "!!null") {
    fail(problem_at(base::Severity::error, origin.span,
                    fmt::format("the value is no {}, which its tag says it is", name.substr(2))));
    return {};
  }
  if (name != "!!timestamp") warn_of_tag(name, origin.span);
  return {text, std::move(origin)};
}

void Builder::warn_of_tag(const std::string& tag, const base::SourceSpan& span) {
  diagnostics_.push_back(
      problem_at(base::Severity::warning, span,
                 fmt::format("unknown tag '{}': the value is read without it", tag),
                 "remove the tag; vault values must be decrypted first"));
}

void Builder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value /*style*/) {
  open(false, mark, tag, anchor);
}

void Builder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) {
  open(true, mark, tag, anchor);
}

void Builder::OnSequenceEnd() {
  close(false);
}

void Builder::OnMapEnd() {
  close(true);
}

void Builder::open(bool is_map, const YAML::Mark& mark, const std::string& tag,
                   YAML::anchor_t anchor) {
  if (failed_) return;
  auto span = places_.span_at(mark);
  const auto kind = is_map ? value::Kind::map : value::Kind::list;
  if (!frames_.empty() && frames_.back().is_map && !frames_.back().has_key) {
    fail(key_is_no_scalar(std::move(span), kind));
    return;
  }
  if (frames_.size() >= limits_.depth) {
    fail(problem_at(base::Severity::error, std::move(span),
                    fmt::format("lists and maps are nested deeper than {} levels", limits_.depth)));
    return;
  }
  const auto name = short_tag(tag);
  if (name != "?" && name != "!" && name != "!!map" && name != "!!seq") warn_of_tag(name, span);
  if (anchor != 0) open_anchors_.insert(anchor);
  frames_.push_back({.is_map = is_map,
                     .origin = {.span = std::move(span), .quoting = value::Quoting::plain},
                     .anchor = anchor});
}

void Builder::close(bool is_map) {
  if (failed_ || frames_.empty()) return;
  auto frame = std::move(frames_.back());
  frames_.pop_back();
  if (frame.anchor != 0) open_anchors_.erase(frame.anchor);
  auto made = is_map ? value::Value(std::move(frame.map), std::move(frame.origin))
                     : value::Value(std::move(frame.items), std::move(frame.origin));
  add({.value = std::move(made), .weight = frame.weight}, frame.anchor, {});
}

void Builder::add(Sized sized, YAML::anchor_t anchor, std::string_view written) {
  if (failed_) return;
  if (anchor != 0) anchors_.insert_or_assign(anchor, sized);
  if (frames_.empty()) {
    root_ = std::move(sized.value);
    return;
  }
  auto& frame = frames_.back();
  if (frame.is_map) {
    add_to_map(frame, std::move(sized), written);
  } else {
    frame.weight += sized.weight;
    frame.items.push_back(std::move(sized.value));
  }
}

void Builder::add_to_map(Frame& frame, Sized sized, std::string_view written) {
  if (!frame.has_key) {
    take_key(frame, sized.value, written);
    return;
  }
  frame.has_key = false;
  frame.weight += sized.weight;
  if (frame.key_merges) {
    merge(frame, sized.value);
    return;
  }
  frame.key.value = std::move(sized.value);
  set_entry(frame, std::move(frame.key));
}

void Builder::take_key(Frame& frame, const value::Value& key, std::string_view written) {
  if (key.is_map() || key.is_list()) {
    fail(key_is_no_scalar(key.span(), key.kind()));
    return;
  }
  const bool top = frames_.size() == 1;
  frame.key = {.key = top && !key.is_string() ? std::string(written) : key_text(key, written),
               .key_span = key.span(),
               .key_kind = key.kind()};
  frame.key_merges = key.quoting() == value::Quoting::plain && frame.key.key == "<<";
  frame.has_key = true;
}

void Builder::set_entry(Frame& frame, value::Entry entry) {
  if (frame.merged.erase(entry.key) == 0) {
    if (const auto* first = frame.map.find_entry(entry.key)) {
      diagnostics_.push_back(duplicate_key(*first, entry));
    }
  }
  frame.map.set(std::move(entry));
}

void Builder::merge(Frame& frame, const value::Value& value) {
  const auto& span = frame.key.key_span;
  if (const auto* map = value.map()) {
    merge_map(frame, *map, span);
    return;
  }
  const auto* maps = value.list();
  if (maps == nullptr) {
    fail(problem_at(base::Severity::error, span, "'<<' needs a map, or a list of maps"));
    return;
  }
  // Backwards: of several maps the first wins.
  for (std::size_t i = maps->size(); i-- > 0;) {
    const auto& item = (*maps)[i];
    if (item.map() == nullptr) {
      fail(problem_at(base::Severity::error, item.span(), "'<<' needs a map, or a list of maps"));
      return;
    }
    merge_map(frame, *item.map(), span);
  }
}

void Builder::merge_map(Frame& frame, const value::Map& map, const base::SourceSpan& span) {
  for (const auto& entry : map.entries()) {
    const auto* old = frame.map.find_entry(entry.key);
    if (old != nullptr && !frame.merged.contains(entry.key) && !(old->value == entry.value)) {
      diagnostics_.push_back(merge_replaces_key(*old, span));
    }
    frame.merged.insert(entry.key);
    frame.map.set(entry);
  }
}

}  // namespace konvoy::yaml

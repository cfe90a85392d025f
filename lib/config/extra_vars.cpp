#include "config/extra_vars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "config/nested.hpp"
#include "json/reader.hpp"
#include "yaml/reader.hpp"

namespace konvoy::config {

void set_nested(value::Map& map, std::string_view dotted_path, value::Value value,
                const base::SourceSpan& key_span) {
  const auto dot = dotted_path.find('.');
  value::Entry entry{.key = std::string(dotted_path.substr(0, dot)), .key_span = key_span};
  if (dot == std::string_view::npos) {
    entry.value = std::move(value);
  } else {
    const auto* old = map.find(entry.key);
    auto below = old != nullptr && old->is_map() ? *old->map() : value::Map();
    set_nested(below, dotted_path.substr(dot + 1), std::move(value), key_span);
    entry.value = value::Value(std::move(below), {.span = key_span});
  }
  map.set(std::move(entry));
}

namespace {

constexpr std::string_view option = "--extra-vars";

base::SourceSpan place_in(const std::string& text, std::size_t offset, std::size_t length) {
  auto source = std::make_shared<base::SourceText>(
      base::SourceText{.name = std::string(option), .text = text});
  return {.source = std::move(source),
          .line = 1,
          .column = static_cast<std::uint32_t>(offset + 1),
          .length = static_cast<std::uint32_t>(std::max<std::size_t>(length, 1))};
}

// The items between commas; one in double quotes may hold commas, and quotes written twice
// (RFC 4180, which pflag's string slices follow).
std::vector<std::string> split_items(const std::string& argument) {
  std::vector<std::string> items(1);
  bool quoted = false;
  for (std::size_t i = 0; i < argument.size(); ++i) {
    const char c = argument[i];
    if (quoted && c == '"' && argument.compare(i, 2, "\"\"") == 0) {
      items.back() += '"';
      ++i;
    } else if (c == '"' && (quoted || items.back().empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      items.emplace_back();
    } else {
      items.back() += c;
    }
  }
  return items;
}

class Parser {
 public:
  explicit Parser(const ReadFile& read) : read_(read) {}

  void add(const std::string& argument) {
    const auto text = base::trim(argument);
    if (text.starts_with('{')) {
      add_value(json::parse(std::string(option), std::string(text)));
      return;
    }
    // A piece behind a comma may belong to the value before it, and that may be secret.
    bool secret = false;
    for (const auto& item : split_items(argument)) {
      secret = secret || base::names_a_secret(item.substr(0, item.find('=')));
      add_item(item, secret);
    }
  }

  base::Result<ExtraVars> finish() && {
    if (!errors_.empty()) return base::Error(kind_, std::move(errors_));
    return std::move(vars_);
  }

 private:
  void add_item(const std::string& item, bool secret) {
    if (item.starts_with('@')) {
      add_file(item.substr(1));
      return;
    }
    const auto equals = item.find('=');
    if (equals == std::string::npos) {
      fail({.message = fmt::format("'{}' sets no variable",
                                   secret ? base::masked : std::string_view(item)),
            .span = place_in(item, 0, item.size()),
            .hint = "write key=value, @FILE or a JSON object; when a value holds a comma, put the "
                    "whole item into double quotes: '\"key=a,b\"'",
            .secret_excerpt = secret});
      return;
    }
    if (!is_path(item.substr(0, equals))) {
      fail({.message = "the name of the variable is missing, or has an empty part",
            .span = place_in(item, 0, std::max<std::size_t>(equals, 1)),
            .hint = "write key=value, or a.b=value for a key of a map",
            .secret_excerpt = secret});
      return;
    }
    value::Map map;
    value::Value text(item.substr(equals + 1),
                      {.span = place_in(item, equals + 1, item.size() - equals - 1)});
    set_nested(map, item.substr(0, equals), std::move(text), place_in(item, 0, equals));
    vars_.layers.push_back({.kind = LayerKind::extra_vars, .value = value::Value(std::move(map))});
  }

  static bool is_path(const std::string& name) {
    return std::ranges::none_of(base::split(name, '.'), &std::string::empty);
  }

  void add_file(const std::string& path) {
    auto bytes = read_(path);
    if (!bytes) {
      fail(std::move(bytes).error());
    } else if (path.ends_with(".json")) {
      add_value(json::parse(path, std::move(bytes).value()));
    } else if (auto document = yaml::parse(path, std::move(bytes).value())) {
      std::ranges::move(document->warnings, std::back_inserter(vars_.warnings));
      add_value(std::move(document->value));
    } else {
      fail(std::move(document).error());
    }
  }

  void add_value(base::Result<value::Value> parsed) {
    if (!parsed) {
      fail(std::move(parsed).error());
      return;
    }
    vars_.layers.push_back({.kind = LayerKind::extra_vars, .value = std::move(parsed).value()});
  }

  void fail(base::Diagnostic problem) {
    fail(base::Error(base::ErrorKind::usage, std::move(problem)));
  }

  void fail(base::Error error) {
    if (errors_.empty()) kind_ = error.kind;
    std::ranges::move(error.diagnostics, std::back_inserter(errors_));
  }

  const ReadFile& read_;
  ExtraVars vars_;
  base::ErrorKind kind_ = base::ErrorKind::usage;
  std::vector<base::Diagnostic> errors_;
};

}  // namespace

base::Result<ExtraVars> parse_extra_vars(std::span<const std::string> arguments,
                                         const ReadFile& read) {
  Parser parser(read);
  for (const auto& argument : arguments) parser.add(argument);
  return std::move(parser).finish();
}

}  // namespace konvoy::config

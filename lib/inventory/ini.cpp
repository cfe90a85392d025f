#include "inventory/ini.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "inventory/connection.hpp"
#include "inventory/host_range.hpp"
#include "inventory/literal.hpp"
#include "inventory/words.hpp"

namespace konvoy::inventory {
namespace {

enum class Kind { hosts, children, vars };

// "[web:children] # note" in parts.
struct Section {
  std::string name;
  std::string kind;  // empty: hosts
};

std::optional<Section> parse_section(std::string_view line) {
  const auto close = line.find(']');
  if (!line.starts_with('[') || close == std::string_view::npos) return std::nullopt;
  const auto rest = base::trim(line.substr(close + 1));
  if (!rest.empty() && !rest.starts_with('#')) return std::nullopt;
  const auto inside = line.substr(1, close - 1);
  const auto colon = inside.find(':');
  Section section{.name = std::string(inside.substr(0, colon))};
  if (colon != std::string_view::npos) section.kind = inside.substr(colon + 1);
  const bool blank = inside.find_first_of(" \t") != std::string_view::npos;
  const bool half = colon != std::string_view::npos && section.kind.empty();
  return section.name.empty() || blank || half ? std::nullopt : std::optional(section);
}

class IniReader {
 public:
  explicit IniReader(std::shared_ptr<const base::SourceText> source) : source_(std::move(source)) {}

  base::Result<Draft> read() {
    group_ = &draft_.group("ungrouped", {});
    for (const auto& line : base::split_lines(source_->text)) {
      ++line_;
      raw_ = line;  // kept: places are counted from its start
      const auto text = base::trim(raw_);
      if (!text.empty() && text[0] != ';' && text[0] != '#') read_line(text);
    }
    check_declarations();
    if (!problems_.empty()) return base::Error(base::ErrorKind::input, std::move(problems_));
    return std::move(draft_);
  }

 private:
  base::SourceSpan span(std::string_view part) const {
    // Columns count code points: continuation bytes of UTF-8 (10xxxxxx) do not.
    const auto points = [](std::string_view bytes) {
      return static_cast<std::uint32_t>(std::ranges::count_if(
          bytes, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    };
    const auto at = static_cast<std::size_t>(part.data() - raw_.data());
    return {.source = source_,
            .line = line_,
            .column = points(std::string_view(raw_).substr(0, at)) + 1,
            .length = std::max(1U, points(part))};
  }

  void problem(std::string message, std::string_view part, std::string hint) {
    problems_.push_back(
        {.message = std::move(message), .span = span(part), .hint = std::move(hint)});
  }

  void read_line(std::string_view text) {
    if (const auto section = parse_section(text)) {
      start_section(*section, text);
    } else if (text.starts_with('[') && text.ends_with(']')) {
      problem(fmt::format("'{}' is no section", text), text,
              "write [group], [group:vars] or [group:children], without blanks");
    } else if (text.starts_with('[') && text.find(']') == std::string_view::npos) {
      problem(fmt::format("the section that '{}' begins does not end", text), text,
              "close it with ']'");
    } else if (kind_ == Kind::hosts) {
      read_hosts(text);
    } else if (kind_ == Kind::vars) {
      read_variable(text);
    } else {
      read_child(text);
    }
  }

  void start_section(const Section& section, std::string_view text) {
    static const std::vector<std::string> kinds{"hosts", "children", "vars"};
    const auto found = std::ranges::find(kinds, section.kind.empty() ? "hosts" : section.kind);
    if (found == kinds.end()) {
      auto hint = base::did_you_mean(section.kind, kinds);
      if (hint.empty()) hint = "write [group], [group:vars] or [group:children]";
      problem(fmt::format("unknown kind of section '{}'", section.kind), text, std::move(hint));
      return;
    }
    kind_ = found == kinds.begin() ? Kind::hosts : *found == "vars" ? Kind::vars : Kind::children;
    group_ = &draft_.group(section.name, span(text));
    if (kind_ != Kind::vars) {
      declared_.push_back(section.name);
    } else {
      mentions_.push_back({section.name, span(text), "has variables"});
    }
  }

  void read_hosts(std::string_view text) {
    auto words = split_shell_words(text, Comments::dropped);
    if (!words) return take_over(std::move(words).error(), text);
    if (words->empty()) return;
    const auto part_of = [&](std::size_t index) {
      const auto from = (*words)[index].offset;
      const auto to = index + 1 < words->size() ? (*words)[index + 1].offset : text.size();
      return base::trim(text.substr(from, to - from));
    };
    const auto& pattern = words->front().text;
    if (pattern == "---") {
      problem("this looks like YAML, but is read as an INI inventory", text,
              "give the file a name that ends in .yaml");
      return;
    }
    auto expanded = expand_host(pattern);
    if (!expanded) return take_over(std::move(expanded).error(), part_of(0));

    std::vector<value::Entry> vars;
    if (expanded->port != 0) {
      vars.push_back(entry("ansible_port", value::Value(int{expanded->port}), part_of(0)));
    }
    for (std::size_t i = 1; i < words->size(); ++i) {
      const auto& word = (*words)[i].text;
      const auto equals = word.find('=');
      if (equals == std::string::npos || equals == 0) {
        problem(fmt::format("expected variable=value behind the host, not '{}'", word), part_of(i),
                "one host stands on a line; quote values that hold blanks");
        continue;
      }
      vars.push_back(variable(word.substr(0, equals), word.substr(equals + 1), part_of(i)));
    }
    for (const auto& name : expanded->names) {
      auto& host = draft_.host(name, span(part_of(0)));
      for (const auto& var : vars) host.vars.set(var);
      Draft::add_host(*group_, name);
    }
  }

  void read_variable(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      problem(fmt::format("expected variable=value, not '{}'", text), text,
              "hosts stand below [group], variables below [group:vars]");
      return;
    }
    group_->vars.set(variable(std::string(base::trim(text.substr(0, equals))),
                              std::string(base::trim(text.substr(equals + 1))), text));
  }

  void read_child(std::string_view text) {
    const auto name = base::trim(text.substr(0, text.find('#')));
    if (name.empty() || name.find_first_of(": \t]") != std::string_view::npos) {
      problem(fmt::format("expected the name of a group, not '{}'", text), text,
              "one group stands on a line below [group:children]");
      return;
    }
    mentions_.push_back(
        {std::string(name), span(name), fmt::format("is a child of '{}'", group_->name)});
    Draft::add_child(*group_, std::string(name));
  }

  value::Entry variable(std::string key, const std::string& text, std::string_view part) const {
    const value::Origin origin{
        .span = span(part), .quoting = value::Quoting::plain, .secret = holds_password(key)};
    auto value = parse_literal(text, origin);
    if (origin.secret) value = value.as_secret();
    return entry(std::move(key), value, part);
  }

  value::Entry entry(std::string key, const value::Value& value, std::string_view part) const {
    const value::Origin origin{.span = span(part), .secret = value.is_secret()};
    return {.key = std::move(key), .value = value.with_origin(origin), .key_span = span(part)};
  }

  void take_over(base::Error error, std::string_view part) {
    for (auto& diagnostic : error.diagnostics) {
      diagnostic.span = span(part);
      problems_.push_back(std::move(diagnostic));
    }
  }

  void check_declarations() {
    declared_.insert(declared_.end(), {"all", "ungrouped"});
    for (const auto& [name, place, why] : mentions_) {
      if (std::ranges::find(declared_, name) != declared_.end()) continue;
      auto hint = base::did_you_mean(name, declared_);
      if (hint.empty()) hint = fmt::format("add a section [{}]", name);
      problems_.push_back(
          {.message = fmt::format("the group '{}' {}, but is not defined", name, why),
           .span = place,
           .hint = std::move(hint)});
    }
  }

  struct Mention {
    std::string name;
    base::SourceSpan span;
    std::string why;
  };

  std::shared_ptr<const base::SourceText> source_;
  Draft draft_;
  DraftGroup* group_ = nullptr;
  Kind kind_ = Kind::hosts;
  std::string raw_;
  std::uint32_t line_ = 0;
  std::vector<std::string> declared_;
  std::vector<Mention> mentions_;
  std::vector<base::Diagnostic> problems_;
};

}  // namespace

base::Result<Draft> parse_ini(const std::shared_ptr<const base::SourceText>& source) {
  return IniReader(source).read();
}

}  // namespace konvoy::inventory

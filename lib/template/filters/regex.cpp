// Filters with regular expressions.
#include "template/regex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "template/builtins.hpp"
#include "template/python_text.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

Result replace(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound,
             bind(arguments, {"pattern", "replacement", "ignorecase", "multiline"}));
  KONVOY_TRY(const auto text, str_text(input));
  KONVOY_TRY(const auto pattern, bound.text(0, ""));
  KONVOY_TRY(const auto replacement, bound.text(1, ""));
  KONVOY_TRY(const auto regex,
             Regex::compile(pattern, {bound.truth(2, false), bound.truth(3, false)}));
  KONVOY_TRY(auto replaced, regex.substitute(text, replacement));
  return Object(std::move(replaced));
}

// The groups that arguments like '\1' and '\g<name>' ask for.
Outcome<std::vector<std::size_t>> wanted_groups(const Regex& regex, const Arguments& arguments) {
  std::vector<std::size_t> wanted;
  for (std::size_t i = 1; i < arguments.positional.size(); ++i) {
    const auto* text = arguments.positional[i].text();
    if (text == nullptr || text->size() < 2 || (*text)[0] != '\\') {
      return misuse("a group is asked for as '\\1' or '\\g<name>'");
    }
    const bool named = text->starts_with("\\g<") && text->ends_with(">");
    const auto name = named ? text->substr(3, text->size() - 4) : text->substr(1);
    auto number = regex.group_number(name);
    if (const auto digits = parse_integer(name);
        !number && digits && digits->integer() != nullptr) {
      number = static_cast<std::size_t>(std::max<std::int64_t>(*digits->integer(), 0));
    }
    if (!number || *number > regex.group_count()) {
      return misuse(fmt::format("the pattern has no group '{}'", name));
    }
    wanted.push_back(*number);
  }
  return wanted;
}

Outcome<RegexFlags> flags_of(const Arguments& arguments) {
  RegexFlags flags;
  for (const auto& [name, value] : arguments.named) {
    if (name == "ignorecase") {
      flags.ignore_case = is_true(value);
    } else if (name == "multiline") {
      flags.multiline = is_true(value);
    } else {
      return misuse(fmt::format("has no argument '{}'", name),
                    "its arguments with a name are: ignorecase, multiline");
    }
  }
  return flags;
}

Object group_object(const std::optional<std::string>& group) {
  return group ? Object(*group) : Object();
}

Result search(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto flags, flags_of(arguments));
  KONVOY_TRY(const auto text, str_text(input));
  if (arguments.positional.empty() || arguments.positional.front().text() == nullptr) {
    return misuse("needs a regular expression");
  }
  KONVOY_TRY(const auto regex, Regex::compile(*arguments.positional.front().text(), flags));
  KONVOY_TRY(const auto wanted, wanted_groups(regex, arguments));
  KONVOY_TRY(const auto match, regex.search(text));
  if (!match) return Object();
  if (wanted.empty()) return Object(match->groups[0].value_or(""));
  Items groups;
  for (const auto number : wanted) groups.push_back(group_object(match->groups[number]));
  return Object::list(std::move(groups));
}

Result find_all(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"regex", "multiline", "ignorecase"}, 1));
  KONVOY_TRY(const auto text, str_text(input));
  KONVOY_TRY(const auto pattern, bound.text(0, ""));
  KONVOY_TRY(const auto regex,
             Regex::compile(pattern, {bound.truth(2, false), bound.truth(1, false)}));
  KONVOY_TRY(const auto matches, regex.find_all(text));
  Items found;
  for (const auto& match : matches) {
    if (match.groups.size() <= 2) {
      found.emplace_back(match.groups.back().value_or(""));
      continue;
    }
    Items groups;
    for (std::size_t i = 1; i < match.groups.size(); ++i) {
      groups.emplace_back(match.groups[i].value_or(""));
    }
    found.push_back(Object::tuple(std::move(groups)));
  }
  return Object::list(std::move(found));
}

Result escape(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"re_type"}));
  KONVOY_TRY(const auto type, bound.text(0, "python"));
  KONVOY_TRY(const auto text, str_text(input));
  if (type != "python" && type != "posix_basic") {
    return misuse(fmt::format("does not know the type '{}'", type));
  }
  const std::string_view special = type == "python" ? "()[]{}?*+-|^$\\.&~# \t\n\r\v\f" : "].[^$*\\";
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return Object(std::move(out));
}

constexpr std::array filters = {Filter{"regex_replace", replace}, Filter{"regex_search", search},
                                Filter{"regex_findall", find_all}, Filter{"regex_escape", escape}};

}  // namespace

std::span<const Filter> regex_filters() {
  return filters;
}

}  // namespace konvoy::templates

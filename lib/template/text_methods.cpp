#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "template/access.hpp"
#include "template/methods.hpp"
#include "template/python_text.hpp"
#include "template/text_search.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

template <std::string (*change)(std::string_view)>
Result changed(const Object& self, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  return Object(change(*self.text()));
}

template <std::string_view (*cut)(std::string_view, std::string_view)>
Result stripped(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"chars"}));
  if (!bound.has(0)) return Object(cut(*self.text(), {}));
  KONVOY_TRY(const auto set, bound.text(0, ""));
  return Object(set.empty() ? std::string_view(*self.text()) : cut(*self.text(), set));
}

template <Items (*cut)(std::string_view, std::string_view, std::int64_t)>
Result split(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"sep", "maxsplit"}));
  std::string separator;
  if (bound.has(0)) {
    KONVOY_TRY(separator, bound.text(0, ""));
    if (separator.empty()) return misuse("the separator of 'split' is empty");
  }
  KONVOY_TRY(const auto most, bound.integer(1, -1));
  return Object::list(cut(*self.text(), separator, most));
}

Result splitlines(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"keepends"}));
  return Object::list(split_into_lines(*self.text(), bound.truth(0, false)));
}

// Whether `text` starts (or ends) with the argument, or with one of a tuple of them.
template <bool at_start>
Result touches(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"text", "start", "end"}, 1));
  KONVOY_TRY(const auto start, bound.integer(1, 0));
  SliceBounds bounds{.start = start, .stop = {}, .step = {}};
  if (bound.has(2)) {
    KONVOY_TRY(bounds.stop, bound.integer(2, 0));
  }
  KONVOY_TRY(const auto part, slice_of(self, bounds));
  const std::string_view text = *part.text();
  const auto holds = [text](const std::string& edge) {
    return at_start ? text.starts_with(edge) : text.ends_with(edge);
  };
  if (const auto* edge = bound.find(0)->text()) return Object(holds(*edge));
  if (const auto* edges = bound.find(0)->tuple()) {
    return Object(std::ranges::any_of(*edges, [&holds](const Object& edge) {
      return edge.text() != nullptr && holds(*edge.text());
    }));
  }
  return misuse("needs a text or a tuple of texts");
}

enum class Find { first, last };

Outcome<std::int64_t> found_at(const Object& self, const Arguments& arguments, Find which) {
  KONVOY_TRY(const auto bound, bind(arguments, {"sub", "start", "end"}, 1));
  KONVOY_TRY(const auto what, bound.text(0, ""));
  SliceBounds bounds;
  if (bound.has(1)) {
    KONVOY_TRY(bounds.start, bound.integer(1, 0));
  }
  if (bound.has(2)) {
    KONVOY_TRY(bounds.stop, bound.integer(2, 0));
  }
  KONVOY_TRY(const auto part, slice_of(self, bounds));
  const std::string_view text = *part.text();
  const auto at = which == Find::first ? text.find(what) : text.rfind(what);
  if (at == std::string_view::npos) return std::int64_t{-1};
  auto start = bounds.start.value_or(0);
  const auto size = static_cast<std::int64_t>(code_points(*self.text()));
  if (start < 0) start = std::max<std::int64_t>(start + size, 0);
  return start + static_cast<std::int64_t>(code_points(text.substr(0, at)));
}

template <Find which, bool must>
Result find(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto at, found_at(self, arguments, which));
  if (must && at < 0) return misuse("the text to find is not there");
  return Object(at);
}

Result count(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"sub"}, 1));
  KONVOY_TRY(const auto what, bound.text(0, ""));
  if (what.empty()) return Object::length(code_points(*self.text()) + 1);
  return Object::length(split_text(*self.text(), what, -1).size() - 1);
}

Result replace(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"old", "new", "count"}, 2));
  KONVOY_TRY(const auto from, bound.text(0, ""));
  KONVOY_TRY(const auto to, bound.text(1, ""));
  KONVOY_TRY(const auto most, bound.integer(2, -1));
  KONVOY_TRY(auto replaced, replace_text(*self.text(), from, to, most));
  return Object(std::move(replaced));
}

Result join(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"iterable"}, 1));
  KONVOY_TRY(const auto items, iterate(*bound.find(0)));
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].text() == nullptr) {
      return misuse(fmt::format("item {} is {}, not text", i, items[i].type_name()));
    }
    if (i != 0) out += *self.text();
    out += *items[i].text();
    if (out.size() > largest_text) return Failure(FailureKind::limit, "the text is too large");
  }
  return Object(std::move(out));
}

template <Side side>
Result padded(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"width", "fillchar"}, 1));
  KONVOY_TRY(const auto width, bound.integer(0, 0));
  KONVOY_TRY(const auto fill, bound.text(1, " "));
  KONVOY_TRY(auto padded_text, pad_text(*self.text(), width, side, fill));
  return Object(std::move(padded_text));
}

Result zfill(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"width"}, 1));
  KONVOY_TRY(const auto width, bound.integer(0, 0));
  const std::string_view text = *self.text();
  const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
  KONVOY_TRY(const auto digits,
             pad_text(text.substr(sign ? 1 : 0), width - (sign ? 1 : 0), Side::right, "0"));
  return Object(std::string(text.substr(0, sign ? 1 : 0)) + digits);
}

template <bool (*holds)(char32_t)>
Result all_are(const Object& self, const Arguments&) {
  const auto all = characters(*self.text());
  return Object(!all.empty() && std::ranges::all_of(all, [](std::string_view each) {
    return holds(decode_code_point(each));
  }));
}

bool is_decimal(char32_t code) {
  return code >= '0' && code <= '9';
}
bool is_alphanumeric(char32_t code) {
  return is_decimal(code) || is_letter(code);
}

// Python's isupper()/islower(): at least one letter with a case, none of the other case.
template <bool upper>
Result is_case(const Object& self, const Arguments&) {
  bool any = false;
  for (const auto character : characters(*self.text())) {
    const auto code = decode_code_point(character);
    const bool is_upper = lower_of(code) != code;
    const bool is_lower = upper_of(code) != code;
    if (upper ? is_lower : is_upper) return Object(false);
    any = any || is_upper || is_lower;
  }
  return Object(any);
}

template <bool from_right>
Result partition(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"sep"}, 1));
  KONVOY_TRY(const auto what, bound.text(0, ""));
  if (what.empty()) return misuse("the separator of 'partition' is empty");
  const std::string_view text = *self.text();
  const auto at = from_right ? text.rfind(what) : text.find(what);
  if (at == std::string_view::npos) {
    if (from_right) return Object::tuple({Object(""), Object(""), Object(text)});
    return Object::tuple({Object(text), Object(""), Object("")});
  }
  return Object::tuple(
      {Object(text.substr(0, at)), Object(what), Object(text.substr(at + what.size()))});
}

template <bool at_start>
Result without_edge(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"edge"}, 1));
  KONVOY_TRY(const auto edge, bound.text(0, ""));
  std::string_view text = *self.text();
  if (at_start && text.starts_with(edge)) text.remove_prefix(edge.size());
  if (!at_start && text.ends_with(edge)) text.remove_suffix(edge.size());
  return Object(text);
}

std::string swap_case(std::string_view text) {
  std::string out;
  for (const auto character : characters(text)) {
    const auto code = decode_code_point(character);
    append_code_point(out, lower_of(code) != code ? lower_of(code) : upper_of(code));
  }
  return out;
}

constexpr std::array methods = {
    Method{"capitalize", changed<capitalize>},
    Method{"casefold", changed<to_lower>},
    Method{"center", padded<Side::centre>},
    Method{"count", count},
    Method{"encode", nullptr},
    Method{"endswith", touches<false>},
    Method{"expandtabs", nullptr},
    Method{"find", find<Find::first, false>},
    Method{"format", nullptr},
    Method{"format_map", nullptr},
    Method{"index", find<Find::first, true>},
    Method{"isalnum", all_are<is_alphanumeric>},
    Method{"isalpha", all_are<is_letter>},
    Method{"isascii", nullptr},
    Method{"isdecimal", all_are<is_decimal>},
    Method{"isdigit", all_are<is_decimal>},
    Method{"isidentifier", nullptr},
    Method{"islower", is_case<false>},
    Method{"isnumeric", all_are<is_decimal>},
    Method{"isprintable", nullptr},
    Method{"isspace", all_are<is_space>},
    Method{"istitle", nullptr},
    Method{"isupper", is_case<true>},
    Method{"join", join},
    Method{"ljust", padded<Side::left>},
    Method{"lower", changed<to_lower>},
    Method{"lstrip", stripped<strip_left>},
    Method{"maketrans", nullptr},
    Method{"partition", partition<false>},
    Method{"removeprefix", without_edge<true>},
    Method{"removesuffix", without_edge<false>},
    Method{"replace", replace},
    Method{"rfind", find<Find::last, false>},
    Method{"rindex", find<Find::last, true>},
    Method{"rjust", padded<Side::right>},
    Method{"rpartition", partition<true>},
    Method{"rsplit", split<split_text_right>},
    Method{"rstrip", stripped<strip_right>},
    Method{"split", split<split_text>},
    Method{"splitlines", splitlines},
    Method{"startswith", touches<true>},
    Method{"strip", stripped<strip>},
    Method{"swapcase", changed<swap_case>},
    Method{"title", changed<to_title>},
    Method{"translate", nullptr},
    Method{"upper", changed<to_upper>},
    Method{"zfill", zfill},
};

}  // namespace

const Method* find_text_method(std::string_view name) {
  const auto found = std::ranges::find(methods, name, &Method::name);
  return found == methods.end() ? nullptr : &*found;
}

}  // namespace konvoy::templates

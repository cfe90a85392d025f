#include "template/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <array>

#include "template/python_literal.hpp"
#include "template/python_text.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

// Steps of backtracking: a pattern that needs more is the kind that never ends.
constexpr std::uint32_t most_backtracking = 1'000'000;
constexpr std::uint32_t most_heap_kib = 16 * 1024;
constexpr std::size_t most_matches = 100'000;

using MatchData = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;
using MatchContext = std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)>;

std::string message_of(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

PCRE2_SPTR bytes_of(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data());
}

// Python's \Z is the very end, which PCRE2 calls \z.
std::string as_pcre2(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    out += pattern[i];
    if (pattern[i] != '\\' || i + 1 == pattern.size()) continue;
    ++i;
    out += pattern[i] == 'Z' ? 'z' : pattern[i];
  }
  return out;
}

}  // namespace

struct Regex::Code {
  explicit Code(pcre2_code* compiled) : code(compiled, &pcre2_code_free) {}
  std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)> code;
};

Outcome<Regex> Regex::compile(std::string_view pattern, RegexFlags flags) {
  if (pattern.size() > largest_text) return Failure(FailureKind::limit, "the pattern is too long");
  const auto text = as_pcre2(pattern);
  std::uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
  if (flags.ignore_case) options |= PCRE2_CASELESS;
  if (flags.multiline) options |= PCRE2_MULTILINE;
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto* code = pcre2_compile(bytes_of(text), text.size(), options, &error, &offset, nullptr);
  if (code == nullptr) {
    return misuse(fmt::format("'{}' is no regular expression: {} at byte {}", pattern,
                              message_of(error), offset));
  }
  return Regex(std::make_shared<const Code>(code));
}

Outcome<std::optional<RegexMatch>> Regex::run(std::string_view text, std::size_t from,
                                              std::uint32_t options) const {
  const MatchData data(pcre2_match_data_create_from_pattern(code_->code.get(), nullptr),
                       &pcre2_match_data_free);
  const MatchContext context(pcre2_match_context_create(nullptr), &pcre2_match_context_free);
  pcre2_set_match_limit(context.get(), most_backtracking);
  pcre2_set_heap_limit(context.get(), most_heap_kib);
  const int count = pcre2_match(code_->code.get(), bytes_of(text), text.size(), from, options,
                                data.get(), context.get());
  if (count == PCRE2_ERROR_NOMATCH) return std::optional<RegexMatch>();
  if (count == PCRE2_ERROR_MATCHLIMIT || count == PCRE2_ERROR_HEAPLIMIT ||
      count == PCRE2_ERROR_DEPTHLIMIT) {
    return Failure(FailureKind::limit, "the regular expression takes too long on this text",
                   "avoid repetitions inside repetitions, as in (a*)*");
  }
  if (count < 0) return misuse(fmt::format("cannot match: {}", message_of(count)));
  const auto* places = pcre2_get_ovector_pointer(data.get());
  RegexMatch match{.groups = {}, .begin = places[0], .end = std::max(places[0], places[1])};
  for (std::uint32_t i = 0; i < pcre2_get_ovector_count(data.get()); ++i) {
    const auto begin = places[2 * i];
    const auto end = places[2 * i + 1];
    if (begin == PCRE2_UNSET || static_cast<int>(i) >= count) {
      match.groups.emplace_back();
    } else {
      match.groups.emplace_back(text.substr(begin, end > begin ? end - begin : 0));
    }
  }
  return std::optional<RegexMatch>(std::move(match));
}

Outcome<std::optional<RegexMatch>> Regex::search(std::string_view text, std::size_t from) const {
  return run(text, from, 0);
}

Outcome<std::optional<RegexMatch>> Regex::match_start(std::string_view text) const {
  return run(text, 0, PCRE2_ANCHORED);
}

Outcome<std::vector<RegexMatch>> Regex::find_all(std::string_view text) const {
  std::vector<RegexMatch> all;
  std::size_t from = 0;
  std::uint32_t options = 0;
  while (from <= text.size()) {
    KONVOY_TRY(auto match, run(text, from, options));
    if (!match) {
      // An empty match was found here and no other: go on behind the next character.
      if (options == 0) break;
      options = 0;
      from += std::max<std::size_t>(code_point_bytes(text.substr(from)), 1);
      continue;
    }
    from = match->end;
    options = match->begin == match->end ? PCRE2_NOTEMPTY_ATSTART : 0;
    if (options != 0) options |= PCRE2_ANCHORED;
    all.push_back(std::move(*match));
    if (all.size() > most_matches) {
      return Failure(FailureKind::limit, "the regular expression matches too often");
    }
  }
  return all;
}

namespace {

// One piece of a replacement: text, or the number of a group.
struct Piece {
  std::string text;
  std::size_t group = 0;
  bool is_group = false;
};

class TemplateParser {
 public:
  TemplateParser(const Regex& regex, std::string_view text) : regex_(regex), rest_(text) {}

  Outcome<std::vector<Piece>> parse() {
    while (!rest_.empty()) {
      if (rest_[0] != '\\' || rest_.size() == 1) {
        add(rest_.substr(0, 1));
        rest_.remove_prefix(1);
        continue;
      }
      rest_.remove_prefix(1);
      KONVOY_CHECK(escape());
    }
    return std::move(pieces_);
  }

 private:
  void add(std::string_view text) {
    if (pieces_.empty() || pieces_.back().is_group) pieces_.emplace_back();
    pieces_.back().text += text;
  }

  Outcome<void> add_group(std::size_t number) {
    if (number > regex_.group_count()) {
      return misuse(fmt::format("the replacement uses group {}, the pattern has {}", number,
                                regex_.group_count()));
    }
    pieces_.push_back({{}, number, true});
    return {};
  }

  Outcome<void> escape() {
    const char c = rest_[0];
    if (c == 'g' && rest_.starts_with("g<")) return named_group();
    if (c >= '1' && c <= '9') {
      const bool two = rest_.size() > 1 && rest_[1] >= '0' && rest_[1] <= '9';
      const auto digits = rest_.substr(0, two ? 2 : 1);
      rest_.remove_prefix(digits.size());
      return add_group(static_cast<std::size_t>(*parse_integer(digits)->integer()));
    }
    const auto character = rest_.substr(0, code_point_bytes(rest_));
    rest_.remove_prefix(character.size());
    const auto plain = unescape("\\" + std::string(character));
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter && plain.size() != 1) {
      return misuse(fmt::format("the replacement has the unknown escape '\\{}'", c));
    }
    add(plain);
    return {};
  }

  Outcome<void> named_group() {
    const auto end = rest_.find('>');
    if (end == std::string_view::npos) return misuse("the replacement's '\\g<' is never closed");
    const std::string name(rest_.substr(2, end - 2));
    rest_.remove_prefix(end + 1);
    if (const auto number = regex_.group_number(name)) return add_group(*number);
    const auto number = parse_integer(name);
    if (number && number->integer() != nullptr && *number->integer() >= 0) {
      return add_group(static_cast<std::size_t>(*number->integer()));
    }
    return misuse(fmt::format("the pattern has no group '{}'", name));
  }

  const Regex& regex_;
  std::string_view rest_;
  std::vector<Piece> pieces_;
};

}  // namespace

Outcome<std::string> Regex::substitute(std::string_view text, std::string_view replacement) const {
  KONVOY_TRY(const auto pieces, TemplateParser(*this, replacement).parse());
  KONVOY_TRY(const auto matches, find_all(text));
  std::string out;
  std::size_t done = 0;
  for (const auto& match : matches) {
    out += text.substr(done, match.begin - done);
    for (const auto& piece : pieces) {
      out += piece.is_group ? match.groups[piece.group].value_or("") : piece.text;
    }
    done = match.end;
    if (out.size() > largest_text) return Failure(FailureKind::limit, "the text is too large");
  }
  out += text.substr(done);
  return out;
}

std::optional<std::size_t> Regex::group_number(const std::string& name) const {
  const int number = pcre2_substring_number_from_name(code_->code.get(),
                                                      reinterpret_cast<PCRE2_SPTR>(name.c_str()));
  if (number < 0) return std::nullopt;
  return static_cast<std::size_t>(number);
}

std::size_t Regex::group_count() const {
  std::uint32_t count = 0;
  pcre2_pattern_info(code_->code.get(), PCRE2_INFO_CAPTURECOUNT, &count);
  return count;
}

}  // namespace konvoy::templates

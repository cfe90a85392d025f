// Regular expressions as Python's re understands them, on PCRE2. The only user of that library.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "template/failure.hpp"

namespace konvoy::templates {

struct RegexFlags {
  bool ignore_case = false;
  bool multiline = false;  ///< ^ and $ at each line
};

/// One match: group 0 is all of it; a group that took no part is empty.
struct RegexMatch {
  std::vector<std::optional<std::string>> groups;
  std::size_t begin = 0;  ///< bytes
  std::size_t end = 0;
};

/// A compiled expression. Matching gives up with a failure of kind limit when it would take
/// unreasonably long.
class Regex {
 public:
  /// Fails with the library's words and the place in the pattern.
  [[nodiscard]] static Outcome<Regex> compile(std::string_view pattern, RegexFlags flags = {});

  /// The first match at or after the byte `from`.
  [[nodiscard]] Outcome<std::optional<RegexMatch>> search(std::string_view text,
                                                          std::size_t from = 0) const;
  /// A match that begins at the start of `text`.
  [[nodiscard]] Outcome<std::optional<RegexMatch>> match_start(std::string_view text) const;
  /// re.sub(): all matches replaced; \1, \g<1> and \g<name> in `replacement` are groups.
  [[nodiscard]] Outcome<std::string> substitute(std::string_view text,
                                                std::string_view replacement) const;
  /// All matches that do not overlap.
  [[nodiscard]] Outcome<std::vector<RegexMatch>> find_all(std::string_view text) const;

  /// The number of the group called `name`; nothing when there is none.
  [[nodiscard]] std::optional<std::size_t> group_number(const std::string& name) const;
  /// Groups without the whole match.
  [[nodiscard]] std::size_t group_count() const;

 private:
  struct Code;
  explicit Regex(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
  [[nodiscard]] Outcome<std::optional<RegexMatch>> run(std::string_view text, std::size_t from,
                                                       std::uint32_t options) const;

  std::shared_ptr<const Code> code_;
};

}  // namespace konvoy::templates

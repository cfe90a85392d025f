// Small operations on text that the standard library lacks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace konvoy::base {

/// The parts between separators; an empty text has one empty part.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
/// The parts between runs of white space; no empty parts.
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);
/// The lines without their "\n" or "\r\n"; a final newline adds no empty line.
[[nodiscard]] std::vector<std::string> split_lines(std::string_view text);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);

[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string replace_all(std::string_view text, std::string_view what,
                                      std::string_view with);

/// Whether `text` matches a shell pattern with `*`, `?` and `[...]`; `*` also crosses slashes.
[[nodiscard]] bool matches_glob(std::string_view text, std::string_view pattern);

/// How versions of packages and kernels compare: <0, 0 or >0. Runs of digits compare as numbers,
/// runs of letters as text, other characters only separate, `~` sorts before everything, even the
/// end (rpm's rpmvercmp: lib/rpmvercmp.c).
[[nodiscard]] int compare_versions(std::string_view a, std::string_view b);

}  // namespace konvoy::base

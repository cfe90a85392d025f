#include "boot/command_line.hpp"

#include <algorithm>

namespace konvoy::boot {
namespace {

/// One argument and the white space before it.
struct Word {
  std::string space;
  std::string text;
};

/// A command line in pieces that, put together again, are the text it came from.
struct Words {
  std::vector<Word> kernel;  ///< up to "--"
  std::string rest;          ///< "--" and what follows, or trailing white space
};

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// The end of the word at `begin`: a space inside double quotes does not end it.
std::size_t word_end(std::string_view text, std::size_t begin) {
  bool quoted = false;
  std::size_t end = begin;
  while (end < text.size() && (quoted || !is_space(text[end]))) {
    if (text[end] == '"') quoted = !quoted;
    ++end;
  }
  return end;
}

Words split(std::string_view text) {
  Words words;
  std::size_t at = 0;
  while (true) {
    std::size_t begin = at;
    while (begin < text.size() && is_space(text[begin])) ++begin;
    const std::size_t end = word_end(text, begin);
    const auto word = text.substr(begin, end - begin);
    if (word.empty() || word == "--") break;
    words.kernel.push_back({std::string(text.substr(at, begin - at)), std::string(word)});
    at = end;
  }
  words.rest = text.substr(at);
  return words;
}

std::string join(const Words& words) {
  std::string text;
  for (const auto& word : words.kernel) text += word.space + word.text;
  return text + words.rest;
}

char fold_dash(char c) {
  return c == '-' ? '_' : c;
}

bool same_key(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, fold_dash, fold_dash);
}

/// `word` without the quote before the key: "fips=1" and fips="1" are the same to the kernel.
std::string_view without_opening_quote(std::string_view word) {
  return word.starts_with('"') ? word.substr(1) : word;
}

bool has_key(const Word& word, std::string_view key) {
  const auto text = without_opening_quote(word.text);
  return same_key(text.substr(0, text.find_first_of("=\"")), key);
}

std::string value_of(const Word& word) {
  auto text = without_opening_quote(word.text);
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {};
  text.remove_prefix(equals + 1);
  if (text.starts_with('"')) text.remove_prefix(1);
  if (text.ends_with('"')) text.remove_suffix(1);
  return std::string(text);
}

std::string render(const ArgumentChange& change) {
  if (change.value->empty()) return change.key;
  const bool quote = std::ranges::any_of(*change.value, is_space);
  const std::string_view mark = quote ? "\"" : "";
  return change.key + "=" + std::string(mark) + *change.value + std::string(mark);
}

/// The first word of a removed run hands its white space to nobody; a word that becomes the first
/// one must not start the text with white space that was between two words.
void erase_word(std::vector<Word>& words, std::size_t index) {
  if (index == 0 && words.size() > 1) words[1].space = words[0].space;
  words.erase(words.begin() + static_cast<std::ptrdiff_t>(index));
}

/// Puts a word last; before one whose quote is never closed, which would take it in.
void append_word(Words& words, std::string text) {
  auto& kernel = words.kernel;
  if (kernel.empty()) {
    kernel.push_back({"", std::move(text)});
    if (words.rest.starts_with("--")) words.rest.insert(0, " ");
  } else if (std::ranges::count(kernel.back().text, '"') % 2 == 0) {
    kernel.push_back({" ", std::move(text)});
  } else {
    Word open{" ", std::move(kernel.back().text)};
    kernel.back().text = std::move(text);
    kernel.push_back(std::move(open));
  }
}

void apply(Words& words, const ArgumentChange& change) {
  bool kept = !change.value.has_value();
  for (std::size_t i = 0; i < words.kernel.size();) {
    if (!has_key(words.kernel[i], change.key)) {
      ++i;
    } else if (kept) {
      erase_word(words.kernel, i);
    } else {
      kept = true;
      if (value_of(words.kernel[i]) != *change.value) words.kernel[i].text = render(change);
      ++i;
    }
  }
  if (kept) return;
  append_word(words, render(change));
}

bool contradicts(const Word& word, const ArgumentChange& change) {
  return has_key(word, change.key) && (!change.value || value_of(word) != *change.value);
}

}  // namespace

std::vector<std::string> split_arguments(std::string_view text) {
  std::vector<std::string> arguments;
  for (auto& word : split(text).kernel) arguments.push_back(std::move(word.text));
  return arguments;
}

std::optional<std::string> find_argument(std::string_view text, std::string_view key) {
  const auto words = split(text).kernel;
  const auto found = std::find_if(words.rbegin(), words.rend(),
                                  [&](const Word& word) { return has_key(word, key); });
  if (found == words.rend()) return std::nullopt;
  return value_of(*found);
}

std::string change_arguments(std::string_view text, const std::vector<ArgumentChange>& changes) {
  Words words = split(text);
  for (const auto& change : changes) apply(words, change);
  return join(words);
}

bool has_arguments(std::string_view text, const std::vector<ArgumentChange>& changes) {
  return change_arguments(text, changes) == text;
}

std::string drop_conflicting_arguments(std::string_view text,
                                       const std::vector<ArgumentChange>& changes) {
  Words words = split(text);
  for (std::size_t i = 0; i < words.kernel.size();) {
    const bool wrong = std::ranges::any_of(changes, [&](const ArgumentChange& change) {
      return contradicts(words.kernel[i], change);
    });
    if (wrong) {
      erase_word(words.kernel, i);
    } else {
      ++i;
    }
  }
  return join(words);
}

}  // namespace konvoy::boot

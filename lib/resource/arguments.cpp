#include "resource/arguments.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "resource/file.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

std::string_view without_quotes(std::string_view value) {
  value = base::trim(value);
  if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') &&
      value.back() == value.front()) {
    return value.substr(1, value.size() - 2);
  }
  return value;
}

// Sets one option among the words, in its old place if it had one ("--a=1" and "--a 1" alike).
void set_option(std::vector<std::string>& words, const std::string& name,
                const std::string& value) {
  const auto found = std::ranges::find_if(
      words, [&](const std::string& word) { return word == name || word.starts_with(name + "="); });
  const auto wanted = name + "=" + value;
  if (found == words.end()) {
    words.push_back(wanted);
    return;
  }
  const bool has_own_value = *found == name;
  *found = wanted;
  const auto next = std::next(found);
  if (has_own_value && next != words.end() && !next->starts_with("-")) words.erase(next);
}

}  // namespace

std::string with_arguments(std::string_view text, const Arguments& wanted) {
  auto lines = base::split_lines(text);
  const auto start = wanted.variable + "=";
  std::vector<std::string> words;
  std::optional<std::size_t> place;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = base::trim(lines[i]);
    if (!line.starts_with(start)) continue;
    for (auto& word : base::split_words(without_quotes(line.substr(start.size())))) {
      words.push_back(std::move(word));
    }
    if (place) {
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(*place));
      --i;
    }
    place = i;
  }
  for (const auto& [name, value] : wanted.arguments) set_option(words, name, value);
  auto line = start + "\"" + base::join(words, " ") + "\"";
  // systemd and the shell read the value alike with and without quotes: keep what says the same.
  if (place) {
    const auto old = base::trim(lines[*place]);
    if (base::split_words(without_quotes(old.substr(start.size()))) == words) line = lines[*place];
    lines[*place] = std::move(line);
  } else {
    lines.push_back(std::move(line));
  }
  return base::join(lines, "\n") + "\n";
}

Decision decide(const Arguments& wanted, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* content = ask.read({.path = wanted.path});
  if (auto open = ask.open()) return *std::move(open);
  const auto after = with_arguments(content->content.value_or(""), wanted);
  if (content->content == after) return Actions{};
  return Actions{{replace_file(wanted.path, content->content, after)}};
}

Resource as_resource(Arguments wanted) {
  auto name = wanted.variable + " in " + wanted.path;
  return wrap("arguments", std::move(name), std::move(wanted));
}

}  // namespace konvoy::resource

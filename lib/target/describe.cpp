#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "target/action.hpp"

namespace konvoy::target {
namespace {

// A word of a command line as people would type it.
std::string shown_word(const std::string& word) {
  constexpr std::string_view plain = "_-+=.,:/@%^";
  const bool simple = !word.empty() && std::ranges::all_of(word, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           plain.find(c) != std::string_view::npos;
  });
  return simple ? word : base::shell_quote(word);
}

struct Describer {
  std::string operator()(const WriteFile& action) const { return "write " + action.path; }
  std::string operator()(const Remove& action) const { return "remove " + action.path; }
  std::string operator()(const MakeDirectory& action) const {
    return "make directory " + action.path;
  }
  std::string operator()(const MakeLink& action) const {
    return fmt::format("link {} to {}", action.path, action.to);
  }
  std::string operator()(const SetOwnership& action) const {
    return "set ownership of " + action.path;
  }
  std::string operator()(const Rename& action) const {
    return fmt::format("rename {} to {}", action.from, action.to);
  }
  std::string operator()(const PushFile& action) const {
    return fmt::format("copy {} to {}", action.local_path, action.path);
  }
  std::string operator()(const RunCommand& action) const {
    std::string words;
    for (const auto& word : action.argv) words += " " + shown_word(word);
    return "run" + words;
  }
};

}  // namespace

std::string describe(const Action& action) {
  return std::visit(Describer{}, action);
}

}  // namespace konvoy::target

#include "cli/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace konvoy::cli {

bool Invocation::has(std::string_view option) const {
  return options.contains(option);
}

std::optional<std::string> Invocation::given(std::string_view option) const {
  const auto found = options.find(option);
  if (found == options.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::string Invocation::value(std::string_view option) const {
  if (auto text = given(option)) return *text;
  const auto fallback = fallbacks.find(option);
  return fallback == fallbacks.end() ? std::string() : fallback->second;
}

std::vector<std::string> Invocation::values(std::string_view option) const {
  const auto found = options.find(option);
  return found == options.end() ? std::vector<std::string>() : found->second;
}

std::vector<std::string> Invocation::arguments(std::string_view positional) const {
  const auto found = positionals.find(positional);
  return found == positionals.end() ? std::vector<std::string>() : found->second;
}

std::string Invocation::argument(std::string_view positional) const {
  const auto all = arguments(positional);
  return all.empty() ? std::string() : all.front();
}

base::Result<long> Invocation::number(std::string_view option, long least, long most) const {
  const auto text = value(option);
  long parsed = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (problem == std::errc() && end == text.data() + text.size() && parsed >= least &&
      parsed <= most) {
    return parsed;
  }
  return base::Error(base::ErrorKind::usage, fmt::format("--{} takes a whole number from {} to {}, "
                                                         "not '{}'",
                                                         option, least, most, text));
}

const Command* Program::find(std::string_view path) const {
  const auto found = std::ranges::find(commands, path, &Command::path);
  return found == commands.end() ? nullptr : &*found;
}

}  // namespace konvoy::cli

#include "resource/text_setting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "resource/file.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

std::string as_text(const std::vector<std::string>& lines) {
  return lines.empty() ? std::string() : base::join(lines, "\n") + "\n";
}

// The section that a header line opens.
std::optional<std::string_view> section_of(std::string_view line) {
  const auto text = base::trim(line);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  return base::trim(text.substr(1, text.size() - 2));
}

// Whether the line sets `key`; a comment sets nothing.
bool sets(std::string_view line, std::string_view key) {
  const auto text = base::trim(line);
  const auto equals = text.find('=');
  return equals != std::string_view::npos && base::trim(text.substr(0, equals)) == key;
}

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The lines of a section without its header; nothing when it is not there.
std::optional<Range> find_section(const std::vector<std::string>& lines, std::string_view name) {
  std::optional<Range> range;
  if (name.empty()) range = Range{0, 0};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (const auto section = section_of(lines[i])) {
      if (range) return range;
      if (*section == name) range = Range{i + 1, i + 1};
    }
    if (range) range->end = i + 1;
  }
  return range;
}

// Reads the file, lets `change` turn it, and replaces it when that made a difference.
template <class Change>
Decision edit(const std::string& path, bool only_in_existing, const Observations& seen,
              std::string_view reason, const Change& change) {
  Inquiry ask(seen);
  const auto* content = ask.read({.path = path});
  if (auto open = ask.open()) return *std::move(open);
  if (!content->content && only_in_existing) return Actions{};
  const auto before = content->content.value_or("");
  auto after = change(before);
  if (content->content && after == before) return Actions{};
  if (!content->content && after.empty()) return Actions{};
  auto action = replace_file(path, content->content, after);
  // What an editor's link leads to is the file that is meant.
  std::get<target::WriteFile>(action.action).follow_link = content->content.has_value();
  if (content->content) action.reason = reason;
  return Actions{{std::move(action)}};
}

}  // namespace

std::string with_line(std::string_view text, const Line& line) {
  auto lines = base::split_lines(text);
  const std::string_view start = line.instead_of.empty() ? line.line : line.instead_of;
  std::optional<std::size_t> place;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] == line.line) return std::string(text);
    if (base::trim(lines[i]).starts_with(start)) place = i;
  }
  if (place) {
    lines[*place] = line.line;
  } else {
    lines.push_back(line.line);
  }
  return as_text(lines);
}

std::string with_ini_setting(std::string_view text, const IniSetting& setting) {
  auto lines = base::split_lines(text);
  const auto wanted = setting.value ? setting.key + setting.separator + *setting.value : "";
  const auto section = find_section(lines, setting.section);
  if (!section) {
    if (!setting.value) return std::string(text);
    if (!lines.empty() && !lines.back().empty()) lines.emplace_back();
    lines.push_back("[" + setting.section + "]");
    lines.push_back(wanted);
    return as_text(lines);
  }
  std::vector<std::size_t> found;
  for (auto i = section->begin; i < section->end; ++i) {
    if (sets(lines[i], setting.key)) found.push_back(i);
  }
  if (found.empty()) {
    if (!setting.value) return std::string(text);
    auto place = section->end;
    while (place > section->begin && base::trim(lines[place - 1]).empty()) --place;
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(place), wanted);
    return as_text(lines);
  }
  if (setting.value) {
    auto& last = lines[found.back()];
    const auto value = base::trim(std::string_view(last).substr(last.find('=') + 1));
    if (found.size() == 1 && value == *setting.value) return std::string(text);
    last = wanted;
    found.pop_back();
  }
  for (auto place = found.rbegin(); place != found.rend(); ++place) {
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(*place));
  }
  return as_text(lines);
}

Decision decide(const Line& line, const facts::HostFacts& /*facts*/, const Observations& seen) {
  return edit(line.path, false, seen, fmt::format("lacks the line '{}'", line.line),
              [&](std::string_view text) { return with_line(text, line); });
}

Decision decide(const IniSetting& setting, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  const auto reason = setting.value ? fmt::format("{} is not {}", setting.key, *setting.value)
                                    : fmt::format("{} is set, must not be", setting.key);
  return edit(setting.path, setting.only_in_existing, seen, reason,
              [&](std::string_view text) { return with_ini_setting(text, setting); });
}

Resource as_resource(Line line) {
  auto name = line.path;
  return wrap("line", std::move(name), std::move(line));
}
Resource as_resource(IniSetting setting) {
  auto name = fmt::format("{} [{}] {}", setting.path, setting.section, setting.key);
  return wrap("ini", std::move(name), std::move(setting));
}

}  // namespace konvoy::resource

#include "boot/default_grub.hpp"

#include <array>

#include "base/text.hpp"
#include "boot/shell_assignment.hpp"

namespace konvoy::boot {
namespace {

constexpr std::string_view main_name = "GRUB_CMDLINE_LINUX";

/// The text between double quotes that means what `found` says.
std::string in_double_quotes(const ShellAssignment& found) {
  if (found.quote != '\'') return std::string(found.value);
  std::string text;
  for (const char c : found.value) {
    if (c == '"' || c == '\\' || c == '$' || c == '`') text += '\\';
    text += c;
  }
  return text;
}

std::string render(std::string_view name, const ShellAssignment& found, std::string_view value) {
  const auto comment = base::trim(found.behind);
  std::string line;
  if (!comment.empty()) line.append(found.indent).append(comment).append("\n");
  return line.append(found.indent).append(name).append("=\"").append(value).append("\"");
}

bool as_auditors_expect(const ShellAssignment& found) {
  return found.quote == '"' && found.behind.empty();
}

base::Result<std::string> change_main(std::string_view text, std::string_view path,
                                      const std::vector<ArgumentChange>& changes) {
  KONVOY_TRY(const auto found, find_assignments(text, main_name, path));
  std::string result(text);
  for (auto it = found.rbegin(); it != found.rend(); ++it) {
    const auto old = in_double_quotes(*it);
    const auto value = change_arguments(old, changes);
    if (value == old && as_auditors_expect(*it)) continue;
    result.replace(it->begin, it->end - it->begin, render(main_name, *it, value));
  }
  if (found.empty()) {
    if (!result.empty() && !result.ends_with('\n')) result += '\n';
    result.append(main_name).append("=\"").append(change_arguments("", changes)).append("\"\n");
  }
  return result;
}

base::Result<std::string> drop_conflicts(std::string text, std::string_view name,
                                         std::string_view path,
                                         const std::vector<ArgumentChange>& changes) {
  KONVOY_TRY(const auto found, find_assignments(text, name, path));
  std::string result = text;
  for (auto it = found.rbegin(); it != found.rend(); ++it) {
    const auto old = in_double_quotes(*it);
    const auto value = drop_conflicting_arguments(old, changes);
    if (value != old) result.replace(it->begin, it->end - it->begin, render(name, *it, value));
  }
  return result;
}

}  // namespace

base::Result<std::string> change_default_grub(std::string_view text, std::string_view path,
                                              const std::vector<ArgumentChange>& changes) {
  KONVOY_TRY(std::string result, change_main(text, path, changes));
  constexpr std::array<std::string_view, 2> appended{"GRUB_CMDLINE_LINUX_DEFAULT",
                                                     "GRUB_CMDLINE_LINUX_RECOVERY"};
  for (const auto name : appended) {
    KONVOY_TRY(std::string next, drop_conflicts(std::move(result), name, path, changes));
    result = std::move(next);
  }
  return result;
}

base::Result<std::optional<std::string>> default_grub_arguments(std::string_view text,
                                                                std::string_view path) {
  KONVOY_TRY(const auto found, find_assignments(text, main_name, path));
  if (found.empty()) return std::optional<std::string>();
  return std::optional(in_double_quotes(found.back()));
}

}  // namespace konvoy::boot

#include "support/machine_text.hpp"

#include <utility>

#include "base/text.hpp"

namespace konvoy::test {
namespace {

// Scripts are found by a shell pattern: brackets of a command are taken as any one character.
std::string pattern_for(const std::string& command) {
  return base::replace_all(command, "[", "?");
}

void add_section(FakeTarget& machine, const std::string& head, const std::string& text) {
  if (head.starts_with("$ ")) {
    machine.on_command(pattern_for(head.substr(2)), {.out = text});
  } else if (const auto arrow = head.find(" -> "); arrow != std::string::npos) {
    machine.add_link(head.substr(0, arrow), head.substr(arrow + 4));
  } else if (const auto bang = head.find(" !"); bang != std::string::npos) {
    machine.refuse(head.substr(0, bang), head.substr(bang + 2));
  } else if (head.ends_with('/')) {
    machine.add_directory(head.substr(0, head.size() - 1));
  } else {
    machine.add_file(head, text);
  }
}

}  // namespace

FakeTarget machine_from(std::string_view description, std::string name, bool live) {
  constexpr std::string_view mark = "==> ";
  FakeTarget machine(std::move(name), live);
  std::string head;
  std::string text;
  for (const auto& line : base::split_lines(description)) {
    if (line.starts_with(mark)) {
      if (!head.empty()) add_section(machine, head, text);
      head = line.substr(mark.size());
      text.clear();
    } else {
      text += line + "\n";
    }
  }
  if (!head.empty()) add_section(machine, head, text);
  return machine;
}

}  // namespace konvoy::test

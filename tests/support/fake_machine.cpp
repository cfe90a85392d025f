#include "support/fake_machine.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
#include <variant>

#include "base/text.hpp"

namespace konvoy::test {
namespace {

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

base::Error not_for_reading() {
  return {base::ErrorKind::internal, "a fake machine only answers probes"};
}

std::string path_of(const target::Probe& probe) {
  return std::visit(
      [](const auto& of) -> std::string {
        if constexpr (requires { of.path; }) {
          return of.path;
        } else {
          return {};
        }
      },
      probe);
}

// Starts the section that `head` names; gives the text that its lines go to.
std::string* start_section(Machine& machine, const std::string& head) {
  if (head.starts_with("$ ")) return &machine.commands[head.substr(2)].out;
  if (const auto arrow = head.find(" -> "); arrow != std::string::npos) {
    const auto path = head.substr(0, arrow);
    machine.links[path] = head.substr(arrow + 4);
    machine.add_directory(parent_of(path));
    return nullptr;
  }
  if (const auto bang = head.find(" !"); bang != std::string::npos) {
    machine.failures[head.substr(0, bang)] = head.substr(bang + 2);
    return nullptr;
  }
  if (head.ends_with('/')) {
    machine.add_directory(head.substr(0, head.size() - 1));
    return nullptr;
  }
  machine.add_file(head, "");
  return &machine.files[head];
}

}  // namespace

void Machine::add_file(const std::string& path, std::string content) {
  files[path] = std::move(content);
  add_directory(parent_of(path));
}

void Machine::add_directory(std::string path) {
  while (directories.insert(path).second && path != "/") path = parent_of(path);
}

Machine parse_machine(std::string_view description) {
  constexpr std::string_view mark = "==> ";
  Machine machine;
  std::string* text = nullptr;
  for (const auto& line : base::split_lines(description)) {
    if (line.starts_with(mark)) {
      text = start_section(machine, line.substr(mark.size()));
    } else if (text != nullptr) {
      *text += line + "\n";
    }
  }
  return machine;
}

FakeMachine::FakeMachine(Machine machine, bool live, std::string name)
    : machine_(std::move(machine)), live_(live), name_(std::move(name)) {}

base::Result<std::vector<target::Observation>> FakeMachine::observe(
    std::span<const target::Probe> probes) {
  ++rounds_;
  std::vector<target::Observation> all;
  for (const auto& probe : probes) all.push_back(answer(probe));
  return all;
}

base::Result<target::ActionResult> FakeMachine::perform(const target::Action&,
                                                        const base::EventSink&) {
  return not_for_reading();
}

base::Result<std::unique_ptr<target::Stream>> FakeMachine::connect(const target::Address&) {
  return not_for_reading();
}

// Follows links to files and to directories on the way; a loop ends after some steps.
std::string FakeMachine::resolve(std::string path) const {
  for (int steps = 0; steps < 16; ++steps) {
    bool changed = false;
    for (const auto& [link, to] : machine_.links) {
      if (path != link && !path.starts_with(link + "/")) continue;
      const auto rest = path.substr(link.size());
      const std::filesystem::path base = to.starts_with('/') ? "/" : parent_of(link);
      path = (base / to).lexically_normal().string() + rest;
      changed = true;
      break;
    }
    if (!changed) break;
  }
  return path;
}

target::Observation FakeMachine::answer(const target::Probe& probe) const {
  if (const auto* command = std::get_if<target::CommandProbe>(&probe)) {
    const auto found = machine_.commands.find(base::join(command->argv, " "));
    return found == machine_.commands.end() ? target::CommandAnswer{.status = 127} : found->second;
  }
  const auto asked = path_of(probe);
  if (const auto failure = machine_.failures.find(asked); failure != machine_.failures.end()) {
    return target::ProbeFailure{failure->second};
  }
  if (const auto* read = std::get_if<target::ReadProbe>(&probe)) {
    return content_of(resolve(asked), *read);
  }
  if (const auto* stat = std::get_if<target::StatProbe>(&probe)) {
    return stat_of(stat->follow ? resolve(asked) : asked);
  }
  if (std::holds_alternative<target::ListProbe>(probe)) return names_in(resolve(asked));
  return target::ProbeFailure{"a fake machine has no digests"};
}

target::ReadAnswer FakeMachine::content_of(const std::string& path,
                                           const target::ReadProbe& probe) const {
  const auto found = machine_.files.find(path);
  if (found == machine_.files.end()) return {};
  const auto from = std::min<std::size_t>(probe.offset, found->second.size());
  const auto rest = found->second.size() - from;
  return {found->second.substr(from, probe.limit), rest > probe.limit};
}

target::StatAnswer FakeMachine::stat_of(const std::string& asked) const {
  if (const auto link = machine_.links.find(asked); link != machine_.links.end()) {
    return {target::FileStat{.type = target::FileType::link, .link_target = link->second}};
  }
  const auto path = resolve(asked);
  if (machine_.directories.contains(path)) {
    return {target::FileStat{.type = target::FileType::directory}};
  }
  const auto found = machine_.files.find(path);
  if (found == machine_.files.end()) return {};
  return {target::FileStat{.size = found->second.size()}};
}

target::ListAnswer FakeMachine::names_in(const std::string& path) const {
  if (!machine_.directories.contains(path)) return {};
  std::set<std::string> names;
  const auto collect = [&](const std::string& candidate) {
    if (candidate != "/" && parent_of(candidate) == path) {
      names.insert(candidate.substr(candidate.rfind('/') + 1));
    }
  };
  for (const auto& [file, content] : machine_.files) collect(file);
  for (const auto& [link, to] : machine_.links) collect(link);
  for (const auto& directory : machine_.directories) collect(directory);
  return {std::vector<std::string>(names.begin(), names.end())};
}

}  // namespace konvoy::test

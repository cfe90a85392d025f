#include "resource/pushed_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "resource/file.hpp"
#include "resource/inquiry.hpp"
#include "resource/pending.hpp"
#include "resource/service.hpp"

namespace konvoy::resource {
namespace {

// Takes the actions of `part`; what it still wants to know, or refuses, is given back.
template <class Part>
std::optional<Decision> append(Actions& all, const Part& part, const facts::HostFacts& facts,
                               const Observations& seen) {
  auto decision = decide(part, facts, seen);
  auto* actions = std::get_if<Actions>(&decision);
  if (actions == nullptr) return decision;
  for (auto& action : actions->actions) all.actions.push_back(std::move(action));
  return std::nullopt;
}

constexpr std::string_view restart_mark = "restart-fapolicyd";
constexpr std::string_view common_trust = "/etc/fapolicyd/fapolicyd.trust";

// The lines of a trust file that are about other files.
std::string without_paths(std::string_view text, const std::vector<std::string>& paths) {
  std::string kept;
  for (const auto& line : base::split_lines(text)) {
    const auto ours = std::ranges::any_of(
        paths, [&](const std::string& path) { return line.starts_with(path + " "); });
    if (!ours) kept += line + "\n";
  }
  return kept;
}

// What fapolicyd.trust(5) says of a file: path, size in bytes, SHA-256.
std::string trust_lines(const Trust& trust, Inquiry& ask) {
  std::string lines;
  for (const auto& path : trust.paths) {
    const auto& stat = ask.stat({.path = path, .follow = true})->stat;
    const auto& digest = ask.digest({.path = path})->sha256;
    if (stat && digest) lines += fmt::format("{} {} {}\n", path, stat->size, *digest);
  }
  return lines;
}

}  // namespace

Decision decide(const PushedFiles& files, const facts::HostFacts& facts, const Observations& seen) {
  Inquiry ask(seen);
  for (const auto& path : files.directories) ask.stat({.path = path, .follow = true});
  for (const auto& [path, to] : files.links) ask.stat({.path = path});
  for (const auto& file : files.files) {
    ask.stat({.path = file.path});
    ask.digest({.path = file.path});
  }
  if (auto open = ask.open()) return *std::move(open);
  Actions all;
  for (const auto& path : files.directories) {
    if (auto open = append(all, Directory{.path = path}, facts, seen)) return *std::move(open);
  }
  for (const auto& file : files.files) {
    const auto& stat = ask.stat({.path = file.path})->stat;
    const auto& digest = ask.digest({.path = file.path})->sha256;
    if (!stat || digest != file.sha256) {
      all.actions.push_back(
          {target::PushFile{file.local_path, file.path, file.sha256, file.ownership},
           stat ? "content differs" : "is not there",
           {}});
    } else if (auto gap = ownership_gap(*stat, file.ownership); !gap.empty()) {
      all.actions.push_back({target::SetOwnership{file.path, file.ownership}, std::move(gap), {}});
    }
  }
  for (const auto& [path, to] : files.links) {
    if (auto open = append(all, Link{path, to}, facts, seen)) return *std::move(open);
  }
  return all;
}

Decision decide(const Trust& trust, const facts::HostFacts& facts, const Observations& seen) {
  Inquiry ask(seen);
  const auto* directory = ask.stat({.path = "/etc/fapolicyd/trust.d", .follow = true});
  const auto* common = ask.read({.path = std::string(common_trust)});
  if (auto open = ask.open()) return *std::move(open);
  if (!directory->stat && !common->content) return Actions{};
  for (const auto& path : trust.paths) {
    ask.stat({.path = path, .follow = true});
    ask.digest({.path = path});
  }
  const bool runs = runs_systemd(facts);
  const target::CommandProbe is_active{.argv = {"systemctl", "is-active", "fapolicyd.service"}};
  if (runs) ask.command(is_active);
  const auto* mark = ask.stat({.path = mark_path(std::string(restart_mark))});
  if (auto open = ask.open()) return *std::move(open);
  const auto lines = trust_lines(trust, ask);
  File file{.path = "/etc/fapolicyd/trust.d/" + trust.name,
            .content = lines,
            .ownership = {.mode = 0644}};
  if (!directory->stat) {
    file = {.path = std::string(common_trust),
            .content = without_paths(*common->content, trust.paths) + lines};
  }
  auto decision = with_marks(as_resource(file), {std::string(restart_mark)}).decide(facts, seen);
  auto* actions = std::get_if<Actions>(&decision);
  if (actions == nullptr || !facts.live || (actions->actions.empty() && !mark->stat)) {
    return decision;
  }
  if (runs && ask.command(is_active)->status == 0) {
    actions->actions.push_back(
        {target::RunCommand{.argv = {"systemctl", "restart", "fapolicyd.service"}},
         "it reads its trust when it starts",
         {}});
  }
  actions->actions.push_back(
      {target::Remove{.path = mark_path(std::string(restart_mark))}, "is done", {}});
  return decision;
}

Resource as_resource(PushedFiles files) {
  auto name = files.name;
  return wrap("archive", std::move(name), std::move(files));
}
Resource as_resource(Trust trust) {
  auto name = trust.name;
  return wrap("trust", std::move(name), std::move(trust));
}

}  // namespace konvoy::resource

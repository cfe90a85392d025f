#include "resource/answering_repositories.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "resource/inquiry.hpp"
#include "resource/package_manager.hpp"

namespace konvoy::resource {
namespace {

using facts::PackageManager;

// Asks for a package that nobody has: to look, the metadata of every enabled repository is needed.
// What is in the cache and not expired is not fetched again.
target::CommandProbe metadata_probe(const facts::HostFacts& facts, bool all) {
  target::CommandProbe probe{.argv = {facts.package_manager == PackageManager::dnf ? "dnf" : "yum",
                                      "--setopt=retries=2", "--setopt=timeout=10"},
                             .timeout = std::chrono::seconds(600),
                             .needs_network = true};
  if (all) probe.argv.emplace_back("--setopt=*.skip_if_unavailable=1");
  probe.argv.insert(probe.argv.end(), {"list", "available", "konvoy-image-looks"});
  return probe;
}

// The text between two marks of a line; empty when they are not there.
std::string between(std::string_view line, std::string_view before, std::string_view after) {
  const auto start = line.find(before);
  if (start == std::string_view::npos) return {};
  const auto rest = line.substr(start + before.size());
  return std::string(rest.substr(0, rest.find(after)));
}

struct Complaint {
  std::string repository;   // empty: the line is none
  bool unverified = false;  // it answered, with a signature that can't be checked
};

Complaint complaint_of(std::string_view line) {
  auto name = between(line, "Failed to download metadata for repo '", "'");  // dnf 4
  if (!name.empty()) return {name, line.find("signature verification") != std::string_view::npos};
  // yum 3.4, without any address and with one that fails: "base/7/x86_64" and "base"
  name = between(line, "Cannot find a valid baseurl for repo: ", "/");
  if (name.empty()) name = between(line, "failure: repodata/repomd.xml from ", ":");
  if (!name.empty()) return {name, false};
  return {between(line, "repomd.xml signature could not be verified for ", " "), true};
}

// The repository whose silence ended the package manager; empty when none did. Of those that may be
// missing dnf complains in the same words, and goes on.
std::string ended_by(std::string_view output) {
  std::string name;
  for (const auto& line : base::split_lines(output)) {
    const auto complaint = complaint_of(line);
    if (!complaint.repository.empty()) name = complaint.unverified ? "" : complaint.repository;
    else if (line.starts_with("Ignoring repositories:")) name.clear();
  }
  return name;
}

std::string hint_for(const facts::HostFacts& facts) {
  if (facts.os_id == "centos") {
    return "set 'repositories.centos_vault: true': the mirrors of CentOS 7 and 8 are gone, the "
           "vault keeps their packages";
  }
  return "mend or disable them in /etc/yum.repos.d, or give 'skip_if_unavailable=1' to those that "
         "are not needed";
}

void without(const std::vector<std::string>& except, std::vector<std::string>& names) {
  std::erase_if(names, [&](const std::string& name) {
    return std::ranges::find(except, name) != except.end();
  });
}

}  // namespace

std::vector<std::string> silent_repositories(std::string_view output) {
  std::vector<std::string> names;
  for (const auto& line : base::split_lines(output)) {
    const auto complaint = complaint_of(line);
    // Its key is not known yet, which PackageSet sees to: it did answer.
    if (complaint.unverified) std::erase(names, complaint.repository);
    else if (!complaint.repository.empty() &&
             std::ranges::find(names, complaint.repository) == names.end()) {
      names.push_back(complaint.repository);
    }
  }
  return names;
}

Decision decide(const AnsweringRepositories& wanted, const facts::HostFacts& facts,
                const Observations& seen) {
  if (facts.package_manager == PackageManager::none) return Actions{};
  Inquiry ask(seen);
  const auto* rpm = ask.command(installed_probe(wanted.packages));
  if (auto open = ask.open()) return *std::move(open);
  if (rpm->status == 0) return Actions{};
  const auto* first = ask.command(metadata_probe(facts, false));
  if (auto open = ask.open()) return *std::move(open);
  const auto output = first->out + first->err;
  auto names = silent_repositories(output);
  without(wanted.except, names);
  if (names.empty()) return Actions{};
  const auto ending = ended_by(output);
  if (ending.empty() || std::ranges::find(wanted.except, ending) != wanted.except.end()) {
    return Actions{
        .actions = {},
        .warnings = {{.severity = base::Severity::warning,
                      .message = "repositories that do not answer: " + base::join(names, ", "),
                      .hint = hint_for(facts)}}};
  }
  // The first that fails has ended it: the others are to be known, too.
  const auto* all = ask.command(metadata_probe(facts, true));
  if (auto open = ask.open()) return *std::move(open);
  for (auto& name : silent_repositories(all->out + all->err)) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  without(wanted.except, names);
  return refuse("enabled repositories do not answer: " + base::join(names, ", "), hint_for(facts));
}

Resource as_resource(AnsweringRepositories wanted) {
  return wrap("repository", "answers", std::move(wanted));
}

}  // namespace konvoy::resource

#include "support/fake_target_internal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "system/file.hpp"

namespace konvoy::test {
namespace {

using target::FileType;

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string below(const std::string& directory) {
  return directory == "/" ? "/" : directory + "/";
}

// The number of a user or group: its own for a number, 0 for root, a made-up one for other names.
std::uint32_t number_of(const std::string& name) {
  if (name == "root") return 0;
  const bool digits =
      !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
  return digits ? static_cast<std::uint32_t>(std::stoul(name)) : 1000;
}

void dress(FakeTarget::Node& node, const target::Ownership& ownership) {
  if (ownership.mode) node.mode = *ownership.mode;
  if (!ownership.owner.empty()) node.owner = ownership.owner;
  if (!ownership.group.empty()) node.group = ownership.group;
  if (!ownership.selinux_context.empty()) node.selinux_context = ownership.selinux_context;
}

base::Error failed(const std::string& what, const std::string& path, const std::string& reason) {
  return {base::ErrorKind::run, fmt::format("cannot {} '{}': {}", what, path, reason)};
}

}  // namespace

std::optional<target::ProbeFailure> FakeObserver::refusal(const std::string& path) const {
  const auto found = fake.refused_.find(path);
  if (found == fake.refused_.end()) return std::nullopt;
  return target::ProbeFailure{found->second};
}

FakeObserver::Regular FakeObserver::regular(const std::string& path) const {
  if (auto refused = refusal(path)) return {.failure = std::move(refused)};
  const auto* node = fake.find(path, true);
  if (node == nullptr || node->type == FileType::regular) return {.node = node};
  return {.failure = target::ProbeFailure{
              node->type == FileType::directory ? "is a directory" : "is not a regular file"}};
}

target::Observation FakeObserver::operator()(const target::StatProbe& probe) const {
  if (auto refused = refusal(probe.path)) return *std::move(refused);
  const auto* node = fake.find(probe.path, probe.follow);
  if (node == nullptr) return target::StatAnswer{};
  const bool link = node->type == FileType::link;
  return target::StatAnswer{
      target::FileStat{.type = node->type,
                       .mode = node->mode,
                       .uid = number_of(node->owner),
                       .gid = number_of(node->group),
                       .owner = node->owner,
                       .group = node->group,
                       .size = node->type == FileType::directory ? 4096 : node->content.size(),
                       .mtime = node->mtime,
                       .ctime = node->ctime,
                       .inode = node->inode,
                       .device = 1,
                       .link_target = link ? node->content : "",
                       .selinux_context = node->selinux_context}};
}

target::Observation FakeObserver::operator()(const target::ReadProbe& probe) const {
  const auto [node, failure] = regular(probe.path);
  if (failure) return *failure;
  if (node == nullptr) return target::ReadAnswer{};
  const auto begin = std::min<std::uint64_t>(probe.offset, node->content.size());
  return target::ReadAnswer{node->content.substr(begin, probe.limit),
                            node->content.size() - begin > probe.limit};
}

target::Observation FakeObserver::operator()(const target::ListProbe& probe) const {
  if (auto refused = refusal(probe.path)) return *std::move(refused);
  const auto resolved = fake.resolve(probe.path, true);
  const auto* node = fake.find(probe.path, true);
  if (!resolved || node == nullptr) return target::ListAnswer{};
  if (node->type != FileType::directory) return target::ProbeFailure{"is not a directory"};
  target::ListAnswer answer{std::vector<std::string>{}};
  const std::string prefix = below(*resolved);
  for (const auto& [path, entry] : fake.tree_) {
    const bool inside = path.size() > prefix.size() && path.starts_with(prefix) &&
                        path.find('/', prefix.size()) == std::string::npos;
    if (inside) answer.names->push_back(path.substr(prefix.size()));
  }
  return answer;
}

target::Observation FakeObserver::operator()(const target::DigestProbe& probe) const {
  const auto [node, failure] = regular(probe.path);
  if (failure) return *failure;
  if (node == nullptr) return target::DigestAnswer{};
  return target::DigestAnswer{*crypto::sha256_hex(node->content)};
}

target::Observation FakeObserver::operator()(const target::CommandProbe& probe) const {
  auto answer = fake.answer({.argv = probe.argv, .timeout = probe.timeout});
  answer.out = answer.out.substr(0, probe.output_limit);
  answer.err = answer.err.substr(0, probe.output_limit);
  return answer;
}

std::optional<base::Error> FakePerformer::refusal(const std::string& what,
                                                  const std::string& path) const {
  const auto found = fake.refused_.find(path);
  if (found == fake.refused_.end()) return std::nullopt;
  return failed(what, path, found->second);
}

FakePerformer::Outcome FakePerformer::put_file(const std::string& path, std::string content,
                                               const target::Ownership& ownership) const {
  if (auto refused = refusal("write", path)) return *std::move(refused);
  const auto* parent = fake.find(parent_of(path), true);
  if (parent == nullptr) return failed("write", path, "no such file or directory");
  FakeTarget::Node node{.content = std::move(content)};
  if (const auto* old = fake.find(path, false); old != nullptr) {
    if (old->type == FileType::directory) return failed("write", path, "is a directory");
    if (old->type == FileType::regular) {
      node.mode = old->mode;
      node.owner = old->owner;
      node.group = old->group;
      node.selinux_context = old->selinux_context;
    }
  }
  dress(node, ownership);
  fake.put(path, std::move(node));
  return target::ActionResult{};
}

FakePerformer::Outcome FakePerformer::operator()(const target::WriteFile& action) const {
  std::string path = action.path;
  if (action.follow_link || action.in_place) path = fake.resolve(path, true).value_or(path);
  return put_file(path, std::string(action.content.reveal()), action.ownership);
}

FakePerformer::Outcome FakePerformer::operator()(const target::PushFile& action) const {
  auto bytes = system::read_file(action.local_path);
  if (!bytes) return std::move(bytes).error();
  if (*crypto::sha256_hex(*bytes) != action.sha256) {
    return failed("copy", action.local_path, "its SHA-256 is not the expected one");
  }
  return put_file(action.path, *std::move(bytes), action.ownership);
}

FakePerformer::Outcome FakePerformer::operator()(const target::Remove& action) const {
  if (auto refused = refusal("remove", action.path)) return *std::move(refused);
  const auto resolved = fake.resolve(action.path, false);
  if (!resolved || !fake.tree_.contains(*resolved)) return target::ActionResult{};
  const std::string prefix = below(*resolved);
  const bool full = std::ranges::any_of(fake.tree_, [&](const auto& entry) {
    return entry.first.starts_with(prefix) && entry.first != prefix;
  });
  if (full && !action.recursive) return failed("remove", action.path, "directory not empty");
  std::erase_if(fake.tree_, [&](const auto& entry) { return entry.first.starts_with(prefix); });
  fake.tree_.erase(*resolved);
  return target::ActionResult{};
}

FakePerformer::Outcome FakePerformer::operator()(const target::MakeDirectory& action) const {
  if (auto refused = refusal("make directory", action.path)) return *std::move(refused);
  const auto* there = fake.find(action.path, true);
  if (there != nullptr && there->type != FileType::directory) {
    return failed("make directory", action.path, "file exists");
  }
  fake.add_directory(action.path);
  dress(fake.tree_.at(*fake.resolve(action.path, true)), action.ownership);
  return target::ActionResult{};
}

FakePerformer::Outcome FakePerformer::operator()(const target::MakeLink& action) const {
  if (auto refused = refusal("link", action.path)) return *std::move(refused);
  const auto* old = fake.find(action.path, false);
  if (old != nullptr && old->type == FileType::directory) {
    return failed("link", action.path, "is a directory");
  }
  if (fake.find(parent_of(action.path), true) == nullptr) {
    return failed("link", action.path, "no such file or directory");
  }
  fake.put(action.path, {.type = FileType::link, .content = action.to, .mode = 0777});
  return target::ActionResult{};
}

FakePerformer::Outcome FakePerformer::operator()(const target::SetOwnership& action) const {
  if (auto refused = refusal("set ownership of", action.path)) return *std::move(refused);
  auto* node = fake.node(action.path);
  if (node == nullptr) {
    return failed("set ownership of", action.path, "no such file or directory");
  }
  dress(*node, action.ownership);
  node->ctime = ++fake.changes_;
  return target::ActionResult{};
}

FakePerformer::Outcome FakePerformer::operator()(const target::Rename& action) const {
  if (auto refused = refusal("rename", action.from)) return *std::move(refused);
  const auto from = fake.resolve(action.from, false);
  const auto to = fake.resolve(action.to, false);
  if (!from || !to || !fake.tree_.contains(*from)) {
    return failed("rename", action.from, "no such file or directory");
  }
  std::vector<std::pair<std::string, FakeTarget::Node>> moved;
  const std::string prefix = below(*from);
  for (const auto& [path, node] : fake.tree_) {
    if (path == *from || path.starts_with(prefix)) {
      moved.emplace_back(*to + path.substr(from->size()), node);
    }
  }
  std::erase_if(fake.tree_, [&](const auto& entry) {
    return entry.first == *from || entry.first.starts_with(prefix);
  });
  for (auto& [path, node] : moved) fake.tree_[path] = std::move(node);
  return target::ActionResult{};
}

FakePerformer::Outcome FakePerformer::operator()(const target::RunCommand& action) const {
  const auto answer = fake.answer(action);
  return target::ActionResult{.status = answer.status, .out = answer.out, .err = answer.err};
}

}  // namespace konvoy::test

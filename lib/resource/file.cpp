#include "resource/file.hpp"

#include <fmt/format.h>

#include "base/text_diff.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

using target::FileType;

std::string_view name_of(FileType type) {
  switch (type) {
    case FileType::regular: return "a file";
    case FileType::directory: return "a directory";
    case FileType::link: return "a link";
    case FileType::other: break;
  }
  return "a device or socket";
}

Refusal in_the_way(const std::string& path, FileType type, std::string_view wanted) {
  return refuse(fmt::format("'{}' is {}, where {} must be", path, name_of(type), wanted),
                "move it away, then run again");
}

}  // namespace

std::string ownership_gap(const target::FileStat& is, const target::Ownership& wanted) {
  if (wanted.mode && is.mode != *wanted.mode) {
    return fmt::format("mode is {:04o}, must be {:04o}", is.mode, *wanted.mode);
  }
  if (!wanted.owner.empty() && is.owner != wanted.owner && wanted.owner != std::to_string(is.uid)) {
    return fmt::format("owner is {}, must be {}", is.owner, wanted.owner);
  }
  if (!wanted.group.empty() && is.group != wanted.group && wanted.group != std::to_string(is.gid)) {
    return fmt::format("group is {}, must be {}", is.group, wanted.group);
  }
  if (!wanted.selinux_context.empty() && is.selinux_context != wanted.selinux_context) {
    return fmt::format("SELinux context is '{}', must be '{}'", is.selinux_context,
                       wanted.selinux_context);
  }
  return {};
}

PlannedAction replace_file(const std::string& path, const std::optional<std::string>& before,
                           const std::string& after, const target::Ownership& ownership,
                           bool secret) {
  return {
      .action =
          target::WriteFile{.path = path, .content = base::Secret(after), .ownership = ownership},
      .reason = before ? "content differs" : "is not there",
      .diff = secret ? std::string() : base::unified_diff(path, before.value_or(""), after)};
}

Decision decide(const File& file, const facts::HostFacts& /*facts*/, const Observations& seen) {
  Inquiry ask(seen);
  const auto* stat = ask.stat({.path = file.path});
  const auto* content = file.only_when_absent ? nullptr : ask.read({.path = file.path});
  if (stat != nullptr && stat->stat &&
      (stat->stat->type == FileType::directory || stat->stat->type == FileType::other)) {
    return in_the_way(file.path, stat->stat->type, "a file");
  }
  if (auto open = ask.open()) return *std::move(open);
  if (!stat->stat) {
    return Actions{
        {replace_file(file.path, std::nullopt, file.content, file.ownership, file.secret)}};
  }
  if (!file.only_when_absent) {
    const bool link = stat->stat->type == FileType::link;
    if (link || content->truncated || content->content != file.content) {
      // A link is replaced by the file itself: what it leads to belongs to somebody else.
      auto replaced =
          replace_file(file.path, link ? std::optional<std::string>("") : content->content,
                       file.content, file.ownership, file.secret);
      if (link) replaced.reason = "is a link, must be a file";
      return Actions{{std::move(replaced)}};
    }
  }
  if (auto gap = ownership_gap(*stat->stat, file.ownership); !gap.empty()) {
    return Actions{{{target::SetOwnership{file.path, file.ownership}, std::move(gap), {}}}};
  }
  return Actions{};
}

Decision decide(const Directory& directory, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* stat = ask.stat({.path = directory.path, .follow = true});
  if (auto open = ask.open()) return *std::move(open);
  if (!stat->stat) {
    return Actions{
        {{target::MakeDirectory{directory.path, directory.ownership}, "is not there", {}}}};
  }
  if (stat->stat->type != FileType::directory) {
    return in_the_way(directory.path, stat->stat->type, "a directory");
  }
  if (auto gap = ownership_gap(*stat->stat, directory.ownership); !gap.empty()) {
    return Actions{
        {{target::SetOwnership{directory.path, directory.ownership}, std::move(gap), {}}}};
  }
  return Actions{};
}

Decision decide(const Link& link, const facts::HostFacts& /*facts*/, const Observations& seen) {
  Inquiry ask(seen);
  const auto* stat = ask.stat({.path = link.path});
  if (auto open = ask.open()) return *std::move(open);
  if (stat->stat && stat->stat->type == FileType::directory) {
    return in_the_way(link.path, FileType::directory, "a link");
  }
  if (stat->stat && stat->stat->type == FileType::link && stat->stat->link_target == link.to) {
    return Actions{};
  }
  std::string reason = "is not there";
  if (stat->stat && stat->stat->type == FileType::link) {
    reason = fmt::format("leads to {}, must lead to {}", stat->stat->link_target, link.to);
  } else if (stat->stat) {
    reason = fmt::format("is {}, must be a link", name_of(stat->stat->type));
  }
  return Actions{{{target::MakeLink{link.path, link.to}, std::move(reason), {}}}};
}

Decision decide(const Absent& absent, const facts::HostFacts& /*facts*/, const Observations& seen) {
  Inquiry ask(seen);
  const auto* stat = ask.stat({.path = absent.path});
  if (auto open = ask.open()) return *std::move(open);
  if (!stat->stat) return Actions{};
  if (stat->stat->type == FileType::directory && !absent.recursive) {
    return in_the_way(absent.path, FileType::directory, "nothing");
  }
  return Actions{{{target::Remove{absent.path, absent.recursive}, "is there, must not be", {}}}};
}

Resource as_resource(File file) {
  auto name = file.path;
  return wrap("file", std::move(name), std::move(file));
}
Resource as_resource(Directory directory) {
  auto name = directory.path;
  return wrap("directory", std::move(name), std::move(directory));
}
Resource as_resource(Link link) {
  auto name = link.path;
  return wrap("link", std::move(name), std::move(link));
}
Resource as_resource(Absent absent) {
  auto name = absent.path;
  return wrap("absent", std::move(name), std::move(absent));
}

}  // namespace konvoy::resource

// Whole files of a target, and what was found out about their content.
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "verify/files.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;

/// Bytes that are asked for at once.
constexpr std::uint64_t window = 8U << 20U;

base::Result<target::Observation> ask(target::Target& target, target::Probe probe) {
  KONVOY_TRY(auto answers, target.observe(std::vector{std::move(probe)}));
  if (answers.size() != 1) return Error{ErrorKind::internal, "a target gave no answer to a probe"};
  return std::move(answers.front());
}

}  // namespace

std::optional<ContentMemory::Finding> ContentMemory::find(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = findings_.find(key);
  return found == findings_.end() ? std::nullopt : std::optional(found->second);
}

void ContentMemory::keep(const std::string& key, Finding finding) {
  const std::lock_guard lock(mutex_);
  findings_.insert_or_assign(key, std::move(finding));
}

base::Result<std::optional<std::string>> read_content(target::Target& target,
                                                      const std::string& path) {
  std::string content;
  for (bool more = true; more;) {
    KONVOY_TRY(target::Observation answer,
               ask(target, target::ReadProbe{path, content.size(), window}));
    if (const auto* failure = std::get_if<target::ProbeFailure>(&answer)) {
      return Error{ErrorKind::run, fmt::format("cannot read '{}': {}", path, failure->reason)};
    }
    auto* read = std::get_if<target::ReadAnswer>(&answer);
    if (read == nullptr || !read->content) return std::optional<std::string>{};
    content += *read->content;
    more = read->truncated && !read->content->empty();
    if (content.size() > file_size_limit) {
      return Error{ErrorKind::run,
                   fmt::format("'{}' is longer than {} bytes", path, file_size_limit)};
    }
  }
  return std::optional(std::move(content));
}

}  // namespace konvoy::verify

#include "resource/image_archive.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

std::vector<std::string> ctr(const ImageArchive& archive, std::vector<std::string> words) {
  words.insert(words.begin(), {"ctr", "--address", archive.socket, "--namespace", "k8s.io"});
  return words;
}

Actions import(const ImageArchive& archive, const std::string& why) {
  const auto path = archive.directory + archive.name;
  return {.actions = {
              {target::MakeDirectory{.path = archive.directory, .ownership = {.mode = 0755}},
               "the archive lies there while it is read",
               {}},
              {target::PushFile{archive.local_path, path, archive.sha256, {.mode = 0644}}, why, {}},
              {target::RunCommand{.argv = ctr(archive, {"images", "import", path}),
                                  .timeout = std::chrono::minutes(30),
                                  .detached = true},
               why,
               {}},
              {target::Remove{.path = path}, "containerd has its content now", {}}}};
}

}  // namespace

Decision decide(const ImageArchive& archive, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* listed =
      ask.command({.argv = ctr(archive, {"images", "list", "-q"}), .output_limit = 4U << 20U});
  if (auto open = ask.open()) return *std::move(open);
  const auto there = base::split_lines(listed->out);
  std::vector<std::string> missing;
  for (const auto& image : archive.images) {
    if (std::ranges::find(there, image) == there.end()) missing.push_back(image);
  }
  if (missing.empty()) return Actions{};
  return import(archive, base::join(missing, ", ") + " is not in containerd's store");
}

Resource as_resource(ImageArchive archive) {
  auto name = archive.name;
  return wrap("image archive", std::move(name), std::move(archive));
}

}  // namespace konvoy::resource

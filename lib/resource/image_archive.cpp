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

// Where containerd keeps the names of images, below its default root (containerd's ops.md).
constexpr std::string_view names_file =
    "/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db";

// Where a root keeps the digests of what was imported: nobody runs there who could be asked.
constexpr std::string_view marks = "/var/lib/konvoy-image/imported";
std::string mark_of(const ImageArchive& archive) {
  return std::string(marks) + "/" + archive.name;
}

// $0: the archive. Without the CRI plugin, which wants cgroups and the CNI.
constexpr std::string_view import_with_own_containerd = R"(d=$(mktemp -d) || exit 1
printf 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n' >"$d/config.toml"
containerd --config "$d/config.toml" --address "$d/socket" --state "$d/state" >"$d/log" 2>&1 &
daemon=$!
trap 'kill "$daemon"; wait "$daemon"; rm -rf "$d"' EXIT
tries=0
until ctr --address "$d/socket" version >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ] || ! kill -0 "$daemon" 2>/dev/null; then cat "$d/log" >&2; exit 1; fi
  sleep 0.1
done
ctr --address "$d/socket" --namespace k8s.io images import --no-unpack "$0")";

std::vector<std::string> import_command(const ImageArchive& archive, const std::string& path,
                                        bool live) {
  if (live) return ctr(archive, {"images", "import", path});
  return {"/bin/sh", "-c", std::string(import_with_own_containerd), path};
}

Actions import(const ImageArchive& archive, const std::string& why, bool live) {
  const auto path = archive.directory + archive.name;
  Actions result{
      .actions = {
          {target::MakeDirectory{.path = archive.directory, .ownership = {.mode = 0755}},
           "the archive lies there while it is read",
           {}},
          {target::PushFile{archive.local_path, path, archive.sha256, {.mode = 0644}}, why, {}},
          {target::RunCommand{.argv = import_command(archive, path, live),
                              .timeout = std::chrono::minutes(30),
                              .detached = live},
           why,
           {}},
          {target::Remove{.path = path}, "containerd has its content now", {}}}};
  if (live) return result;
  result.actions.push_back({target::MakeDirectory{.path = std::string(marks)}, why, {}});
  result.actions.push_back(
      {target::WriteFile{.path = mark_of(archive), .content = base::Secret(archive.sha256)},
       "it is not imported again",
       {}});
  return result;
}

// The images that the running containerd does not list; nothing while that is not known.
std::vector<std::string> not_listed(const ImageArchive& archive, Inquiry& ask) {
  const auto* listed =
      ask.command({.argv = ctr(archive, {"images", "list", "-q"}), .output_limit = 4U << 20U});
  if (listed == nullptr) return {};
  const auto there = base::split_lines(listed->out);
  std::vector<std::string> missing;
  for (const auto& image : archive.images) {
    if (std::ranges::find(there, image) == there.end()) missing.push_back(image);
  }
  return missing;
}

// Whether this archive was imported into a root whose containerd still has its database.
bool imported_before(const ImageArchive& archive, Inquiry& ask) {
  const auto* database = ask.stat({.path = std::string(names_file)});
  const auto* mark = ask.read({.path = mark_of(archive)});
  return database != nullptr && mark != nullptr && database->stat &&
         mark->content == archive.sha256;
}

}  // namespace

Decision decide(const ImageArchive& archive, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  std::vector<std::string> missing;
  if (facts.live) missing = not_listed(archive, ask);
  else if (!imported_before(archive, ask)) missing = archive.images;
  if (auto open = ask.open()) return *std::move(open);
  if (missing.empty()) return Actions{};
  return import(archive, base::join(missing, ", ") + " is not in containerd's store", facts.live);
}

Resource as_resource(ImageArchive archive) {
  auto name = archive.name;
  return wrap("image archive", std::move(name), std::move(archive));
}

}  // namespace konvoy::resource

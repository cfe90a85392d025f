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
  return {.actions = {
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

// The images that containerd's database does not name; nothing while that is not known.
std::vector<std::string> not_named(const ImageArchive& archive, Inquiry& ask) {
  std::vector<std::string> missing;
  for (const auto& image : archive.images) {
    const auto* found =
        ask.command({.argv = {"grep", "-qaF", "-e", image, std::string(names_file)}});
    if (found != nullptr && found->status != 0) missing.push_back(image);
  }
  return missing;
}

}  // namespace

Decision decide(const ImageArchive& archive, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto missing = facts.live ? not_listed(archive, ask) : not_named(archive, ask);
  if (auto open = ask.open()) return *std::move(open);
  if (missing.empty()) return Actions{};
  return import(archive, base::join(missing, ", ") + " is not in containerd's store", facts.live);
}

Resource as_resource(ImageArchive archive) {
  auto name = archive.name;
  return wrap("image archive", std::move(name), std::move(archive));
}

}  // namespace konvoy::resource

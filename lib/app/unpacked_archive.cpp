#include "app/unpacked_archive.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>

#include "archive/extract.hpp"
#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "json/reader.hpp"
#include "json/render.hpp"
#include "system/descriptor.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"

namespace konvoy::app {
namespace {

using base::ErrorKind;

// The digests that the files had when they came out of the archive: what is pushed is checked
// against them, so that a file damaged since then goes nowhere.
constexpr std::string_view list_name = "/list.json";

base::Result<std::string> digest_of(const std::string& path) {
  const system::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.open()) return system::system_error(ErrorKind::run, "read", path, errno);
  KONVOY_TRY(const auto found, crypto::digest_file(crypto::DigestAlgorithm::sha256, file.fd()));
  return base::to_hex(found.digest);
}

value::Value to_value(const plan::ArchiveContent& content) {
  value::List files;
  for (const auto& file : content.files) {
    value::Map one;
    one.set("path", file.path);
    one.set("sha256", file.sha256);
    one.set("mode", static_cast<std::int64_t>(file.mode));
    files.emplace_back(std::move(one));
  }
  value::List links;
  for (const auto& [path, to] : content.links) {
    value::Map one;
    one.set("path", path);
    one.set("to", to);
    links.emplace_back(std::move(one));
  }
  value::Map map;
  map.set("files", std::move(files));
  map.set("links", std::move(links));
  return map;
}

std::string text_at(const value::Value& map, std::string_view key) {
  const auto* found = map.at_path(key);
  return found != nullptr && found->is_string() ? *found->string() : std::string();
}

const value::List& list_at(const value::Value& map, std::string_view key) {
  static const value::List none;
  const auto* found = map.at_path(key);
  return found != nullptr && found->list() != nullptr ? *found->list() : none;
}

base::Result<plan::ArchiveContent> read_list(const std::string& directory) {
  KONVOY_TRY(auto text, system::read_file(directory + std::string(list_name)));
  KONVOY_TRY(const auto document, json::parse(directory + std::string(list_name), std::move(text)));
  plan::ArchiveContent content;
  for (const auto& one : list_at(document, "files")) {
    const auto* mode = one.at_path("mode");
    const auto path = text_at(one, "path");
    content.files.push_back({.path = path,
                             .local_path = directory + "/content/" + path,
                             .sha256 = text_at(one, "sha256"),
                             .mode = mode != nullptr && mode->integer() != nullptr
                                         ? static_cast<std::uint32_t>(*mode->integer())
                                         : 0});
  }
  for (const auto& one : list_at(document, "links")) {
    content.links.emplace_back(text_at(one, "path"), text_at(one, "to"));
  }
  return content;
}

// The last entry of a path counts, as it does for tar.
base::Result<plan::ArchiveContent> list_of(const std::vector<archive::Entry>& entries,
                                           const std::string& directory) {
  std::map<std::string, const archive::Entry*> last;
  for (const auto& entry : entries) last[entry.path] = &entry;
  plan::ArchiveContent content;
  for (const auto& [path, entry] : last) {
    if (entry->kind == archive::EntryKind::symbolic_link) {
      content.links.emplace_back(path, entry->link_target);
    } else if (entry->kind != archive::EntryKind::directory) {
      plan::ArchiveFile file{
          .path = path, .local_path = directory + "/" + path, .mode = entry->mode};
      KONVOY_TRY(file.sha256, digest_of(file.local_path));
      content.files.push_back(std::move(file));
    }
  }
  return content;
}

base::Result<void> unpack(int descriptor, const std::string& name, const std::string& directory) {
  const auto unfinished = directory + ".unfinished";
  KONVOY_CHECK(system::remove_tree(unfinished));
  KONVOY_CHECK(system::make_directories(unfinished + "/content", 0700));
  if (::lseek(descriptor, 0, SEEK_SET) != 0) {
    return system::system_error(ErrorKind::run, "read", name, errno);
  }
  KONVOY_TRY(auto reader, archive::Reader::open_descriptor(descriptor, name));
  const auto content = unfinished + "/content";
  const system::Descriptor top(::open(content.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!top.open()) return system::system_error(ErrorKind::run, "open", content, errno);
  auto entries = archive::extract(reader, top.fd(), {.links = archive::Links::keep_inside});
  if (!entries) {
    KONVOY_CHECK(system::remove_tree(unfinished));
    return std::move(entries).error().with_note("the archive is '" + name + "'");
  }
  KONVOY_TRY(const auto list, list_of(*entries, content));
  KONVOY_CHECK(system::write_file(unfinished + std::string(list_name), json::render(to_value(list)),
                                  {.mode = 0600}));
  if (std::rename(unfinished.c_str(), directory.c_str()) != 0) {
    return system::system_error(ErrorKind::run, "write", directory, errno);
  }
  return {};
}

}  // namespace

base::Result<plan::ArchiveContent> unpacked(int descriptor, const std::string& name,
                                            const std::string& sha256, const std::string& cache) {
  const auto directory = cache + "/" + sha256 + ".unpacked";
  if (!system::exists(directory)) KONVOY_CHECK(unpack(descriptor, name, directory));
  KONVOY_TRY(auto content, read_list(directory));
  content.sha256 = sha256;
  return content;
}

}  // namespace konvoy::app

#include "app/program_walk.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "archive/oci_layout.hpp"
#include "archive/reader.hpp"
#include "system/descriptor.hpp"
#include "system/errors.hpp"
#include "system/mapped_file.hpp"

namespace konvoy::app {
namespace {

namespace fs = std::filesystem;

constexpr int most_depth = 3;
constexpr std::uint64_t most_entries = 1'000'000;
constexpr std::uint64_t most_unpacked = 64ULL << 30U;  // of one archive, against bombs
constexpr std::uint64_t most_program = 1ULL << 30U;    // a program in an archive is held in memory
constexpr std::size_t start_size = 512;                // enough to recognize a tar file

bool is_elf(std::string_view bytes) {
  return bytes.starts_with(
      "\x7f"
      "ELF");
}

base::Result<system::MappedFile> map(const std::string& path) {
  // O_NONBLOCK: a pipe must not keep us waiting; the map refuses it.
  const system::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return system::system_error(base::ErrorKind::input, "open", path, errno);
  return system::MappedFile::map(file.fd(), path);
}

class Walker {
 public:
  explicit Walker(const ProgramWalk& walk) : walk_(walk) {}

  base::Result<void> path(const std::string& path) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) return file(path, true);
    if (archive::is_oci_layout(path)) return layout(path);
    return directory(path);
  }

 private:
  base::Result<void> file(const std::string& path, bool whatever_it_is) {
    KONVOY_TRY(const auto mapped, map(path));
    const auto bytes = mapped.bytes();
    if (archive::looks_like_archive(bytes.substr(0, start_size)) && whatever_it_is) {
      KONVOY_TRY(auto reader, archive::Reader::open_bytes(bytes, path));
      return members(reader, path, 1);
    }
    if (whatever_it_is || is_elf(bytes)) return walk_.visit(path, bytes);
    return {};
  }

  base::Result<void> directory(const std::string& top) {
    std::vector<std::string> files;
    std::error_code failed;
    fs::recursive_directory_iterator walk(top, fs::directory_options::skip_permission_denied,
                                          failed);
    for (; !failed && walk != fs::recursive_directory_iterator(); walk.increment(failed)) {
      if (walk->symlink_status(failed).type() == fs::file_type::regular) {
        files.push_back(walk->path().string());
      }
    }
    if (failed) {
      return base::Error(base::ErrorKind::input,
                         fmt::format("cannot read below '{}': {}", top, failed.message()));
    }
    std::ranges::sort(files);
    for (const auto& path : files) {
      if (auto done = file(path, false); !done) note(std::move(done).error());
    }
    return {};
  }

  base::Result<void> layout(const std::string& path) {
    KONVOY_TRY(const auto images, archive::read_oci_layout(path));
    for (const auto& image : images) {
      for (const auto& layer : image.layers) {
        KONVOY_TRY(auto reader, archive::Reader::open(layer));
        KONVOY_CHECK(members(reader, path + ":" + image.name, 1));
      }
    }
    return {};
  }

  // Every member of an archive that is a program, and those of archives inside it.
  base::Result<void> members(archive::Reader& reader, const std::string& name, int depth) {
    std::uint64_t unpacked = 0;
    for (std::uint64_t count = 0; count < most_entries; ++count) {
      KONVOY_TRY(const auto entry, reader.next());
      if (!entry) return {};
      const auto whiteout = archive::whiteout_of(entry->path);
      if (whiteout.kind != archive::Whiteout::Kind::none) {
        walk_.remove(name + ":" + whiteout.path,
                     whiteout.kind == archive::Whiteout::Kind::directory_content);
        continue;
      }
      if (entry->kind != archive::EntryKind::file) continue;
      KONVOY_CHECK(member(reader, name + ":" + entry->path, depth, unpacked));
      if (unpacked > most_unpacked) break;
    }
    return base::Error(base::ErrorKind::input,
                       fmt::format("'{}' unpacks to more than {} files or {} bytes", name,
                                   most_entries, most_unpacked));
  }

  base::Result<void> member(archive::Reader& reader, const std::string& name, int depth,
                            std::uint64_t& unpacked) {
    KONVOY_TRY(const auto first, reader.read());
    unpacked += first.size();
    const auto start = first.substr(0, start_size);
    const bool inner = depth < most_depth && archive::looks_like_archive(start);
    if (!inner && !is_elf(start)) return {};
    std::string content(first);
    KONVOY_TRY(const auto rest, reader.read_all(most_program));
    unpacked += rest.size();
    content += rest;
    if (!inner) return walk_.visit(name, content);
    // A text may begin like an archive: what cannot be opened is no reason to stop.
    auto opened = archive::Reader::open_bytes(content, name);
    auto done =
        opened ? members(*opened, name, depth + 1) : base::Result<void>(std::move(opened).error());
    if (!done) note(std::move(done).error());
    return {};
  }

  void note(base::Error error) {
    for (auto& diagnostic : error.diagnostics) {
      diagnostic.severity = base::Severity::warning;
      walk_.problems->push_back(std::move(diagnostic));
    }
  }

  const ProgramWalk& walk_;
};

}  // namespace

base::Result<void> walk_programs(const std::string& path, const ProgramWalk& walk) {
  return Walker(walk).path(path);
}

}  // namespace konvoy::app

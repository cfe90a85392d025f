#include "archive/extract.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "archive/path.hpp"
#include "base/text.hpp"
#include "system/descriptor.hpp"
#include "system/errors.hpp"

namespace konvoy::archive {
namespace {

base::Error disk_error(std::string_view doing, std::string_view path) {
  return system::system_error(base::ErrorKind::run, doing, path, errno);
}

// A name split into the open directory that holds it and its last part.
struct Place {
  system::Descriptor parent;
  std::string leaf;
};

// Where a temporary file stands until it is complete.
constexpr std::string_view partial_suffix = ".konvoy-partial";

class Extraction {
 public:
  Extraction(Reader& reader, int directory, const ExtractOptions& options)
      : reader_(reader), directory_(directory), options_(options) {}

  base::Result<std::vector<Entry>> run() {
    std::uint64_t seen = 0;
    for (;;) {
      KONVOY_TRY(auto entry, reader_.next());
      if (!entry) break;
      if (++seen > options_.entry_limit) {
        return base::Error(
            base::ErrorKind::input,
            fmt::format("the archive has more than {} entries", options_.entry_limit));
      }
      KONVOY_CHECK(handle(std::move(*entry)));
    }
    KONVOY_CHECK(set_directory_times());
    return std::move(made_);
  }

 private:
  base::Result<void> handle(Entry entry) {
    KONVOY_TRY(const auto name, safe_path(entry.path));
    if (!wanted(name)) return {};
    const auto stripped = strip(name);
    if (!stripped || stripped->empty()) return {};
    entry.path = *stripped;
    entry.mode &= 0777U;
    KONVOY_CHECK(make(entry));
    made_.push_back(std::move(entry));
    return {};
  }

  [[nodiscard]] bool wanted(const std::string& name) const {
    return options_.only.empty() || std::ranges::any_of(options_.only, [&](const auto& pattern) {
             return base::matches_glob(name, pattern);
           });
  }

  // Nothing when the name has no more parts than are to be dropped.
  [[nodiscard]] std::optional<std::string> strip(std::string_view name) const {
    for (unsigned i = 0; i < options_.strip_components; ++i) {
      const auto slash = name.find('/');
      if (slash == std::string_view::npos) return std::nullopt;
      name.remove_prefix(slash + 1);
    }
    return std::string(name);
  }

  base::Result<void> make(const Entry& entry) {
    switch (entry.kind) {
      case EntryKind::directory: return make_directory(entry);
      case EntryKind::file: return make_file(entry);
      case EntryKind::symbolic_link:
      case EntryKind::hard_link: return make_link(entry);
      case EntryKind::special: break;
    }
    return base::Error(base::ErrorKind::input,
                       fmt::format("the archive holds '{}', a device, socket or pipe", entry.path),
                       "do not trust this archive; ask whoever made it");
  }

  base::Result<void> make_directory(const Entry& entry) {
    KONVOY_TRY(const auto directory, open_directory(entry.path));
    // The owner keeps the right to fill it.
    if (fchmod(directory.fd(), entry.mode | 0700U) != 0) {
      return disk_error("set the mode of", entry.path);
    }
    directory_times_[entry.path] = entry.mtime;
    return {};
  }

  base::Result<void> make_file(const Entry& entry) {
    KONVOY_TRY(const auto place, open_parent(entry.path));
    const auto partial = place.leaf + std::string(partial_suffix);
    unlinkat(place.parent.fd(), partial.c_str(), 0);
    const system::Descriptor file(openat(place.parent.fd(), partial.c_str(),
                                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                         0600));
    if (!file.open()) return disk_error("create", entry.path);
    auto written = fill(file.fd(), entry);
    if (written &&
        renameat(place.parent.fd(), partial.c_str(), place.parent.fd(), place.leaf.c_str()) != 0) {
      written = disk_error("put in place", entry.path);
    }
    if (!written) unlinkat(place.parent.fd(), partial.c_str(), 0);
    return written;
  }

  base::Result<void> fill(int file, const Entry& entry) {
    for (;;) {
      KONVOY_TRY(auto piece, reader_.read());
      if (piece.empty()) break;
      bytes_ += piece.size();
      if (bytes_ > options_.byte_limit) {
        return base::Error(
            base::ErrorKind::input,
            fmt::format("the archive unpacks to more than {} bytes", options_.byte_limit));
      }
      while (!piece.empty()) {
        const ssize_t put = write(file, piece.data(), piece.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return disk_error("write", entry.path);
        piece.remove_prefix(static_cast<std::size_t>(put));
      }
    }
    const timespec times[2] = {{entry.mtime, 0}, {entry.mtime, 0}};
    if (fchmod(file, entry.mode) != 0 || futimens(file, times) != 0) {
      return disk_error("set mode and time of", entry.path);
    }
    return {};
  }

  base::Result<void> make_link(const Entry& entry) {
    const bool symbolic = entry.kind == EntryKind::symbolic_link;
    const auto refuse = [&](std::string_view why) {
      return base::Error(base::ErrorKind::input,
                         fmt::format("the archive holds '{}', a link to '{}'{}", entry.path,
                                     entry.link_target, why),
                         "do not trust this archive; ask whoever made it");
    };
    if (options_.links == Links::refuse) return refuse("");
    if (symbolic && !link_stays_inside(entry.path, entry.link_target)) return refuse(" outside");
    KONVOY_TRY(const auto place, open_parent(entry.path));
    unlinkat(place.parent.fd(), place.leaf.c_str(), 0);
    if (symbolic) {
      if (symlinkat(entry.link_target.c_str(), place.parent.fd(), place.leaf.c_str()) != 0) {
        return disk_error("link", entry.path);
      }
      return {};
    }
    KONVOY_TRY(const auto target_name, safe_path(entry.link_target));
    const auto target = strip(target_name);
    if (!target) return refuse(" that is not unpacked");
    KONVOY_TRY(const auto target_place, open_parent(*target));
    if (linkat(target_place.parent.fd(), target_place.leaf.c_str(), place.parent.fd(),
               place.leaf.c_str(), 0) != 0) {
      return disk_error("link", entry.path);
    }
    return {};
  }

  // Opens, and makes where missing, every directory of `path` one by one without following links.
  base::Result<system::Descriptor> open_directory(std::string_view path) {
    system::Descriptor at(openat(directory_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!at.open()) return disk_error("open", ".");
    if (path.empty()) return at;
    for (const auto& part : base::split(path, '/')) {
      if (mkdirat(at.fd(), part.c_str(), 0755) != 0 && errno != EEXIST) {
        return disk_error("make the directory", path);
      }
      system::Descriptor next(
          openat(at.fd(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!next.open()) {
        if (errno != ENOTDIR && errno != ELOOP) return disk_error("open", path);
        return base::Error(
            base::ErrorKind::input,
            fmt::format("'{}' is to be unpacked below '{}', which is a link or a file", path, part),
            "unpack into an empty directory");
      }
      at = std::move(next);
    }
    return at;
  }

  base::Result<Place> open_parent(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) {
      KONVOY_TRY(auto top, open_directory(""));
      return Place{std::move(top), path};
    }
    KONVOY_TRY(auto parent, open_directory(std::string_view(path).substr(0, slash)));
    return Place{std::move(parent), path.substr(slash + 1)};
  }

  // Last, because filling a directory changes its time.
  base::Result<void> set_directory_times() {
    for (const auto& [path, mtime] : directory_times_) {
      KONVOY_TRY(const auto directory, open_directory(path));
      const timespec times[2] = {{mtime, 0}, {mtime, 0}};
      if (futimens(directory.fd(), times) != 0) return disk_error("set the time of", path);
    }
    return {};
  }

  Reader& reader_;
  int directory_;
  const ExtractOptions& options_;
  std::uint64_t bytes_ = 0;
  std::vector<Entry> made_;
  std::map<std::string, std::int64_t> directory_times_;
};

}  // namespace

base::Result<std::vector<Entry>> extract(Reader& reader, int directory,
                                         const ExtractOptions& options) {
  return Extraction(reader, directory, options).run();
}

base::Result<std::vector<Entry>> extract(const std::string& path, const std::string& directory,
                                         const ExtractOptions& options) {
  KONVOY_TRY(auto reader, Reader::open(path));
  const system::Descriptor target(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!target.open()) return disk_error("open the directory", directory);
  return extract(reader, target.fd(), options);
}

}  // namespace konvoy::archive

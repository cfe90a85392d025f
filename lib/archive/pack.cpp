#include "archive/pack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "archive/path.hpp"
#include "system/descriptor.hpp"

namespace konvoy::archive {
namespace {

namespace fs = std::filesystem;

using Handle = std::unique_ptr<::archive, decltype(&archive_write_free)>;
using EntryHandle = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

base::Error library_error(::archive* handle, std::string_view doing, std::string_view path) {
  const char* reason = archive_error_string(handle);
  return {base::ErrorKind::run, fmt::format("cannot {} '{}': {}", doing, path,
                                            reason != nullptr ? reason : "no reason given")};
}

base::Error input_error(std::string_view path, std::string_view why) {
  return {base::ErrorKind::input, fmt::format("cannot pack '{}': {}", path, why)};
}

// A compressor's settings are named here and not left to its defaults, which change by version.
bool add_compression(::archive* handle, Compression compression) {
  switch (compression) {
    case Compression::none: return archive_write_add_filter_none(handle) == ARCHIVE_OK;
    case Compression::gzip:
      return archive_write_add_filter_gzip(handle) == ARCHIVE_OK &&
             archive_write_set_filter_option(handle, "gzip", "compression-level", "6") ==
                 ARCHIVE_OK &&
             archive_write_set_filter_option(handle, "gzip", "timestamp", nullptr) == ARCHIVE_OK;
    case Compression::xz:
      return archive_write_add_filter_xz(handle) == ARCHIVE_OK &&
             archive_write_set_filter_option(handle, "xz", "compression-level", "6") ==
                 ARCHIVE_OK &&
             archive_write_set_filter_option(handle, "xz", "threads", "1") == ARCHIVE_OK;
    case Compression::zstd:
      return archive_write_add_filter_zstd(handle) == ARCHIVE_OK &&
             archive_write_set_filter_option(handle, "zstd", "compression-level", "3") ==
                 ARCHIVE_OK;
  }
  return false;
}

class Packing {
 public:
  Packing(const std::string& output, const PackOptions& options)
      : output_(output), options_(options) {}

  base::Result<void> run(const std::vector<Member>& members) {
    const auto partial = output_ + ".konvoy-partial";
    auto written = write_to(partial, members);
    if (written && std::rename(partial.c_str(), output_.c_str()) != 0) {
      written = base::Error(base::ErrorKind::run,
                            fmt::format("cannot write '{}': {}", output_, std::strerror(errno)));
    }
    if (!written) std::remove(partial.c_str());
    return written;
  }

 private:
  base::Result<void> write_to(const std::string& path, const std::vector<Member>& members) {
    if (archive_write_set_format_pax_restricted(handle_.get()) != ARCHIVE_OK ||
        !add_compression(handle_.get(), options_.compression) ||
        archive_write_open_filename(handle_.get(), path.c_str()) != ARCHIVE_OK) {
      return library_error(handle_.get(), "write", output_);
    }
    for (const auto& member : members) KONVOY_CHECK(add(member));
    if (archive_write_close(handle_.get()) != ARCHIVE_OK) {
      return library_error(handle_.get(), "write", output_);
    }
    return {};
  }

  base::Result<void> add(const Member& member) {
    const EntryHandle entry(archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname(entry.get(), member.path.c_str());
    archive_entry_set_mtime(entry.get(), options_.mtime, 0);
    archive_entry_set_perm(entry.get(), member.mode & 0777U);
    switch (member.kind) {
      case EntryKind::directory:
        archive_entry_set_filetype(entry.get(), AE_IFDIR);
        return add_header(entry.get(), member);
      case EntryKind::symbolic_link:
        archive_entry_set_filetype(entry.get(), AE_IFLNK);
        archive_entry_set_symlink(entry.get(), member.link_target.c_str());
        return add_header(entry.get(), member);
      case EntryKind::file:
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        return member.source.empty() ? add_content(entry.get(), member)
                                     : add_source(entry.get(), member);
      case EntryKind::hard_link:
      case EntryKind::special: break;
    }
    return input_error(member.path, "it is neither file, directory nor symbolic link");
  }

  base::Result<void> add_header(archive_entry* entry, const Member& member) {
    if (archive_write_header(handle_.get(), entry) == ARCHIVE_OK) return {};
    return library_error(handle_.get(), "pack", member.path);
  }

  base::Result<void> add_content(archive_entry* entry, const Member& member) {
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
    KONVOY_CHECK(add_header(entry, member));
    return add_data(member.content, member);
  }

  base::Result<void> add_source(archive_entry* entry, const Member& member) {
    const system::Descriptor file(open(member.source.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!file.open() || fstat(file.fd(), &status) != 0) {
      return input_error(member.source, std::strerror(errno));
    }
    archive_entry_set_size(entry, status.st_size);
    KONVOY_CHECK(add_header(entry, member));
    std::string piece(256U << 10U, '\0');
    std::int64_t total = 0;
    for (;;) {
      const ssize_t got = read(file.fd(), piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return input_error(member.source, std::strerror(errno));
      if (got == 0) break;
      total += got;
      KONVOY_CHECK(
          add_data(std::string_view(piece).substr(0, static_cast<std::size_t>(got)), member));
    }
    if (total != status.st_size) return input_error(member.source, "it changed while it was read");
    return {};
  }

  base::Result<void> add_data(std::string_view data, const Member& member) {
    if (data.empty()) return {};
    const auto put = archive_write_data(handle_.get(), data.data(), data.size());
    if (put == static_cast<la_ssize_t>(data.size())) return {};
    if (put >= 0) return input_error(member.path, "it changed while it was read");
    return library_error(handle_.get(), "pack", member.path);
  }

  const std::string& output_;
  const PackOptions& options_;
  Handle handle_{archive_write_new(), &archive_write_free};
};

base::Result<Member> member_of(const fs::directory_entry& entry, const fs::path& top) {
  std::error_code failed;
  Member member{.path = entry.path().lexically_relative(top).string()};
  const auto status = entry.symlink_status(failed);
  if (failed) return input_error(entry.path().string(), failed.message());
  switch (status.type()) {
    case fs::file_type::directory:
      member.kind = EntryKind::directory;
      member.mode = 0755;
      return member;
    case fs::file_type::symlink:
      member.kind = EntryKind::symbolic_link;
      member.mode = 0777;
      member.link_target = fs::read_symlink(entry.path(), failed).string();
      if (failed) return input_error(entry.path().string(), failed.message());
      return member;
    case fs::file_type::regular:
      member.source = entry.path().string();
      if ((status.permissions() & fs::perms::owner_exec) != fs::perms::none) member.mode = 0755;
      return member;
    default: return input_error(entry.path().string(), "it is neither file, directory nor link");
  }
}

}  // namespace

base::Result<void> pack(const std::string& output, std::vector<Member> members,
                        const PackOptions& options) {
  for (auto& member : members) {
    KONVOY_TRY(member.path, safe_path(member.path));
  }
  std::ranges::sort(members, {}, &Member::path);
  return Packing(output, options).run(members);
}

base::Result<std::vector<Member>> members_of(const std::string& directory) {
  std::vector<Member> members;
  std::error_code failed;
  const fs::path top(directory);
  fs::recursive_directory_iterator walk(top, failed);
  for (; !failed && walk != fs::recursive_directory_iterator(); walk.increment(failed)) {
    KONVOY_TRY(auto member, member_of(*walk, top));
    members.push_back(std::move(member));
  }
  if (failed) return input_error(directory, failed.message());
  return members;
}

}  // namespace konvoy::archive

#include "archive/reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "archive/path.hpp"

namespace konvoy::archive {
namespace {

constexpr std::size_t block_size = 256U << 10U;

using Handle = std::unique_ptr<::archive, decltype(&archive_read_free)>;

// Only what is compiled in: for other filters libarchive would start a program it finds in PATH.
Handle new_handle() {
  Handle handle(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(handle.get());
  archive_read_support_format_cpio(handle.get());
  archive_read_support_filter_rpm(handle.get());
  if (archive_zlib_version() != nullptr) archive_read_support_filter_gzip(handle.get());
  if (archive_bzlib_version() != nullptr) archive_read_support_filter_bzip2(handle.get());
  if (archive_liblzma_version() != nullptr) {
    archive_read_support_filter_xz(handle.get());
    archive_read_support_filter_lzma(handle.get());
  }
  if (archive_libzstd_version() != nullptr) archive_read_support_filter_zstd(handle.get());
  if (archive_liblz4_version() != nullptr) archive_read_support_filter_lz4(handle.get());
  return handle;
}

EntryKind kind_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return EntryKind::hard_link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG: return EntryKind::file;
    case AE_IFDIR: return EntryKind::directory;
    case AE_IFLNK: return EntryKind::symbolic_link;
    default: return EntryKind::special;
  }
}

// The first of the two spellings libarchive can give: it converts between character sets, and a
// name that does not fit the locale has only the UTF-8 one.
std::string text_of(const char* plain, const char* utf8) {
  if (plain != nullptr) return plain;
  return utf8 != nullptr ? utf8 : "";
}

Entry to_entry(archive_entry* entry) {
  Entry out;
  out.path = normalize(text_of(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry)));
  out.kind = kind_of(entry);
  out.size = static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_entry_size(entry)));
  out.mode = static_cast<std::uint32_t>(archive_entry_perm(entry));
  out.mtime = archive_entry_mtime(entry);
  if (out.kind == EntryKind::symbolic_link) {
    out.link_target = text_of(archive_entry_symlink(entry), archive_entry_symlink_utf8(entry));
  } else if (out.kind == EntryKind::hard_link) {
    out.link_target =
        normalize(text_of(archive_entry_hardlink(entry), archive_entry_hardlink_utf8(entry)));
  }
  return out;
}

}  // namespace

struct Reader::State {
  Handle handle = new_handle();
  std::string name;
  std::string piece;

  [[nodiscard]] base::Error error(std::string_view doing) const {
    const char* reason = archive_error_string(handle.get());
    if (reason != nullptr && reason == std::string_view("Unrecognized archive format")) {
      return {base::ErrorKind::input,
              fmt::format("'{}' is no archive, or only the beginning of one", name),
              "known are tar, cpio and rpm, plain or packed by gzip, bzip2, xz, zstd or lz4"};
    }
    return {base::ErrorKind::input,
            fmt::format("cannot {} '{}': {}", doing, name,
                        reason != nullptr ? reason : "the archive is damaged")};
  }
};

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

base::Result<Reader> Reader::open(const std::string& path) {
  auto state = std::make_unique<State>();
  state->name = path;
  if (archive_read_open_filename(state->handle.get(), path.c_str(), block_size) != ARCHIVE_OK) {
    return state->error("open the archive");
  }
  return Reader(std::move(state));
}

base::Result<Reader> Reader::open_descriptor(int descriptor, std::string name) {
  auto state = std::make_unique<State>();
  state->name = std::move(name);
  if (archive_read_open_fd(state->handle.get(), descriptor, block_size) != ARCHIVE_OK) {
    return state->error("open the archive");
  }
  return Reader(std::move(state));
}

base::Result<Reader> Reader::open_bytes(std::string_view bytes, std::string name) {
  auto state = std::make_unique<State>();
  state->name = std::move(name);
  if (archive_read_open_memory(state->handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    return state->error("open the archive");
  }
  return Reader(std::move(state));
}

base::Result<std::optional<Entry>> Reader::next() {
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(state_->handle.get(), &entry);
  if (status == ARCHIVE_EOF) return std::optional<Entry>();
  // ARCHIVE_WARN: the entry is usable, some of its text did not convert.
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return state_->error("read the archive");
  return std::optional(to_entry(entry));
}

base::Result<std::string_view> Reader::read() {
  // Unlike archive_read_data_block() this fills the holes of sparse files with zeros.
  state_->piece.resize(block_size);
  const la_ssize_t got =
      archive_read_data(state_->handle.get(), state_->piece.data(), state_->piece.size());
  if (got < 0) return state_->error("read a file from");
  return std::string_view(state_->piece).substr(0, static_cast<std::size_t>(got));
}

base::Result<std::string> Reader::read_all(std::uint64_t limit) {
  std::string content;
  for (;;) {
    KONVOY_TRY(const auto piece, read());
    if (piece.empty()) return content;
    if (content.size() + piece.size() > limit) {
      return base::Error(base::ErrorKind::input,
                         fmt::format("a file in '{}' has more than {} bytes", state_->name, limit));
    }
    content += piece;
  }
}

bool looks_like_archive(std::string_view start) {
  using namespace std::string_view_literals;
  constexpr std::size_t tar_magic_offset = 257;
  // gzip, bzip2, xz, zstd, lz4 frame, rpm lead, cpio newc and odc.
  constexpr std::array magics{"\x1f\x8b"sv,
                              "BZh"sv,
                              "\xfd"
                              "7zXZ\0"sv,
                              "\x28\xb5\x2f\xfd"sv,
                              "\x04\x22\x4d\x18"sv,
                              "\xed\xab\xee\xdb"sv,
                              "07070"sv};
  return std::ranges::any_of(magics, [&](auto magic) { return start.starts_with(magic); }) ||
         (start.size() > tar_magic_offset && start.substr(tar_magic_offset).starts_with("ustar"));
}

base::Result<std::vector<Entry>> list(const std::string& path) {
  KONVOY_TRY(auto reader, Reader::open(path));
  std::vector<Entry> entries;
  for (;;) {
    KONVOY_TRY(auto entry, reader.next());
    if (!entry) return entries;
    entries.push_back(std::move(*entry));
  }
}

}  // namespace konvoy::archive

#include "archive/decompress.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <memory>

namespace konvoy::archive {
namespace {

struct Free {
  void operator()(::archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<::archive, Free>;

base::Error failure(::archive* reader) {
  const char* why = archive_error_string(reader);
  return {base::ErrorKind::input, fmt::format("the compressed data is damaged: {}",
                                              why == nullptr ? "unknown reason" : why)};
}

}  // namespace

base::Result<std::string> decompress(std::string_view bytes, std::uint64_t limit) {
  if (bytes.empty()) return std::string();
  const Reader reader(archive_read_new());
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
    return failure(reader.get());
  }
  std::string content;
  while (true) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(reader.get(), &block, &size, &offset);
    if (status == ARCHIVE_EOF) return content;
    if (status != ARCHIVE_OK) return failure(reader.get());
    if (size > limit - content.size()) {
      return base::Error(base::ErrorKind::input,
                         fmt::format("the compressed data holds more than {} bytes", limit));
    }
    content.append(static_cast<const char*>(block), size);
  }
}

}  // namespace konvoy::archive

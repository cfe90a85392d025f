#include "system/mapped_file.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "system/errors.hpp"

namespace konvoy::system {

base::Result<MappedFile> MappedFile::map(int descriptor, std::string_view name) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) {
    return system_error(base::ErrorKind::input, "read", name, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return base::Error(base::ErrorKind::input, fmt::format("'{}' is not a regular file", name));
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return MappedFile(std::string_view());  // mmap() refuses empty maps
  void* address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (address == MAP_FAILED) return system_error(base::ErrorKind::input, "map", name, errno);
  return MappedFile(std::string_view(static_cast<const char*>(address), size));
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

}  // namespace konvoy::system

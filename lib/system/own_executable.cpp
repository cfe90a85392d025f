#include "system/own_executable.hpp"

#include <unistd.h>

namespace konvoy::system {

base::Result<std::string> own_executable() {
  std::string path(4096, '\0');
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) {
    return base::Error(base::ErrorKind::internal, "this program does not find itself",
                       "is /proc mounted?");
  }
  path.resize(static_cast<std::size_t>(length));
  return path;
}

}  // namespace konvoy::system

#include "system/errors.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <cstring>

namespace konvoy::system {
namespace {

std::string remedy(int error) {
  switch (error) {
    case ENOSPC: return "free some space on that file system";
    case EDQUOT: return "the disk quota is used up";
    case EROFS:
      return "the file system is mounted read-only; remount it with 'mount -o remount,rw'";
    case EACCES:
    case EPERM: return "run as root, or check owner and mode";
    case EISDIR: return "name one of the files in it";
    case ENOTDIR: return "a file stands where a directory is needed";
    case EMFILE: return "raise the limit of open files ('ulimit -n')";
    default: return {};
  }
}

}  // namespace

std::string describe_errno(int error) {
  const char* name = strerrordesc_np(error);
  if (name == nullptr) return fmt::format("error {}", error);
  std::string text = name;
  // "No such file" becomes "no such file", but "RPC ..." keeps its capitals.
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

base::Error system_error(base::ErrorKind kind, std::string_view what, std::string_view path,
                         int error) {
  return {kind, fmt::format("cannot {} '{}': {}", what, path, describe_errno(error)),
          remedy(error)};
}

}  // namespace konvoy::system

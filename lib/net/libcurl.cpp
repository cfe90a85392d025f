#include "net/libcurl.hpp"

#include <dlfcn.h>

namespace konvoy::net {
namespace {

// The name of its binary interface since 2006, in every distribution.
constexpr const char* library_name = "libcurl.so.4";

std::string last_problem() {
  const char* problem = ::dlerror();
  return problem == nullptr ? "unknown reason" : problem;
}

template <class Function>
void find(void* library, const char* name, Function& function, std::string& missing) {
  // POSIX promises that a function's address fits the pointer that dlsym gives.
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr && missing.empty()) missing = last_problem();
}

Libcurl load() {
  Libcurl curl;
  void* library = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    curl.missing = last_problem();
    return curl;
  }
  find(library, "curl_global_init", curl.global_init, curl.missing);
  find(library, "curl_easy_init", curl.easy_init, curl.missing);
  find(library, "curl_easy_cleanup", curl.easy_cleanup, curl.missing);
  find(library, "curl_easy_setopt", curl.set, curl.missing);
  find(library, "curl_easy_perform", curl.perform, curl.missing);
  find(library, "curl_easy_getinfo", curl.tell, curl.missing);
  find(library, "curl_easy_strerror", curl.describe, curl.missing);
  if (curl.missing.empty()) (void)curl.global_init(CURL_GLOBAL_DEFAULT);
  return curl;
}

}  // namespace

const Libcurl& libcurl() {
  static const Libcurl loaded = load();
  return loaded;
}

}  // namespace konvoy::net

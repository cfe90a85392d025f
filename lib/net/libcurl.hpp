// Private to the module: libcurl, loaded when the first transfer needs it.
//
// With the twenty libraries below it, libcurl takes longer to load than most commands take to run,
// and only downloads need it.
#pragma once

// The checks are macros around the functions' names; here functions are called by pointer.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include <string>

namespace konvoy::net {

/// The functions that are called. Without the library they are null and `missing` says why.
struct Libcurl {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_setopt) set = nullptr;
  decltype(&::curl_easy_perform) perform = nullptr;
  decltype(&::curl_easy_getinfo) tell = nullptr;
  decltype(&::curl_easy_strerror) describe = nullptr;
  std::string missing;
};

/// Loads and initialises it once; may be called by several threads.
[[nodiscard]] const Libcurl& libcurl();

}  // namespace konvoy::net

// What the stubs of KonvoyLazyOpenssl.cmake call at the first use of an OpenSSL function. It stands
// in for the dynamic loader, and ends the program as that would when the library is not there.
#include <dlfcn.h>

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
// The functions of libcrypto, then those of libssl, each name ended by a zero byte.
extern const char konvoy_openssl_names[];
extern const std::size_t konvoy_openssl_crypto_count;
extern void* konvoy_openssl_addresses[];
void* konvoy_openssl_find(std::size_t index);
}

namespace {

[[noreturn]] void end() {
  const char* problem = dlerror();
  std::fprintf(stderr, "error: cannot load OpenSSL 3: %s\n",
               problem != nullptr ? problem : "unknown reason");
  std::fputs("  hint: install libssl3 (Debian) or openssl-libs (Red Hat Enterprise Linux)\n",
             stderr);
  constexpr int cannot_load = 127;  // ld.so(8) ends so, too
  std::_Exit(cannot_load);
}

void* load(const char* name) {
  void* library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) end();
  return library;
}

void* libcrypto() {
  static void* const library = load("libcrypto.so.3");
  return library;
}

void* libssl() {
  static void* const library = load("libssl.so.3");
  return library;
}

}  // namespace

void* konvoy_openssl_find(std::size_t index) {
  const char* name = konvoy_openssl_names;
  for (std::size_t i = 0; i < index; ++i) name += std::strlen(name) + 1;
  void* address = dlsym(index < konvoy_openssl_crypto_count ? libcrypto() : libssl(), name);
  if (address == nullptr) end();
  // Another thread may find the same function at the same time, and stores the same address.
  std::atomic_ref<void*>(konvoy_openssl_addresses[index]).store(address, std::memory_order_relaxed);
  return address;
}

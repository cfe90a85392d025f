// Files that are part of the executable: konvoy_embed() in packaging/cmake/KonvoyBuild.cmake.
#pragma once

#include <string_view>

// KONVOY_EMBEDDED(binary_data_modules_json); declares a function of that name, which gives the
// bytes of lib/binary/data/modules.json. Use it at namespace scope of a .cpp.
#define KONVOY_EMBEDDED(symbol)                                                                   \
  extern "C" const char konvoy_embedded_##symbol[];                                               \
  extern "C" const char konvoy_embedded_##symbol##_end[];                                         \
  static inline std::string_view symbol() {                                                       \
    return {konvoy_embedded_##symbol,                                                             \
            static_cast<std::size_t>(konvoy_embedded_##symbol##_end - konvoy_embedded_##symbol)}; \
  }                                                                                               \
  static_assert(true)

#include "crypto/openssl.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace konvoy::crypto {

base::Error openssl_error(base::ErrorKind kind, std::string message) {
  base::Error error(kind, std::move(message));
  constexpr int most_notes = 8;
  for (int i = 0; i < most_notes; ++i) {
    const unsigned long code = ERR_get_error();
    if (code == 0) break;
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    error.diagnostics.front().notes.push_back({.message = fmt::format("openssl: {}", text.data())});
  }
  ERR_clear_error();
  return error;
}

base::Result<std::uint64_t> read_pieces(
    int descriptor, const std::function<base::Result<void>(std::string_view)>& consume) {
  constexpr std::size_t piece = 256U
                                << 10U;  // larger pieces are no faster, smaller ones are slower
  std::vector<char> buffer(piece);
  std::uint64_t offset = 0;
  for (;;) {
    const ssize_t got = pread(descriptor, buffer.data(), piece, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return base::Error(base::ErrorKind::run,
                         fmt::format("cannot read at byte {}: {}", offset, std::strerror(errno)));
    }
    if (got == 0) return offset;
    KONVOY_CHECK(consume({buffer.data(), static_cast<std::size_t>(got)}));
    offset += static_cast<std::uint64_t>(got);
  }
}

base::Result<std::shared_ptr<void>> accept_rsa(void* given, std::string_view name) {
  auto* key = static_cast<EVP_PKEY*>(given);
  constexpr int least_bits = 2048;  // SP 800-131A rev. 2, section 3
  std::shared_ptr<void> owned(key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); });
  if (EVP_PKEY_is_a(key, "RSA") != 1) {
    const char* type = EVP_PKEY_get0_type_name(key);
    return base::Error(base::ErrorKind::input,
                       fmt::format("the key in '{}' is a {} key, not an RSA key", name,
                                   type != nullptr ? type : "foreign"),
                       "file signatures are RSA: use an RSA key of 4096 bits");
  }
  if (EVP_PKEY_get_bits(key) < least_bits) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("the RSA key in '{}' has {} bits; at least {} are needed", name,
                                   EVP_PKEY_get_bits(key), least_bits),
                       "use an RSA key of 4096 bits");
  }
  return owned;
}

}  // namespace konvoy::crypto

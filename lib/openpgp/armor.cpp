#include "openpgp/armor.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace konvoy::openpgp {
namespace {

using base::Error;
using base::ErrorKind;

/// RFC 4880 section 6.1: CRC-24 with this start and polynomial.
std::uint32_t crc24(std::string_view bytes) {
  std::uint32_t crc = 0xB704CE;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << 16U;
    for (int bit = 0; bit < 8; ++bit) {
      crc <<= 1U;
      if ((crc & 0x1000000U) != 0) crc ^= 0x1864CFBU;
    }
  }
  return crc & 0xFFFFFFU;
}

bool checksum_fits(std::string_view bytes, std::string_view line) {
  const auto sum = base::from_base64(line.substr(1));
  if (!sum || sum->size() != 3) return false;
  std::uint32_t written = 0;
  for (const char byte : *sum) written = (written << 8U) | static_cast<unsigned char>(byte);
  return written == crc24(bytes);
}

/// One block's packets; `next` is at its first line after BEGIN and then at its END line.
std::optional<std::string> read_block(const std::vector<std::string>& lines, std::size_t& next,
                                      std::string_view end) {
  while (next < lines.size() && !base::trim(lines[next]).empty()) ++next;  // headers
  std::string base64;
  std::string checksum;
  for (; next < lines.size() && base::trim(lines[next]) != end; ++next) {
    if (lines[next].starts_with('=')) {
      checksum = base::trim(lines[next]);
    } else {
      base64 += lines[next];
    }
  }
  if (next >= lines.size()) return std::nullopt;
  auto bytes = base::from_base64(base64);
  if (!bytes || (!checksum.empty() && !checksum_fits(*bytes, checksum))) return std::nullopt;
  return bytes;
}

}  // namespace

bool is_armored(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && text.substr(start).starts_with("-----BEGIN PGP ");
}

base::Result<std::string> remove_armor(std::string_view text, std::string_view label) {
  if (!is_armored(text)) return std::string(text);
  const std::string begin = fmt::format("-----BEGIN PGP {}-----", label);
  const std::string end = fmt::format("-----END PGP {}-----", label);
  const std::vector<std::string> lines = base::split_lines(text);
  std::string packets;
  for (std::size_t next = 0; next < lines.size(); ++next) {
    if (base::trim(lines[next]) != begin) continue;
    const std::size_t first_line = next + 1;
    auto block = read_block(lines, ++next, end);
    if (!block) {
      return Error{ErrorKind::input,
                   fmt::format("the armor block that begins in line {} is damaged", first_line),
                   "export the key anew with 'gpg --export'"};
    }
    packets += *block;
  }
  if (packets.empty()) {
    return Error{ErrorKind::input, fmt::format("there is no armor block '{}' in it", label)};
  }
  return packets;
}

}  // namespace konvoy::openpgp

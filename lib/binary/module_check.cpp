#include "binary/module_check.hpp"

#include <fmt/format.h>

#include "crypto/digest.hpp"
#include "crypto/hmac.hpp"

namespace konvoy::binary {
namespace {

// The stored code normally stands at its known distance; another linker may have moved it.
bool holds_code(const Elf& elf, std::uint64_t text, const KnownModule& module) {
  const Bytes expected = slice(elf.bytes, text + module.code_offset, module.code.size());
  if (crypto::constant_time_equal(expected, module.code)) return true;
  return find(elf.bytes, module.code) != Bytes::npos;
}

base::Result<ModuleCheck> check_candidate(const Elf& elf, std::uint64_t offset,
                                          const KnownModule& module) {
  const Bytes text = slice(elf.bytes, offset, module.length);
  const auto altered = [&](std::string because) {
    return ModuleCheck{ModuleState::altered, &module, std::move(because)};
  };
  if (text.size() != module.length) {
    return altered(fmt::format("the text of module build {} ends after {} of {} bytes",
                               module.build, text.size(), module.length));
  }
  KONVOY_TRY(const auto digest, crypto::digest(crypto::DigestAlgorithm::sha256, text));
  KONVOY_TRY(const auto code, crypto::hmac(module.hmac, module.key, text));
  if (!crypto::constant_time_equal(digest, module.sha256) ||
      !crypto::constant_time_equal(code, module.code)) {
    return altered(fmt::format("begins as module build {} and differs in its {} bytes of text",
                               module.build, module.length));
  }
  if (!holds_code(elf, offset, module)) {
    return altered(
        fmt::format("the text is module build {}, but the integrity code that its "
                    "power-up test compares with is not there",
                    module.build));
  }
  return ModuleCheck{ModuleState::verified, &module,
                     fmt::format("{} bytes of text and their HMAC are those of module build {}",
                                 module.length, module.build)};
}

}  // namespace

base::Result<ModuleCheck> check_module(const Elf& elf, const CodeScan& scan,
                                       const std::vector<KnownModule>& modules) {
  ModuleCheck result;
  for (const auto& candidate : scan.candidates) {
    KONVOY_TRY(auto check, check_candidate(elf, candidate.offset, modules[candidate.module]));
    if (check.state == ModuleState::verified) return check;
    if (result.state == ModuleState::absent) result = std::move(check);
  }
  if (result.state == ModuleState::altered || !scan.markers.boring) return result;
  for (const auto& module : modules) {
    for (const auto& range : elf.ranges(true)) {
      if (find(slice(elf.bytes, range.offset, range.size), module.code) == Bytes::npos) continue;
      return ModuleCheck{ModuleState::altered, &module,
                         fmt::format("holds the integrity code of module build {}, but its text "
                                     "does not begin anywhere",
                                     module.build)};
    }
  }
  return result;
}

base::Result<std::optional<bool>> check_fipsinfo(const Elf& elf) {
  constexpr Bytes magic("\xff Go fipsinfo \xff\x00", 16);
  constexpr std::size_t sum_size = 32;
  constexpr int ranges = 4;
  Bytes record;
  if (const auto* section = elf.section(".go.fipsinfo")) record = elf.content(*section);
  if (!record.starts_with(magic)) {
    for (const auto& range : elf.ranges(false)) {
      const Bytes bytes = slice(elf.bytes, range.offset, range.size);
      const auto at = find(bytes, magic);
      if (at != Bytes::npos) record = bytes.substr(at);
      if (at != Bytes::npos) break;
    }
  }
  if (!record.starts_with(magic)) return std::optional<bool>();

  Cursor in(record.substr(magic.size()), elf.endian);
  const Bytes sum = in.take(sum_size);
  in.skip(8);  // its own address
  // The scheme of Go's crypto/internal/fips140/check: a fixed key, then each range with its length.
  KONVOY_TRY(auto hmac,
             crypto::Hmac::start(crypto::DigestAlgorithm::sha256, std::string(sum_size, '\0')));
  KONVOY_CHECK(hmac.update("go fips object v1\n"));
  std::uint64_t budget = elf.bytes.size();
  for (int i = 0; i < ranges; ++i) {
    const auto start = in.number(8);
    const auto end = in.number(8);
    if (!in.good() || end < start || end - start > budget) return std::optional(false);
    const auto size = end - start;
    budget -= size;
    const Bytes bytes = elf.at(start).substr(0, size);
    if (bytes.size() != size) return std::optional(false);
    std::string length(8, '\0');
    for (unsigned byte = 0; byte < 8; ++byte) {
      length[byte] = static_cast<char>(size >> (56U - 8U * byte) & 0xFFU);
    }
    KONVOY_CHECK(hmac.update(length));
    KONVOY_CHECK(hmac.update(bytes));
  }
  KONVOY_TRY(const auto code, hmac.finish());
  return std::optional(crypto::constant_time_equal(code, sum));
}

}  // namespace konvoy::binary

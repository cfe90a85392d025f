// One compressed stream in memory, whatever compressed it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::archive {

/// The content of `bytes`, found out by its first bytes: gzip, bzip2, xz, lzma, zstd, lz4; what is
/// compressed in no known way comes back as it is. More than `limit` bytes of content, and a stream
/// that is damaged or ends early, are Errors of kind input. Zeros behind the stream are passed
/// over.
base::Result<std::string> decompress(std::string_view bytes, std::uint64_t limit);

}  // namespace konvoy::archive

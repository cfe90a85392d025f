#include "verify/image_binary.hpp"

#include "archive/oci_layout.hpp"
#include "archive/reader.hpp"
#include "verify/files.hpp"

namespace konvoy::verify {
namespace {

using archive::Whiteout;

/// Whether a whiteout takes `path` away: itself, or a directory above it.
bool hides(const Whiteout& whiteout, std::string_view path) {
  if (whiteout.kind == Whiteout::Kind::none) return false;
  if (whiteout.kind == Whiteout::Kind::path && whiteout.path == path) return true;
  return whiteout.path.empty() || path.starts_with(whiteout.path + '/');
}

}  // namespace

base::Result<LayerFinding> find_in_layer(std::string_view layer, std::string_view path) {
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  KONVOY_TRY(auto reader, archive::Reader::open_bytes(layer, "image layer"));
  LayerFinding finding;
  for (;;) {
    KONVOY_TRY(const auto entry, reader.next());
    if (!entry) return finding;
    if (entry->path == path && entry->kind == archive::EntryKind::file) {
      KONVOY_TRY(finding.content, reader.read_all(file_size_limit));
    } else if (hides(archive::whiteout_of(entry->path), path)) {
      finding.removed = true;
    }
  }
}

}  // namespace konvoy::verify

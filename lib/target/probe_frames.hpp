// Probes as frames and replies as observations: probes of one kind share one process on the far
// side, and all frames go out together.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "target/frame.hpp"
#include "target/probe.hpp"

namespace konvoy::target {

/// A frame and the probes (by their index) that it answers, all of one kind.
struct ProbeFrame {
  Frame frame;
  std::vector<std::size_t> probes;
  /// Of reads: how every path is spelt there, so that no file's content looks like a header.
  std::string path_prefix;
};

/// The frames for all probes.
[[nodiscard]] std::vector<ProbeFrame> encode_probes(std::span<const Probe> probes);

/// One observation a probe, in the order of the probes, from the replies to encode_probes(). A part
/// of a reply that cannot be understood gives a ProbeFailure.
[[nodiscard]] std::vector<Observation> decode_probes(std::span<const Probe> probes,
                                                     std::span<const ProbeFrame> frames,
                                                     std::span<const Reply> replies);

/// "/" spelt so that nobody guesses it: 64 random bits as "/" and "/." in a row.
[[nodiscard]] std::string random_root_spelling();

/// Whether error messages quote the path as it is; others get a frame of their own.
[[nodiscard]] bool is_plain_path(std::string_view path);

}  // namespace konvoy::target

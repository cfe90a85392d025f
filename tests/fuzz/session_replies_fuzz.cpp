// A host may answer anything: the streams are cut the same way however they arrive, and replies
// give one observation a probe, whatever is in them.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "target/frame.hpp"
#include "target/probe_frames.hpp"

namespace {

using namespace konvoy::target;

void require(bool condition) {
  if (!condition) std::abort();
}

// The parts, as text: bytes, mark and truncation of each.
std::string cut(std::string_view stream, std::size_t piece) {
  StreamDecoder decoder;
  for (const char* nonce : {"aa", "bb", "cc"}) decoder.expect(nonce, 64);
  for (std::size_t at = 0; at < stream.size(); at += piece) decoder.feed(stream.substr(at, piece));
  std::string parts;
  while (const auto part = decoder.take()) {
    parts += part->bytes + "|" + part->end + (part->truncated ? "|truncated\n" : "\n");
  }
  return parts;
}

void decode(const std::string& out, const std::string& err) {
  const std::vector<Probe> probes{
      StatProbe{.path = "/a"}, StatProbe{.path = "/b"}, StatProbe{"/c", true},
      ReadProbe{.path = "/a"}, ReadProbe{.path = "/b"}, DigestProbe{"/a"},
      DigestProbe{"/b\n"},     ListProbe{"/a"},         CommandProbe{.argv = {"true"}},
      ReadProbe{"/a", 7, 9}};
  const auto frames = encode_probes(probes);
  std::vector<Reply> replies;
  for (const auto& frame : frames) {
    const std::string header = "==> " + frame.path_prefix + "/a <==\n";
    replies.push_back({.out = frame.path_prefix.empty() ? out : header + out, .err = err});
  }
  require(decode_probes(probes, frames, replies).size() == probes.size());
  replies.resize(replies.size() / 2);  // a session that broke
  require(decode_probes(probes, frames, replies).size() == probes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string whole = cut(text, text.size() + 1);
  require(cut(text, 1) == whole);
  require(cut(text, 7) == whole);
  decode(text, text.substr(text.size() / 2));
  return 0;
}

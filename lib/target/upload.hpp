// Large content on its way to a target: streamed, resumed, checked, put in place at once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/event.hpp"
#include "base/result.hpp"
#include "target/action.hpp"
#include "target/frame.hpp"

namespace konvoy::target {

/// What is to arrive. `read` gives up to `most` bytes from an offset on, empty at the end.
struct Upload {
  std::string what;  ///< for messages: "copy a to b"
  std::string path;
  std::string sha256;
  Ownership ownership;
  std::uint64_t size = 0;
  std::function<base::Result<std::string>(std::uint64_t offset, std::size_t most)> read;
};

/// What the transport has to offer: frames, and a frame that reads a stream (Session).
struct UploadChannel {
  std::function<base::Result<Reply>(const Frame&)> run_frame;
  std::function<base::Result<Reply>(const Frame&,
                                    const std::function<base::Result<std::string>()>& source)>
      run_stream;
};

/// Sends what is missing to a partial file beside `path`, checks the whole by SHA-256 over there,
/// and renames it. A lost connection is taken up again where it broke as long as something arrives.
[[nodiscard]] base::Result<void> upload(const Upload& what, const UploadChannel& channel,
                                        const base::EventSink& events);

/// A file of ours as an Upload.
[[nodiscard]] base::Result<Upload> upload_of(const PushFile& action);
/// Content that is too long for a frame.
[[nodiscard]] base::Result<Upload> upload_of(const WriteFile& action);

}  // namespace konvoy::target

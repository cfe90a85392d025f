// Actions as frames: POSIX sh and coreutils on the far side.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "target/action.hpp"
#include "target/frame.hpp"

namespace konvoy::target {

/// The most bytes of content that travel inside a frame; more goes over a channel of its own.
inline constexpr std::size_t most_inline_bytes = 64U << 10U;

/// The frame of any action but PushFile, and WriteFile with more than most_inline_bytes.
[[nodiscard]] Frame encode_action(const Action& action);

/// The frame that takes a partial file `part`, which is complete, to its place: owner, mode and
/// context as for WriteFile, fsync, rename.
[[nodiscard]] Frame encode_install(const std::string& part, const std::string& path,
                                   const Ownership& ownership);

/// What a reply to encode_action() means: for a file action a status other than 0 is an Error of
/// kind run with the reason that the far side gave.
[[nodiscard]] base::Result<ActionResult> decode_action(const Action& action, Reply reply);

/// "no space left on device": the end of the last line of an error message, in our style.
[[nodiscard]] std::string reason_of(std::string_view errors);

}  // namespace konvoy::target

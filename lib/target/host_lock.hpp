// One run at a time on a host: a directory there that names its holder and the boot it was taken
// in.
#pragma once

#include <functional>
#include <string>

#include "base/event.hpp"
#include "base/result.hpp"
#include "system/clock.hpp"
#include "target/target.hpp"

namespace konvoy::target {

/// Who holds a lock: enough to tell people, and for the holder's own machine to see that it is
/// gone.
struct LockHolder {
  std::string run;         ///< of the run, as in its record
  std::string controller;  ///< "HOST/BOOT-ID" of the machine it runs on
  std::string process;     ///< "PID/START-TIME" there
  bool operator==(const LockHolder&) const = default;
};

/// How to wait for a lock.
struct LockWait {
  system::Clock* clock = &system::real_clock();
  base::EventSink events = {};
  std::function<bool()> ended = {};  ///< the user does not want to wait any longer
};

/// This process.
[[nodiscard]] LockHolder this_process(std::string run);

/// One line: "run=R controller=C process=P"; parse gives empty fields for what is not there.
[[nodiscard]] std::string render(const LockHolder& holder);
[[nodiscard]] LockHolder parse_lock_holder(std::string_view line);

/// Takes the lock of a live host, or of an image root. A lock from before the host's last boot, of
/// the same run, or of a process of our machine that is gone, is taken over. Error of kind run:
/// held by someone else, who is named, with the command that removes the lock. Waits for what a run
/// that is gone left running there, and tells that once.
/// Error of kind interrupted: the wait was ended.
[[nodiscard]] base::Result<void> lock_host(Target& target, const LockHolder& holder,
                                           const LockWait& wait);

/// Gives the lock back; only if `holder` has it.
[[nodiscard]] base::Result<void> unlock_host(Target& target, const LockHolder& holder);

}  // namespace konvoy::target

// Everything that must be known of a machine before anything is decided about it.
#pragma once

#include "base/result.hpp"
#include "facts/host_facts.hpp"
#include "target/target.hpp"

namespace konvoy::facts {

/// Asks `target` for all facts in one round trip; only a UEFI vendor directory that nobody here
/// knows takes a second one. What could not be read is named in HostFacts::unread. Errors: those of
/// Target::observe (the machine did not answer at all).
[[nodiscard]] base::Result<HostFacts> gather(target::Target& target);

}  // namespace konvoy::facts

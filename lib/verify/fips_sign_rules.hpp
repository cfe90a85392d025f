// What each sign of FIPS mode is judged by; not for other modules.
#pragma once

#include <string>

#include "facts/host_facts.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::verify {

enum class State { yes, no, unknown };

struct Ruling {
  State state = State::unknown;
  std::string because;
  bool applicable = true;  ///< false: a machine of this kind cannot have the sign
};

// Each asks through `ask` and gives a ruling that counts only once nothing is open any more.

/// Every entry of the boot menu, and what later entries are made of, has fips=1, and boot= exactly
/// when it must be there.
Ruling judge_configured(resource::Inquiry& ask, const facts::HostFacts& facts);
/// /proc/sys/crypto/fips_enabled and /proc/cmdline.
Ruling judge_running(resource::Inquiry& ask, const facts::HostFacts& facts);
/// The initramfs of every installed kernel.
Ruling judge_initramfs(resource::Inquiry& ask, const facts::HostFacts& facts);
/// The system-wide crypto policy of EL8.
Ruling judge_policy(resource::Inquiry& ask, const facts::HostFacts& facts);
/// /etc/system-fips, dracut's configuration, and the checksum of every kernel.
Ruling judge_files(resource::Inquiry& ask, const facts::HostFacts& facts);
/// The packages that FIPS mode is made of.
Ruling judge_packages(resource::Inquiry& ask, const facts::HostFacts& facts);

}  // namespace konvoy::verify

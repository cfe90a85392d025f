// What provisioning does about FIPS mode beside the plan's steps: says what is left alone, looks at
// the signs afterwards, reboots where that is asked for.
#pragma once

#include "app/provision.hpp"
#include "plan/spec.hpp"

namespace konvoy::app {

/// Warns when FIPS mode is not configured and the machine is in it: nothing of that is changed.
void tell_fips_left_alone(const std::string& host, const facts::HostFacts& facts,
                          const base::EventSink& events);

/// Puts the signs of FIPS mode, and whether a reboot is asked for, into `record`. A sign other than
/// "running" and "packages" that is "no" after all steps is an Error of kind check: the machine
/// would not boot in FIPS mode, or not stay in it.
[[nodiscard]] base::Result<void> look_at_fips(target::Target& target, const plan::FipsSpec& fips,
                                              record::HostRecord& record);

/// Reboots the hosts of `record` that need it and for which it is asked for, see reboot_hosts(). A
/// host that does not come back, or comes back without FIPS mode, has failed.
void reboot_where_asked(const ProvisionRequest& request, const ProvisionServices& services,
                        record::Record& record);

}  // namespace konvoy::app

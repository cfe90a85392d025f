// What Packer's shell-local provisioner calls: this program's work on the instance.
#pragma once

#include <string>

#include "app/provision.hpp"
#include "base/result.hpp"

namespace konvoy::app {

/// Where the instance is and how to log in, as Packer told.
struct PackerInstance {
  std::string address;        ///< "ec2-user@10.0.0.7:22"
  std::string key_file;       ///< a private key; an empty or missing file: none
  std::string password_file;  ///< its first line is the password; an empty file: none
};

/// The host that `instance` means, with the key or the bastion that the variables of the work
/// directory name. Its host key is learnt into WORK_DIR/known_hosts, which belongs to this run
/// alone. Errors: usage for an address that is none, input for the work directory.
[[nodiscard]] base::Result<ChosenHost> host_of(const PackerInstance& instance,
                                               const std::string& work_directory);

/// What becomes of the instance at the end. Packer's qemu builder has no other way to shut down
/// than a command over ssh, and nothing can log in any more once the host keys are gone.
enum class AtTheEnd { leave_it_on, power_off };

/// Provisions the instance, reboots it where FIPS mode needs that, checks it, and takes away what
/// is the instance's own: the last thing that is done on it, but for turning it off. A step that
/// fails is an Error, so that Packer fails.
[[nodiscard]] base::Result<record::Record> provision_instance(const ProvisionRequest& request,
                                                              const ProvisionServices& services,
                                                              AtTheEnd end);

/// Powers the machine behind `target` off, and waits until nobody listens at the address of `host`
/// any more. Errors: run when that does not come to pass, interrupted, and what connecting from
/// here gives when nobody listens there even before.
[[nodiscard]] base::Result<void> power_off(target::Target& target, const ChosenHost& host,
                                           const ProvisionServices& services);

}  // namespace konvoy::app

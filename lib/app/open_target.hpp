// From a chosen machine to the door to it.
#pragma once

#include "app/hosts.hpp"

namespace konvoy::app {

struct OpenOptions {
  bool accept_new_keys = false;  ///< learn the keys of hosts that are not known yet
  bool offline = false;          ///< commands in an image root have no network
};

/// Opens machines: over ssh, the one we run on, or image roots. Where the local OpenSSL enforces
/// FIPS, ssh is offered only algorithms that it has. Errors of the function: those of
/// target::connect_ssh and target::open_root; usage for a local machine that we are not root on.
[[nodiscard]] OpenTarget open_with(const OpenOptions& options);

}  // namespace konvoy::app

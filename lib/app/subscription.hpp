// Private to the module: the end of a registration that was made for the time of a build.
#pragma once

#include "app/provision.hpp"

namespace konvoy::app {

/// RHSM_USER, RHSM_PASS, RHSM_ORG_ID, RHSM_ACTIVATION_KEY, RHSM_CONSUMER_NAME, RHSM_POOL_ID and
/// RHSM_ENVIRONMENT of our environment over the variables of `config` that they stand for. The
/// secrets among them are marked as such.
[[nodiscard]] value::Map with_subscription(value::Map config);

/// After a build that failed with `error`: the machine it was made on is unregistered, if this
/// program registered it. What keeps it from that is added to the error. `record`, of the run,
/// tells whether a registration was begun at all; without hosts: not known.
[[nodiscard]] base::Error give_back_subscription(base::Error error, const record::Record& record,
                                                 const ChosenHost& host,
                                                 const ProvisionServices& services);

}  // namespace konvoy::app

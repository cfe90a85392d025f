// Which values of a configuration are secret.
#pragma once

#include "value/value.hpp"

namespace konvoy::config {

/// `value`, a set of variables, with everything marked secret that is so by the schema or by the
/// name of its key (base::names_a_secret), together with all below it. Null, booleans and empty
/// text give nothing away and are not marked. What is not changed is shared.
[[nodiscard]] value::Value taint(const value::Value& value);

}  // namespace konvoy::config

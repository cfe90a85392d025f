// What only a person can bring about.
#pragma once

#include <string>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// A warning while `path` is not there; nothing is ever done about it.
struct Advice {
  std::string name;  ///< in plans: "amazon-ssm-agent"
  std::string path;
  std::string message;
  std::string hint;
  bool operator==(const Advice&) const = default;
};
[[nodiscard]] Decision decide(const Advice& advice, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Advice advice);

}  // namespace konvoy::resource

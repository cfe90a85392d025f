// The arguments of a program in the one variable of its environment file.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// Options in `VARIABLE=--a=1 --b=2` of a file like /etc/sysconfig/kubelet. What others wrote there
/// stays; only our options get our values.
struct Arguments {
  std::string path;
  std::string variable;                                        ///< "KUBELET_EXTRA_ARGS"
  std::vector<std::pair<std::string, std::string>> arguments;  ///< "--node-ip", "10.0.0.1"
  bool operator==(const Arguments&) const = default;
};
/// `text` with the options in the variable's last line (a later one would win); other lines of the
/// same variable are joined into it.
[[nodiscard]] std::string with_arguments(std::string_view text, const Arguments& wanted);
[[nodiscard]] Decision decide(const Arguments& wanted, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Arguments wanted);

}  // namespace konvoy::resource

// Whether what was installed on a FIPS node is what FIPS builds are made of.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "binary/inspect.hpp"
#include "record/record.hpp"
#include "target/target.hpp"

namespace konvoy::app {

struct CheckedExecutables {
  std::vector<record::Executable> executables;  ///< those that are there
  std::vector<base::Diagnostic> warnings;
  std::vector<base::Diagnostic> failures;  ///< not a FIPS build
};

/// Classifies programs of hosts by their bytes. Digests are taken on the host; each distinct digest
/// is fetched and looked at once, for all hosts. May be used from several threads.
class ExecutableCheck {
 public:
  /// Judges kubelet, kubeadm, kubectl, containerd, its shims, ctr and runc; names crictl and the
  /// CNI plugins without judging them. `known`: what an earlier record of this host says. Errors:
  /// the target failed.
  [[nodiscard]] base::Result<CheckedExecutables> check(
      target::Target& target, const std::vector<record::Executable>& known);

 private:
  base::Result<std::string> verdict_for(target::Target& target, const std::string& path,
                                        const std::string& sha256);

  std::mutex mutex_;
  std::map<std::string, std::string> verdicts_;  // by digest
};

}  // namespace konvoy::app

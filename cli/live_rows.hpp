// What every host is at, as lines for a terminal's end.
#pragma once

#include <string>
#include <vector>

#include "base/event.hpp"

namespace konvoy::cli {

/// One row per subject at work, in the order of their first events. Knows nothing of terminals.
class LiveRows {
 public:
  /// The subject's row shows this event; its last one (finished or failed, of no step) ends the
  /// row.
  void take(const base::Event& event);
  /// "node1  kubernetes/packages: Installing kubelet  35 s", names aligned.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  struct Row {
    std::string subject;
    std::string step;
    std::string detail;
    std::string extent;  ///< "43 %", "35 s", or nothing
  };
  std::vector<Row> rows_;
};

}  // namespace konvoy::cli

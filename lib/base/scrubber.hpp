// The last guard before any sink: takes known secret bytes out of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace konvoy::base {

/// Knows secrets and replaces them by `***`, whether they stand there raw, in base64 (any of the
/// three alignments), JSON-quoted or shell-quoted. Secrets shorter than 4 bytes are not searched
/// for: they would blot out ordinary text.
class Scrubber {
 public:
  void add(const Secret& secret);
  [[nodiscard]] std::string scrub(std::string_view text) const;
  [[nodiscard]] bool empty() const { return needles_.empty(); }

 private:
  std::vector<Secret> needles_;  // longest first, so that a part never hides the whole
};

}  // namespace konvoy::base

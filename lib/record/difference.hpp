// Where two records, or any two documents, differ.
#pragma once

#include <string>
#include <vector>

#include "value/value.hpp"

namespace konvoy::record {

struct Difference {
  std::string path;  ///< "hosts[kv2].packages[kubelet].version"
  value::Value a;    ///< null: not there
  value::Value b;
  bool operator==(const Difference&) const = default;
};

/// All differences, by path. Items of lists are told apart by what names them (name, step, path),
/// else by their place, so that an item that was put in does not shift the rest. Times and
/// durations (started, ended, seconds, run) do not count.
[[nodiscard]] std::vector<Difference> differences(const value::Value& a, const value::Value& b);

}  // namespace konvoy::record

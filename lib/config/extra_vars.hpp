// --extra-vars: variables on the command line.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "config/layer.hpp"

namespace konvoy::config {

struct ExtraVars {
  std::vector<Layer> layers;  ///< in the order of the arguments; a later one wins
  std::vector<base::Diagnostic> warnings;
};

/// Gives the bytes of a file that the user named.
using ReadFile = std::function<base::Result<std::string>(const std::string& path)>;

/// The arguments of --extra-vars, each in one of these forms:
///   key=value[,key=value...]  the value is text, may hold '=' and be empty; as in
///                             konvoy-image-builder a comma separates, unless the whole item
///                             stands in double quotes
///   a.b=value                 sets the key b of the map a
///   @FILE                     a YAML or (by its name, .json) JSON file
///   {"key": value, ...}       a JSON object
///
/// Errors (usage, or input for a file's content), those of all arguments together: an item without
/// '=', an empty name, a file that cannot be read, or holds no map.
[[nodiscard]] base::Result<ExtraVars> parse_extra_vars(std::span<const std::string> arguments,
                                                       const ReadFile& read);

}  // namespace konvoy::config

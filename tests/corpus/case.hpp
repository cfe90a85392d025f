// A case of the corpus: which files make a configuration, and what a host says about itself.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "value/value.hpp"

namespace konvoy::corpus {

/// `case.json` with the folder it stands in.
struct Case {
  value::Value description;
  std::filesystem::path folder;
};

[[nodiscard]] base::Result<Case> read_case(const std::filesystem::path& path);

/// A YAML or JSON file below the case's folder.
[[nodiscard]] base::Result<value::Value> read_input(const Case& each, const std::string& name);

/// The case's layers merged by the rules of its konvoy-image-builder.
[[nodiscard]] base::Result<value::Value> merge_layers(const Case& each);

/// The items of a list of texts under `key`; none when it is missing.
[[nodiscard]] std::vector<std::string> texts(const value::Value& description, const char* key);

}  // namespace konvoy::corpus

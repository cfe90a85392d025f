// Layers from YAML text, for the tests of this module.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "config/layer.hpp"
#include "yaml/reader.hpp"

namespace konvoy::test {

inline config::Layer layer(config::LayerKind kind, std::string text, std::string name = "x.yaml") {
  auto document = yaml::parse(std::move(name), std::move(text));
  REQUIRE(document);
  return {.kind = kind, .value = document->value};
}

}  // namespace konvoy::test

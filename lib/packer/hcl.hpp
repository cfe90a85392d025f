// A small writer of HCL2: blocks with attributes, as Packer's templates are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace konvoy::packer {

/// `expression` is HCL as it stands in the file: quoted text comes from hcl_quote().
struct Attribute {
  std::string name;
  std::string expression;
  bool operator==(const Attribute&) const = default;
};

struct Block {
  std::string type;
  std::vector<std::string> labels;
  std::vector<Attribute> attributes;
  std::vector<Block> blocks;
  bool operator==(const Block&) const = default;
};

/// `text` as an HCL string; "${" and "%{" stay text (HCL native syntax, "Quoted templates").
[[nodiscard]] std::string hcl_quote(std::string_view text);

/// A map as an expression of several lines; `depth` is that of the block it stands in, from 1.
[[nodiscard]] std::string hcl_map(const std::vector<Attribute>& entries, std::size_t depth);

/// The blocks in order, two blanks of indentation, equal signs aligned as `packer fmt` does.
[[nodiscard]] std::string render_hcl(const std::vector<Block>& blocks);

}  // namespace konvoy::packer

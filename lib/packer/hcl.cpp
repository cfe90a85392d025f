#include "packer/hcl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace konvoy::packer {
namespace {

bool spans_lines(const Attribute& attribute) {
  return attribute.expression.find('\n') != std::string::npos;
}

// Equal signs stand in one column over a run of attributes of one line each.
void render_attributes(std::span<const Attribute> attributes, const std::string& indent,
                       std::string& out) {
  while (!attributes.empty()) {
    std::size_t run = 0;
    std::size_t width = 0;
    while (run < attributes.size() && !spans_lines(attributes[run])) {
      width = std::max(width, attributes[run++].name.size());
    }
    if (run == 0) run = 1;
    for (const auto& attribute : attributes.first(run)) {
      out += fmt::format("{}{:<{}} = {}\n", indent, attribute.name, width, attribute.expression);
    }
    attributes = attributes.subspan(run);
  }
}

void render_block(const Block& block, const std::string& indent, std::string& out) {
  out += indent + block.type;
  for (const auto& label : block.labels) out += " " + hcl_quote(label);
  out += " {\n";
  render_attributes(block.attributes, indent + "  ", out);
  for (const auto& inner : block.blocks) {
    if (!block.attributes.empty() || &inner != &block.blocks.front()) out += "\n";
    render_block(inner, indent + "  ", out);
  }
  out += indent + "}\n";
}

}  // namespace

std::string hcl_quote(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool opens_template = (c == '$' || c == '%') && i + 1 < text.size() && text[i + 1] == '{';
    if (opens_template) out += c;  // "$${" is a literal "${"
    if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else if (c == '\t') out += "\\t";
    else if (c == '"' || c == '\\') out += fmt::format("\\{}", c);
    else out += c;
  }
  return out + "\"";
}

std::string hcl_map(const std::vector<Attribute>& entries, std::size_t depth) {
  std::string out = "{\n";
  render_attributes(entries, std::string(depth * 2 + 2, ' '), out);
  return out + std::string(depth * 2, ' ') + "}";
}

std::string render_hcl(const std::vector<Block>& blocks) {
  std::string out;
  for (const auto& block : blocks) {
    if (!out.empty()) out += "\n";
    render_block(block, "", out);
  }
  return out;
}

}  // namespace konvoy::packer

#include "inventory/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "inventory/draft.hpp"
#include "inventory/host_range.hpp"
#include "inventory/ini.hpp"
#include "inventory/vars_files.hpp"
#include "inventory/yaml_inventory.hpp"
#include "system/file.hpp"
#include "yaml/reader.hpp"

namespace konvoy::inventory {
namespace {

namespace fs = std::filesystem;

base::Result<Draft> read_list(const std::string& list) {
  Draft draft;
  auto& group = draft.group("ungrouped", {});
  for (const auto& part : base::split(list, ',')) {
    const auto pattern = base::trim(part);
    if (pattern.empty()) continue;
    KONVOY_TRY(const auto expanded, expand_host(pattern));
    for (const auto& name : expanded.names) {
      auto& host = draft.host(name, {});
      if (expanded.port != 0) host.vars.set("ansible_port", int{expanded.port});
      Draft::add_host(group, name);
    }
  }
  return draft;
}

// A file without an ending is YAML when its first line is a document's start or a bare key.
bool looks_like_yaml(std::string_view text) {
  for (const auto& line : base::split_lines(text)) {
    const auto first = base::trim(line);
    if (first.empty() || first.starts_with('#')) continue;
    return first == "---" || first.starts_with('{') ||
           (first.ends_with(':') && first.find_first_of(" \t[") == std::string_view::npos);
  }
  return false;
}

bool is_yaml(const std::string& path, std::string_view text) {
  const auto ending = fs::path(path).extension().string();
  if (ending == ".yaml" || ending == ".yml" || ending == ".json") return true;
  return ending.empty() && looks_like_yaml(text);
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && !std::isspace(static_cast<unsigned char>(c))) ||
           c == '\x7F';
  });
}

base::Result<Draft> parse_file(const std::string& path, std::string text,
                               std::vector<base::Diagnostic>& warnings) {
  if (!is_yaml(path, text)) {
    if (base::find_invalid_utf8(text) != std::string_view::npos || has_control_characters(text)) {
      return base::Error(base::ErrorKind::input, fmt::format("'{}' is not UTF-8 text", path),
                         "an inventory is a text file; programs are not run");
    }
    return parse_ini(std::make_shared<base::SourceText>(
        base::SourceText{.name = path, .text = std::move(text)}));
  }
  KONVOY_TRY(auto document, yaml::parse(path, std::move(text)));
  warnings = std::move(document.warnings);
  return parse_yaml(document.value);
}

}  // namespace

base::Result<Inventory> read_inventory(const std::string& source) {
  std::error_code ignored;
  if (source.find(',') != std::string::npos && !fs::exists(source, ignored)) {
    KONVOY_TRY(auto draft, read_list(source));
    KONVOY_TRY(const auto files, read_vars_files("", draft, draft.warnings));
    return assemble(draft, files);
  }
  if (fs::is_directory(source, ignored)) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("the inventory '{}' is a directory", source),
                       "name one of its files");
  }
  if (!system::exists(source)) {
    return base::Error(base::ErrorKind::input, fmt::format("there is no inventory '{}'", source),
                       "name one with '--inventory-file', or hosts with '--host'; a list of hosts "
                       "has a comma in it: 'host1,'");
  }
  KONVOY_TRY(auto text, system::read_file(source));
  std::vector<base::Diagnostic> warnings;
  KONVOY_TRY(auto draft, parse_file(source, std::move(text), warnings));
  std::ranges::move(warnings, std::back_inserter(draft.warnings));
  KONVOY_TRY(const auto files,
             read_vars_files(fs::path(source).parent_path().string(), draft, draft.warnings));
  return assemble(draft, files);
}

}  // namespace konvoy::inventory

#include "resolve/fact_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "json/reader.hpp"
#include "yaml/reader.hpp"
#include "yaml/scalar.hpp"

namespace konvoy::resolve {
namespace {

struct Distribution {
  std::string_view short_name;
  std::string_view ansible_name;  ///< ansible_distribution of Ansible 2.14's setup module
};

constexpr std::array<Distribution, 5> distributions = {{{"centos", "CentOS"},
                                                        {"rhel", "RedHat"},
                                                        {"rocky", "Rocky"},
                                                        {"almalinux", "AlmaLinux"},
                                                        {"oracle", "OracleLinux"}}};

base::Error bad_os(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& each : distributions) known.push_back(fmt::format("{}-8.4", each.short_name));
  return {base::ErrorKind::usage, fmt::format("'{}' is no operating system and version", name),
          fmt::format("write a name and a version, as in: {}", fmt::join(known, ", "))};
}

bool is_version(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

base::Result<value::Value> parse(const FactFile& file) {
  if (file.name.ends_with(".json")) return json::parse(file.name, file.text);
  KONVOY_TRY(auto document, yaml::parse(file.name, file.text));
  return std::move(document.value);
}

}  // namespace

base::Result<value::Map> facts_of_os(std::string_view name) {
  const auto dash = name.find('-');
  const auto found =
      std::ranges::find(distributions, name.substr(0, dash), &Distribution::short_name);
  if (dash == std::string_view::npos || found == distributions.end()) return bad_os(name);
  const auto version = name.substr(dash + 1);
  if (!is_version(version)) return bad_os(name);
  value::Map facts;
  facts.set("ansible_distribution", value::Value(found->ansible_name));
  facts.set("ansible_distribution_version", value::Value(version));
  facts.set("ansible_distribution_major_version",
            value::Value(version.substr(0, version.find('.'))));
  facts.set("ansible_os_family", value::Value("RedHat"));
  facts.set("ansible_architecture", value::Value("x86_64"));
  return facts;
}

base::Result<value::Map> decode_facts(const FactInputs& inputs) {
  value::Map facts;
  if (!inputs.os.empty()) {
    KONVOY_TRY(facts, facts_of_os(inputs.os));
  }
  for (const auto& file : inputs.files) {
    KONVOY_TRY(const auto value, parse(file));
    if (value.is_null()) continue;
    if (!value.is_map()) {
      return base::Error(base::ErrorKind::input,
                         {.message = fmt::format("'{}' is no map of facts", file.name),
                          .span = value.span(),
                          .notes = {},
                          .hint = "each line sets one fact: 'ansible_distribution: CentOS'"});
    }
    for (const auto& entry : value.map()->entries()) facts.set(entry);
  }
  for (const auto& setting : inputs.settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      return base::Error(base::ErrorKind::usage, fmt::format("'{}' sets no fact", setting),
                         "write it as NAME=VALUE");
    }
    facts.set(setting.substr(0, equals), yaml::resolve_scalar(setting.substr(equals + 1)));
  }
  return facts;
}

}  // namespace konvoy::resolve

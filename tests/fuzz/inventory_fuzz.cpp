// Any text may be an inventory: it is read or refused with places inside of it, and what was read
// holds together.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "base/text.hpp"
#include "inventory/host_option.hpp"
#include "inventory/host_range.hpp"
#include "inventory/ini.hpp"
#include "inventory/literal.hpp"
#include "inventory/pattern.hpp"
#include "inventory/words.hpp"

namespace {

using namespace konvoy;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_places(const std::vector<base::Diagnostic>& problems, std::size_t lines) {
  require(!problems.empty());
  for (const auto& problem : problems) {
    require(!problem.message.empty());
    if (problem.span) require(problem.span->line <= lines);
    (void)base::render(problem);
  }
}

void check_inventory(const std::string& text) {
  const auto lines = base::split_lines(text).size();
  const auto draft = inventory::parse_ini(
      std::make_shared<base::SourceText>(base::SourceText{.name = "hosts", .text = text}));
  if (!draft) return check_places(draft.error().diagnostics, lines);
  const auto inventory = inventory::assemble(*draft, {});
  if (!inventory) return check_places(inventory.error().diagnostics, lines);
  for (const auto& host : inventory->hosts) {
    require(!host.name.empty() && host.vars.is_map());
    for (const auto& group : host.groups) require(inventory->find_group(group) != nullptr);
  }
  if (inventory->hosts.empty()) return;
  const auto all = inventory::select_hosts(*inventory, "all");
  require(all.ok() && all->size() == inventory->hosts.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_inventory(text);
  const auto first = text.substr(0, text.find('\n'));
  (void)inventory::parse_literal(first, {});
  (void)inventory::split_shell_words(first, inventory::Comments::kept);
  if (const auto host = inventory::parse_host_option(first)) require(host->name[0] != '-');
  if (const auto names = inventory::expand_host(first)) {
    require(!names->names.empty() && names->names.size() <= inventory::most_hosts);
  }
  return 0;
}

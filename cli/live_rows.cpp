#include "cli/live_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace konvoy::cli {
namespace {

using base::Event;

std::string extent_of(const Event& event) {
  if (event.total > 0) return fmt::format("{} %", event.done * 100 / event.total);
  if (event.unit == "s" && event.done > 0) return fmt::format("{} s", event.done);
  return {};
}

bool is_last_word(const Event& event) {
  return event.step.empty() &&
         (event.kind == Event::Kind::finished || event.kind == Event::Kind::failed);
}

}  // namespace

void LiveRows::take(const Event& event) {
  auto row = std::ranges::find(rows_, event.subject, &Row::subject);
  if (is_last_word(event)) {
    if (row != rows_.end()) rows_.erase(row);
    return;
  }
  if (row == rows_.end()) row = rows_.insert(row, Row{.subject = event.subject});
  // Work that only says that it goes on keeps what it was said to do.
  if (row->step != event.step || !event.detail.empty()) {
    row->detail = event.detail.substr(0, event.detail.find('\n'));
  }
  row->step = event.step;
  row->extent = extent_of(event);
}

std::vector<std::string> LiveRows::lines() const {
  std::size_t width = 0;
  for (const auto& row : rows_) width = std::max(width, row.subject.size());
  std::vector<std::string> lines;
  for (const auto& row : rows_) {
    auto line = fmt::format("{:{}}  {}", row.subject, width, row.step);
    if (!row.detail.empty()) line += (row.step.empty() ? "" : ": ") + row.detail;
    if (!row.extent.empty()) line += "  " + row.extent;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace konvoy::cli

#include "disk/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "json/reader.hpp"

namespace konvoy::disk {
namespace {

using base::Error;
using base::ErrorKind;
using value::Value;

std::string text_of(const Value& map, std::string_view key) {
  const auto* found = map.at_path(key);
  return found != nullptr && found->is_string() ? *found->string() : std::string();
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The number at the end of "image.raw3" or "image.rawp3".
int trailing_number(std::string_view name) {
  const auto last = name.find_last_not_of("0123456789");
  return static_cast<int>(number_in(name.substr(last + 1)).value_or(0));
}

const Value* list_at(const Value& value, std::string_view path) {
  const auto* found = value.at_path(path);
  return found != nullptr && found->is_list() ? found : nullptr;
}

// fstab(5): a blank in a field stands as \040.
std::string unescape(std::string_view field) {
  return base::replace_all(base::replace_all(field, "\\040", " "), "\\011", "\t");
}

}  // namespace

base::Result<std::vector<Extent>> parse_partitions(const std::string& json) {
  KONVOY_TRY(const auto value, json::parse("sfdisk", json));
  const auto* partitions = list_at(value, "partitiontable.partitions");
  if (partitions == nullptr) return Error(ErrorKind::input, "the image has no partition table");
  const auto* sector = value.at_path("partitiontable.sectorsize");
  // Older versions of sfdisk do not say; they count in 512 bytes.
  const std::int64_t unit =
      sector != nullptr && sector->integer() != nullptr ? *sector->integer() : 512;
  std::vector<Extent> extents;
  for (const auto& partition : *partitions->list()) {
    const auto* start = partition.at_path("start");
    const auto* size = partition.at_path("size");
    if (start == nullptr || size == nullptr || start->integer() == nullptr ||
        size->integer() == nullptr) {
      return Error(ErrorKind::input, "a partition has no start or no size");
    }
    extents.push_back({.offset = static_cast<std::uint64_t>(*start->integer() * unit),
                       .size = static_cast<std::uint64_t>(*size->integer() * unit),
                       .number = trailing_number(text_of(partition, "node"))});
  }
  std::ranges::stable_sort(extents, {}, &Extent::number);
  return extents;
}

Signature parse_signature(std::string_view output) {
  Signature signature;
  for (const auto& line : base::split_lines(output)) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    const auto key = line.substr(0, equals);
    const auto text = line.substr(equals + 1);
    if (key == "TYPE") signature.type = text;
    if (key == "UUID") signature.uuid = text;
    if (key == "LABEL") signature.label = text;
  }
  return signature;
}

base::Result<std::vector<Extent>> parse_logical_volumes(const std::string& json,
                                                        const PhysicalVolume& volume) {
  KONVOY_TRY(const auto value, json::parse("lvs", json));
  std::vector<Extent> extents;
  const auto* reports = list_at(value, "report");
  if (reports == nullptr) return Error(ErrorKind::input, "lvs gave no report");
  for (const auto& report : *reports->list()) {
    const auto* segments = list_at(report, "seg");
    if (segments == nullptr) continue;
    for (const auto& segment : *segments->list()) {
      const auto name = text_of(segment, "vg_name") + "/" + text_of(segment, "lv_name");
      const auto same = [&](const Extent& extent) { return extent.device == name; };
      if (std::ranges::any_of(extents, same)) {
        std::erase_if(extents, same);  // a second segment: not linear as a whole
        continue;
      }
      // "/dev/loop0:256-2303": physical extents, the last one included.
      const auto range = text_of(segment, "seg_pe_ranges");
      const auto first = range.substr(range.rfind(':') + 1);
      const auto start = number_in(std::string_view(first).substr(0, first.find('-')));
      const auto size = number_in(text_of(segment, "seg_size"));
      if (text_of(segment, "segtype") != "linear" || !start || !size) continue;
      extents.push_back({.offset = volume.offset + volume.data_start + *start * volume.extent_size,
                         .size = *size,
                         .device = name});
    }
  }
  return extents;
}

std::vector<FstabEntry> parse_fstab(std::string_view text) {
  std::vector<FstabEntry> entries;
  for (const auto& line : base::split_lines(text)) {
    const auto fields = base::split_words(line);
    if (fields.size() < 3 || fields[0].starts_with('#') || !fields[1].starts_with('/')) continue;
    entries.push_back({unescape(fields[0]), unescape(fields[1]), fields[2]});
  }
  std::ranges::stable_sort(entries, {}, [](const FstabEntry& entry) {
    return entry.path == "/" ? 0 : std::ranges::count(entry.path, '/');
  });
  return entries;
}

bool names(std::string_view source, const Extent& extent, const Signature& signature) {
  if (source.starts_with("UUID="))
    return !signature.uuid.empty() && source.substr(5) == signature.uuid;
  if (source.starts_with("LABEL=")) {
    return !signature.label.empty() && source.substr(6) == signature.label;
  }
  if (extent.device.empty()) return false;
  // Device mapper doubles the dashes of both names: "my-vg/root" is /dev/mapper/my--vg-root.
  const auto slash = extent.device.find('/');
  const auto mapper = base::replace_all(extent.device.substr(0, slash), "-", "--") + "-" +
                      base::replace_all(extent.device.substr(slash + 1), "-", "--");
  return source == "/dev/" + extent.device || source == "/dev/mapper/" + mapper;
}

}  // namespace konvoy::disk

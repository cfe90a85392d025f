#include "binary/function_names.hpp"

#include <algorithm>
#include <array>

namespace konvoy::binary {
namespace {

// First words of a pclntab, by the Go version that introduced the layout.
constexpr std::uint64_t magic_go_1_2 = 0xfffffffb;
constexpr std::uint64_t magic_go_1_16 = 0xfffffffa;
constexpr std::uint64_t magic_go_1_18 = 0xfffffff0;
constexpr std::uint64_t magic_go_1_20 = 0xfffffff1;

// Go's names are shorter; generic ones reach some hundred characters.
constexpr std::size_t longest_name = 4096;

// Every linked Go program has the runtime in it.
bool holds_the_runtime(Bytes names) {
  return find(names, "runtime.") != Bytes::npos;
}

std::optional<FunctionTable> with_names(FunctionTable table, bool text_start) {
  Cursor in(table.bytes.substr(8), table.endian);
  table.functions = in.number(table.word);
  in.skip(table.word);                  // number of files
  if (text_start) in.skip(table.word);  // since Go 1.18
  const auto names = in.number(table.word);
  const auto units = in.number(table.word);  // what follows the names
  if (!in.good() || names >= units || units > table.bytes.size()) return std::nullopt;
  table.names = slice(table.bytes, names, units - names);
  if (!holds_the_runtime(table.names)) return std::nullopt;
  return table;
}

std::optional<FunctionTable> with_records(FunctionTable table) {
  table.before_go_1_16 = true;
  table.functions = load(table.bytes, 8, table.word, table.endian).value_or(0);
  const std::uint64_t most = table.bytes.size() / (2 * table.word);
  if (table.functions == 0 || table.functions > most) return std::nullopt;
  bool runtime = false;
  for_each_function(table, [&](Bytes name) { runtime = runtime || name.starts_with("runtime."); });
  if (!runtime) return std::nullopt;
  return table;
}

// The table whose header is at the start of `bytes`, if that is one.
std::optional<FunctionTable> parse_table(Bytes bytes, Endian endian) {
  const auto magic = load(bytes, 0, 4, endian);
  if (!magic || load(bytes, 4, 2, endian) != 0U) return std::nullopt;
  const auto quantum = load(bytes, 6, 1, endian);
  const auto word = load(bytes, 7, 1, endian);
  if (quantum != 1U && quantum != 2U && quantum != 4U) return std::nullopt;
  if (word != 4U && word != 8U) return std::nullopt;
  FunctionTable table{.bytes = bytes, .word = static_cast<unsigned>(*word), .endian = endian};
  switch (*magic) {
    case magic_go_1_18:
    case magic_go_1_20: return with_names(table, true);
    case magic_go_1_16: return with_names(table, false);
    case magic_go_1_2: return with_records(table);
    default: return std::nullopt;
  }
}

std::optional<FunctionTable> search(const Elf& elf, const Range& range) {
  constexpr std::size_t step = 4;
  // A hostile file may be full of headers that look right; a real one has one table.
  int attempts = 64;
  const Bytes bytes = slice(elf.bytes, range.offset, range.size);
  // All four magics share three bytes: ff ff ff.
  const std::size_t first = elf.endian == Endian::little ? 1 : 0;
  std::size_t at = (step - range.offset % step) % step;
  for (; at + 8 <= bytes.size(); at += step) {
    if (bytes[at + first] != '\xff' || bytes[at + 4] != 0 || bytes[at + 5] != 0) continue;
    const auto magic = load(bytes, at, 4, elf.endian).value_or(0);
    if (magic != magic_go_1_20 && magic != magic_go_1_18 && magic != magic_go_1_16 &&
        magic != magic_go_1_2) {
      continue;
    }
    if (auto table = parse_table(bytes.substr(at), elf.endian)) return table;
    if (--attempts == 0) break;
  }
  return std::nullopt;
}

void visit_records(const FunctionTable& table, const std::function<void(Bytes)>& visit) {
  std::uint64_t budget = 2 * table.bytes.size();
  const std::uint64_t entries = 8 + table.word;
  for (std::uint64_t i = 0; i < table.functions; ++i) {
    const auto record =
        load(table.bytes, entries + (2 * i + 1) * table.word, table.word, table.endian);
    if (!record || *record > table.bytes.size()) return;
    const auto offset = load(table.bytes, *record + table.word, 4, table.endian);
    if (!offset) return;
    const Bytes name = c_string(table.bytes, *offset, longest_name);
    if (!name.empty()) visit(name);
    if (budget < name.size() + 1) return;
    budget -= name.size() + 1;
  }
}

}  // namespace

std::optional<FunctionTable> find_function_table(const Elf& elf) {
  for (const std::string_view name : {".gopclntab", ".data.rel.ro.gopclntab"}) {
    const auto* section = elf.section(name);
    if (section == nullptr) continue;
    if (auto table = parse_table(elf.content(*section), elf.endian)) return table;
  }
  for (const bool executable : {false, true}) {
    for (const auto& range : elf.ranges(executable)) {
      if (auto table = search(elf, range)) return table;
    }
  }
  return std::nullopt;
}

void for_each_function(const FunctionTable& table, const std::function<void(Bytes)>& visit) {
  if (table.before_go_1_16) return visit_records(table, visit);
  Bytes rest = table.names;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\0'), rest.size());
    if (end > 0) visit(rest.substr(0, std::min(end, longest_name)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

Bytes package_of(Bytes function) {
  // Type arguments and receivers may hold other packages' paths.
  Bytes path = function.substr(0, std::min(function.find_first_of("(["), function.size()));
  const auto slash = path.rfind('/');
  const auto dot = path.find('.', slash == Bytes::npos ? 0 : slash);
  path = path.substr(0, std::min(dot, path.size()));
  constexpr Bytes vendor = "vendor/";
  const auto inside = path.rfind("/vendor/");
  if (inside != Bytes::npos) return path.substr(inside + 1 + vendor.size());
  return path.starts_with(vendor) ? path.substr(vendor.size()) : path;
}

}  // namespace konvoy::binary

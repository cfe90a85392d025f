#include "binary/synthetic_elf.hpp"

#include "base/encoding.hpp"

namespace konvoy::binary::test {
namespace {

std::string marker(std::string_view name) {
  return *base::from_hex("eb1df448f44bf4" + std::string(name) + "c3");
}

std::string padded(std::string text, std::size_t size) {
  if (text.size() < size) text.resize(size, '\0');
  return text;
}

}  // namespace

std::string number(std::uint64_t value, unsigned size, Endian endian) {
  std::string bytes(size, '\0');
  for (unsigned i = 0; i < size; ++i) {
    const unsigned at = endian == Endian::little ? i : size - 1 - i;
    bytes[at] = static_cast<char>(value >> (8U * i) & 0xFFU);
  }
  return bytes;
}

std::string SyntheticElf::build() const {
  const auto n = [&](std::uint64_t value, unsigned size) { return number(value, size, endian); };
  const unsigned header_size = word == 8 ? 64 : 52;
  const unsigned entry_size = word == 8 ? 56 : 32;
  const auto program = [&](std::uint64_t kind, std::uint64_t flags, std::uint64_t offset,
                           std::uint64_t size) {
    const auto address = base + offset;
    std::string entry = n(kind, 4);
    if (word == 8) entry += n(flags, 4);
    entry += n(offset, word) + n(address, word) + n(address, word) + n(size, word) + n(size, word);
    if (word == 4) entry += n(flags, 4);
    return entry + n(page, word);
  };
  std::string programs = program(1, 5, code_address() - base, code.size()) +
                         program(1, 4, constants_address() - base, constants.size()) +
                         program(1, 6, data_address() - base, data.size());
  if (interpreter) programs += program(3, 4, 0, 16);
  std::string file =
      "\x7f"
      "ELF";
  file += static_cast<char>(word == 8 ? 2 : 1);
  file += static_cast<char>(endian == Endian::little ? 1 : 2);
  file = padded(file + "\x01", 16);
  file += n(type, 2) + n(machine, 2) + n(1, 4) + n(code_address(), word) + n(header_size, word) +
          n(0, word) + n(0, 4) + n(header_size, 2) + n(entry_size, 2) +
          n(programs.size() / entry_size, 2) + n(64, 2) + n(0, 2) + n(0, 2);
  file = padded(file + programs, code_address() - base) + code;
  file = padded(file, constants_address() - base) + constants;
  return padded(file, data_address() - base) + data;
}

std::string marked(std::string_view lines) {
  return *base::from_hex("3077af0c9274080241e1c107e6d618e6") + std::string(lines) +
         *base::from_hex("f932433186182072008242104116d8f2");
}

std::string inline_build_info(std::string_view version, std::string_view lines) {
  const auto text = [](std::string_view content) {
    std::string length;
    auto rest = content.size();
    for (; rest >= 0x80; rest >>= 7U) length += static_cast<char>((rest & 0x7FU) | 0x80U);
    return length + static_cast<char>(rest) + std::string(content);
  };
  return padded(std::string("\xff Go buildinf:") + "\x08\x02", 32) + text(version) +
         text(marked(lines));
}

std::string function_table(std::uint32_t magic, const std::vector<std::string>& names,
                           unsigned word, Endian endian) {
  const auto n = [&](std::uint64_t value) { return number(value, word, endian); };
  const bool text_start = magic != 0xfffffffa;
  const std::uint64_t begin = 8 + (text_start ? 8U : 7U) * word;
  std::string all;
  for (const auto& name : names) all += name + '\0';
  std::string table = number(magic, 4, endian) + std::string("\0\0\x01", 3);
  table += static_cast<char>(word);
  table += n(names.size()) + n(0);
  if (text_start) table += n(SyntheticElf::base);
  const auto end = begin + all.size();
  return table + n(begin) + n(end) + n(end) + n(end) + n(end) + all + std::string(64, '\0');
}

std::string old_function_table(const std::vector<std::string>& names, unsigned word,
                               Endian endian) {
  const auto n = [&](std::uint64_t value) { return number(value, word, endian); };
  std::string table = number(0xfffffffb, 4, endian) + std::string("\0\0\x01", 3);
  table += static_cast<char>(word);
  table += n(names.size());
  const auto records = table.size() + (2 * names.size() + 1) * word;
  const auto record_size = word + 4;
  auto name_at = records + names.size() * record_size;
  std::string record_bytes;
  std::string name_bytes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto entry = SyntheticElf::base + i;
    table += n(entry) + n(records + i * record_size);
    record_bytes += n(entry) + number(name_at, 4, endian);
    name_bytes += names[i] + '\0';
    name_at += names[i].size() + 1;
  }
  return table + n(SyntheticElf::base + names.size()) + record_bytes + name_bytes;
}

std::string boring_marker() {
  return marker("b332f52813a3b450d441cc2485f001454e92101b1d2f1950");
}
std::string standard_marker() {
  return marker("baee4dfa9851ca56a91145e83e99c59cf911cb8e80daf12f");
}
std::string fips_only_marker() {
  return marker("363cb9ce9d68047d31f28d325d5ca5873f5d80caf6d6151b");
}

}  // namespace konvoy::binary::test

#include "template/unicode.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace konvoy::templates {
namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

template <class Change>
std::string change_each(std::string_view text, Change change) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto size = code_point_bytes(text);
    const auto code = decode_code_point(text);
    const auto changed = change(code);
    if (changed == code) {
      out += text.substr(0, size);
    } else {
      append_code_point(out, changed);
    }
    text.remove_prefix(size);
  }
  return out;
}

bool is_in(std::string_view character, std::string_view set) {
  if (set.empty()) return is_space(decode_code_point(character));
  const auto all = characters(set);
  return std::ranges::find(all, character) != all.end();
}

// Pairs whose upper case is the even (or, second range of each script, the odd) code point.
bool in_paired_latin(char32_t code) {
  return (code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177) ||
         (code >= 0x1E00 && code <= 0x1E95) || (code >= 0x1EA0 && code <= 0x1EFF) ||
         (code >= 0x460 && code <= 0x481) || (code >= 0x48A && code <= 0x4BF) ||
         (code >= 0x4D0 && code <= 0x52F);
}
bool in_odd_paired_latin(char32_t code) {
  return (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E);
}

}  // namespace

std::size_t code_point_bytes(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  std::size_t size = 1;
  if (first >= 0xC2 && first <= 0xDF) size = 2;
  if (first >= 0xE0 && first <= 0xEF) size = 3;
  if (first >= 0xF0 && first <= 0xF4) size = 4;
  if (size > text.size()) return 1;
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return 1;
  }
  return size;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(code_point_bytes(text));
  return count;
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> all;
  all.reserve(text.size());
  while (!text.empty()) {
    const auto size = code_point_bytes(text);
    all.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return all;
}

char32_t decode_code_point(std::string_view text) {
  const auto size = code_point_bytes(text);
  const auto byte = [text](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  if (size == 1) return byte(0) < 0x80 ? byte(0) : 0xFFFD;
  if (size == 2) return (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
  if (size == 3) {
    return (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
  }
  if (size == 4) {
    return (byte(0) & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U |
           (byte(3) & 0x3FU);
  }
  return 0xFFFD;
}

void append_code_point(std::string& text, char32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
  const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6U);
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

char32_t upper_of(char32_t code) {
  if (code >= 'a' && code <= 'z') return code - 32;
  if (code < 0xE0) return code;
  if (code <= 0xFE && code != 0xF7) return code - 32;
  if (code == 0xFF) return 0x178;
  if (in_paired_latin(code)) return code & ~char32_t{1};
  if (in_odd_paired_latin(code)) return code % 2 == 0 ? code - 1 : code;
  if (code >= 0x3B1 && code <= 0x3C9 && code != 0x3C2) return code - 32;
  if (code >= 0x430 && code <= 0x44F) return code - 32;
  if (code >= 0x450 && code <= 0x45F) return code - 80;
  return code;
}

char32_t lower_of(char32_t code) {
  if (code >= 'A' && code <= 'Z') return code + 32;
  if (code < 0xC0) return code;
  if (code <= 0xDE && code != 0xD7) return code + 32;
  if (code == 0x178) return 0xFF;
  if (in_paired_latin(code)) return code | 1U;
  if (in_odd_paired_latin(code)) return code % 2 == 1 ? code + 1 : code;
  if (code >= 0x391 && code <= 0x3A9 && code != 0x3A2) return code + 32;
  if (code >= 0x410 && code <= 0x42F) return code + 32;
  if (code >= 0x400 && code <= 0x40F) return code + 80;
  return code;
}

bool is_letter(char32_t code) {
  if (code < 0x80) return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  return code == 0xAA || code == 0xB5 || code == 0xBA ||
         (code >= 0xC0 && code <= 0x2AF && code != 0xD7 && code != 0xF7) ||
         (code >= 0x370 && code <= 0x1FFF) || (code >= 0x3040 && code <= 0xD7FF);
}

bool is_space(char32_t code) {
  return code == ' ' || (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x1F) ||
         code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
         code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

std::string to_upper(std::string_view text) {
  return change_each(text, upper_of);
}
std::string to_lower(std::string_view text) {
  return change_each(text, lower_of);
}

std::string capitalize(std::string_view text) {
  bool first = true;
  return change_each(text, [&first](char32_t code) {
    const auto changed = first ? upper_of(code) : lower_of(code);
    first = false;
    return changed;
  });
}

std::string to_title(std::string_view text) {
  bool inside = false;
  return change_each(text, [&inside](char32_t code) {
    const auto changed = inside ? lower_of(code) : upper_of(code);
    inside = is_letter(code);
    return changed;
  });
}

std::string_view strip_left(std::string_view text, std::string_view set) {
  while (!text.empty() && is_in(text.substr(0, code_point_bytes(text)), set)) {
    text.remove_prefix(code_point_bytes(text));
  }
  return text;
}

std::string_view strip_right(std::string_view text, std::string_view set) {
  while (!text.empty()) {
    std::size_t size = 1;
    while (size < 4 && size < text.size() && is_continuation(text[text.size() - size])) ++size;
    if (code_point_bytes(text.substr(text.size() - size)) != size) size = 1;
    if (!is_in(text.substr(text.size() - size), set)) break;
    text.remove_suffix(size);
  }
  return text;
}

std::string_view strip(std::string_view text, std::string_view set) {
  return strip_left(strip_right(text, set), set);
}

}  // namespace konvoy::templates

#include "boot/grubenv.hpp"

#include <fmt/format.h>

namespace konvoy::boot {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view signature = "# GRUB Environment Block\n";

/// The offset of the newline that ends the line at `begin`; an escaped newline does not.
std::size_t line_end(std::string_view body, std::size_t begin) {
  std::size_t at = begin;
  while (at < body.size() && body[at] != '\n') at += body[at] == '\\' ? 2 : 1;
  return at;
}

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< of its newline
  std::string_view name;
  std::string_view value;  ///< escaped
};

/// The line at `begin`; comments and lines without "=" have no name.
Line line_at(std::string_view body, std::size_t begin) {
  Line line{.begin = begin, .end = line_end(body, begin)};
  const auto text = body.substr(begin, line.end - begin);
  const auto equals = text.find('=');
  if (text.starts_with('#') || equals == std::string_view::npos) return line;
  line.name = text.substr(0, equals);
  line.value = text.substr(equals + 1);
  return line;
}

std::optional<Line> find_line(std::string_view body, std::string_view name) {
  for (std::size_t at = signature.size(); at < body.size();) {
    const Line line = line_at(body, at);
    if (!line.name.empty() && line.name == name) return line;
    at = line.end + 1;
  }
  return std::nullopt;
}

std::string escape(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '\n') text += '\\';
    text += c;
  }
  return text;
}

std::string unescape(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return value;
}

Error damaged(std::string_view path, std::string_view why) {
  return {ErrorKind::input,
          fmt::format("the GRUB environment block '{}' is damaged: {}", path, why),
          "restore it from a backup, or make a new one with 'grub2-editenv - create' and set "
          "'kernelopts' and 'saved_entry' again"};
}

}  // namespace

base::Result<Grubenv> Grubenv::parse(std::string_view bytes, std::string_view path) {
  if (!bytes.starts_with(signature)) {
    return damaged(path, "it does not start with '# GRUB Environment Block'");
  }
  const auto last = bytes.find_last_not_of('#');
  if (bytes[last] != '\n') return damaged(path, "its last line has no end");
  const auto body = bytes.substr(0, last + 1);
  for (std::size_t at = signature.size(); at < body.size();) {
    const Line line = line_at(body, at);
    if (line.end >= body.size()) return damaged(path, "its last line has no end");
    at = line.end + 1;
  }
  return Grubenv(std::string(path), bytes.size(), std::string(body));
}

Grubenv Grubenv::empty() {
  return {"grubenv", grubenv_size, std::string(signature)};
}

std::optional<std::string> Grubenv::find(std::string_view name) const {
  const auto line = find_line(body_, name);
  if (!line) return std::nullopt;
  return unescape(line->value);
}

std::vector<std::pair<std::string, std::string>> Grubenv::entries() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t at = signature.size(); at < body_.size();) {
    const Line line = line_at(body_, at);
    if (!line.name.empty()) all.emplace_back(line.name, unescape(line.value));
    at = line.end + 1;
  }
  return all;
}

base::Result<void> Grubenv::set(std::string_view name, std::string_view value) {
  std::string body = body_;
  const std::string text = fmt::format("{}={}\n", name, escape(value));
  if (const auto line = find_line(body_, name)) {
    body.replace(line->begin, line->end + 1 - line->begin, text);
  } else {
    body += text;
  }
  if (body.size() > size_) {
    return Error(ErrorKind::input,
                 fmt::format("the GRUB environment block '{}' is full: '{}' needs {} bytes more "
                             "than its {}",
                             path_, name, body.size() - size_, size_),
                 "shorten 'kernelopts' or remove other variables with 'grub2-editenv'; the file "
                 "cannot grow, as GRUB writes it block by block");
  }
  body_ = std::move(body);
  return {};
}

void Grubenv::remove(std::string_view name) {
  if (const auto line = find_line(body_, name)) {
    body_.erase(line->begin, line->end + 1 - line->begin);
  }
}

std::string Grubenv::render() const {
  return body_ + std::string(size_ - body_.size(), '#');
}

}  // namespace konvoy::boot

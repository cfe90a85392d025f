#include "openpgp/clear_signed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace konvoy::openpgp {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view begin_text = "-----BEGIN PGP SIGNED MESSAGE-----";
constexpr std::string_view begin_signature = "-----BEGIN PGP SIGNATURE-----";
constexpr std::string_view end_signature = "-----END PGP SIGNATURE-----";

/// The lines with the place that is being read; line numbers start at 1.
struct Reader {
  std::vector<std::string> lines;
  std::size_t next = 0;

  [[nodiscard]] bool done() const { return next >= lines.size(); }
  [[nodiscard]] std::string_view line() const { return lines[next]; }
  [[nodiscard]] bool blank() const { return base::trim(line()).empty(); }
  [[nodiscard]] bool at(std::string_view marker) const { return rstrip(line()) == marker; }
  void skip_blank() {
    while (!done() && blank()) ++next;
  }
  /// RFC 4880 section 7.1: blanks and tabs at a line's end are no part of the text.
  static std::string_view rstrip(std::string_view line) {
    const std::size_t last = line.find_last_not_of(" \t\r");
    return last == std::string_view::npos ? std::string_view{} : line.substr(0, last + 1);
  }
};

Error refuse(const Reader& reader, std::string_view what) {
  return {ErrorKind::input, fmt::format("line {}: {}", reader.next + 1, what),
          "exactly one clear-signed block with nothing outside it is accepted here"};
}

base::Result<void> read_headers(Reader& reader) {
  reader.skip_blank();
  if (reader.done() || !reader.at(begin_text)) return refuse(reader, "no clear-signed text begins");
  for (++reader.next; !reader.done() && !reader.blank(); ++reader.next) {
    // GnuPG takes only these: any other line might make a reader and gpgv see different texts.
    if (!reader.line().starts_with("Hash: ")) {
      return refuse(reader, "a header other than 'Hash' in the clear-signed text");
    }
  }
  if (reader.done()) return refuse(reader, "the clear-signed text has no blank line");
  ++reader.next;
  return {};
}

base::Result<std::string> read_text(Reader& reader) {
  std::string text;
  for (; !reader.done() && !reader.at(begin_signature); ++reader.next) {
    std::string_view line = reader.line();
    if (line.starts_with("- ")) {
      line.remove_prefix(2);
    } else if (line.starts_with('-')) {
      return refuse(reader, "a line begins with a dash that is not escaped");
    }
    text += Reader::rstrip(line);
    text += '\n';
  }
  if (reader.done()) return refuse(reader, "the file ends before its signature");
  return text;
}

base::Result<void> read_signature(Reader& reader) {
  for (++reader.next; !reader.done() && !reader.at(end_signature); ++reader.next) {
    if (reader.line().starts_with('-')) return refuse(reader, "the signature is damaged");
  }
  if (reader.done()) return refuse(reader, "the signature has no end");
  ++reader.next;
  reader.skip_blank();
  if (!reader.done()) return refuse(reader, "there is text after the signature");
  return {};
}

}  // namespace

bool looks_clear_signed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && text.substr(start).starts_with(begin_text);
}

base::Result<std::string> parse_clear_signed(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return Error{ErrorKind::input, "there is a NUL byte in the clear-signed text"};
  }
  Reader reader{.lines = base::split_lines(text)};
  KONVOY_CHECK(read_headers(reader));
  KONVOY_TRY(std::string content, read_text(reader));
  KONVOY_CHECK(read_signature(reader));
  return content;
}

}  // namespace konvoy::openpgp

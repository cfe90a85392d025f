#include "cli/terminal/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace konvoy::cli {
namespace {

struct Size {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

Size size_of(std::FILE* stream) {
  winsize size{};
  if (::ioctl(::fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
    return {};
  }
  return {.rows = size.ws_row, .columns = size.ws_col};
}

// The first code points of a line, without what would move the cursor.
std::string fitted(std::string_view line, std::size_t columns) {
  std::string text;
  std::size_t used = 0;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continues = (byte & 0xC0U) == 0x80U;
    if (!continues && ++used > columns) break;
    text += byte < 0x20U || byte == 0x7FU ? ' ' : c;
  }
  return text;
}

}  // namespace

Terminal::Terminal(std::FILE* out, std::FILE* err, Settings settings)
    : out_(out), err_(err), settings_(settings) {}

void Terminal::emit(std::FILE* stream, std::string_view text) {
  const auto clean = scrubber_.empty() ? std::string(text) : scrubber_.scrub(text);
  if (std::fwrite(clean.data(), 1, clean.size(), stream) != clean.size() ||
      std::fflush(stream) != 0) {
    intact_ = false;
  }
}

void Terminal::write(std::FILE* stream, std::string_view text) {
  erase_status();
  emit(stream, text);
  draw_status();
}

void Terminal::show_status(std::vector<std::string> lines) {
  if (!settings_.err_is_terminal) return;
  erase_status();
  status_ = std::move(lines);
  draw_status();
}

void Terminal::erase_status() {
  // ECMA-48: up so many lines (CUU), erase to the end of the screen (ED).
  if (drawn_ > 0) emit(err_, fmt::format("\x1b[{}A\x1b[J", drawn_));
  drawn_ = 0;
}

void Terminal::draw_status() {
  if (status_.empty()) return;
  const auto size = size_of(err_);
  // The cursor rests in the line below; what has scrolled away could not be erased.
  const auto room = std::max<std::size_t>(size.rows, 2) - 1;
  std::string text;
  for (std::size_t i = 0; i < std::min(room, status_.size()); ++i, ++drawn_) {
    const bool more = i + 1 == room && status_.size() > room;
    text += fitted(more ? fmt::format("and {} more", status_.size() - i) : status_[i],
                   size.columns - 1) +
            "\n";
  }
  emit(err_, text);
}

void Terminal::print(std::string_view text) {
  write(out_, text);
}

void Terminal::say(std::string_view line) {
  write(err_, std::string(line) + "\n");
}

void Terminal::log(int verbosity, std::string_view line) {
  if (settings_.verbosity >= verbosity) say(line);
}

void Terminal::report(const std::vector<base::Diagnostic>& diagnostics) {
  write(err_, base::render(diagnostics, settings_.err_colour));
}

Terminal::Settings terminal_settings(std::string_view color_option, std::FILE* out,
                                     std::FILE* err) {
  const char* term = std::getenv("TERM");
  const char* no_color = std::getenv("NO_COLOR");
  const bool refused = (no_color != nullptr && *no_color != '\0') ||
                       (term != nullptr && std::string_view(term) == "dumb");
  const auto colour_of = [&](std::FILE* stream) {
    const bool on = color_option == "always" ||
                    (color_option != "never" && !refused && ::isatty(::fileno(stream)) == 1);
    return on ? base::Colour::on : base::Colour::off;
  };
  return {.out_colour = colour_of(out),
          .err_colour = colour_of(err),
          .err_is_terminal = ::isatty(::fileno(err)) == 1};
}

}  // namespace konvoy::cli

#include "cli/terminal/terminal.hpp"

#include <unistd.h>

#include <cstdlib>

namespace konvoy::cli {

Terminal::Terminal(std::FILE* out, std::FILE* err, Settings settings)
    : out_(out), err_(err), settings_(settings) {}

void Terminal::write(std::FILE* stream, std::string_view text) {
  const auto clean = scrubber_.empty() ? std::string(text) : scrubber_.scrub(text);
  if (std::fwrite(clean.data(), 1, clean.size(), stream) != clean.size() ||
      std::fflush(stream) != 0) {
    intact_ = false;
  }
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

// Where output goes: data to stdout, everything people watch to stderr.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/scrubber.hpp"

namespace konvoy::cli {

/// The two streams of a program and what is known about them. Not a logger: it holds no state but
/// the secrets that it must not let through. Every text passes the scrubber.
class Terminal {
 public:
  struct Settings {
    base::Colour out_colour = base::Colour::off;
    base::Colour err_colour = base::Colour::off;
    bool err_is_terminal = false;  ///< whether lines may be redrawn on stderr
    int verbosity = 0;             ///< 0 to 6
    bool strict = false;           ///< warnings are errors
  };

  Terminal(std::FILE* out, std::FILE* err, Settings settings);

  /// Data on stdout, as it is.
  void print(std::string_view text);
  /// A line of progress or explanation on stderr; a newline is added.
  void say(std::string_view line);
  /// A line on stderr that is there only from this verbosity on.
  void log(int verbosity, std::string_view line);
  /// Lines at the end of stderr that stay below everything that is written from now on, each cut to
  /// the terminal's width; drawn anew by each call, and taken away by one without lines. Nothing
  /// where stderr is no terminal.
  void show_status(std::vector<std::string> lines);
  /// Diagnostics on stderr.
  void report(const std::vector<base::Diagnostic>& diagnostics);
  /// From now on `secret` is replaced in everything that goes out.
  void hide(const base::Secret& secret) { scrubber_.add(secret); }

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const base::Scrubber& scrubber() const { return scrubber_; }
  /// Whether everything could be written so far; false on a full disk or a closed pipe.
  [[nodiscard]] bool intact() const { return intact_; }

 private:
  void write(std::FILE* stream, std::string_view text);
  void emit(std::FILE* stream, std::string_view text);
  void erase_status();
  void draw_status();

  std::FILE* out_;
  std::FILE* err_;
  Settings settings_;
  base::Scrubber scrubber_;
  std::vector<std::string> status_;
  std::size_t drawn_ = 0;  ///< lines of status_ that stand on the terminal
  bool intact_ = true;
};

/// Settings from the usual signs: --color (auto|always|never), NO_COLOR (no-color.org), TERM=dumb,
/// and whether the streams are terminals.
[[nodiscard]] Terminal::Settings terminal_settings(std::string_view color_option, std::FILE* out,
                                                   std::FILE* err);

}  // namespace konvoy::cli

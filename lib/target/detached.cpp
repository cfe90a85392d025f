#include "target/detached.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/text.hpp"
#include "target/action_scripts.hpp"
#include "target/shell_text.hpp"

namespace konvoy::target {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using std::chrono::seconds;

constexpr std::uint64_t output_limit = 16U << 20U;

// The file that does the work: sh FILE DIRECTORY. Field 22 of /proc/PID/stat is the start time; the
// name in field 2 may hold anything, so counting starts behind its last ")" (proc(5)).
std::string runner_file(const RunCommand& command) {
  std::string text =
      "d=$1\nread -r line </proc/$$/stat\nset -- ${line##*) }\n"
      "echo \"$$ ${20}\" >\"$d/pid.new\" && mv \"$d/pid.new\" \"$d/pid\"\ncd /\n";
  ShellWords words;
  std::string environment;
  for (const auto& [name, value] : command.environment) {
    environment += fmt::format("export {}\n", words(fmt::format("{}={}", name, value.reveal())));
  }
  const std::string line = words.all(command.argv);
  const std::string input =
      command.input.empty() ? std::string()
                            : fmt::format("printf {} | ", printf_format(command.input.reveal()));
  text += words.assignments() + "\n" + environment;
  text += fmt::format("{}timeout -k 5 {} {} >\"$d/out\" 2>\"$d/err\"\n", input,
                      command.timeout.count(), line);
  text += "echo $? >\"$d/status.new\" && mv \"$d/status.new\" \"$d/status\"\n";
  return text;
}

std::string start_script(const RunCommand& command, bool in_background) {
  const std::string directory = detached_directory(command.id);
  return fmt::format(
      "( d={}; umask 077; mkdir -p \"${{d%/*}}\" || exit 1; "
      "if mkdir \"$d\" 2>/dev/null; then {}; echo \"$b\" >\"$d/boot\" || exit 1; "
      "printf {} >\"$d/run\" || exit 1; umask 022; {}; echo started; "
      "elif [ -d \"$d\" ]; then echo claimed; else mkdir \"$d\"; exit 1; fi )",
      directory, boot_script(), printf_format(runner_file(command)),
      in_background ? "setsid sh \"$d/run\" \"$d\" </dev/null >/dev/null 2>&1 3<&- & :"
                    : "sh \"$d/run\" \"$d\" </dev/null");
}

// Says "done STATUS", "running" with the last line of output, "interrupted" or "unknown". A runner
// that has not yet written its process id gets about two seconds for that.
std::string wait_script(const std::string& id) {
  return fmt::format(
      "( d={}; {}; i=0; while :; do "
      "if [ -f \"$d/status\" ]; then read -r s <\"$d/status\"; echo \"done $s\"; "
      "head -c {} \"$d/out\"; head -c {} \"$d/err\" >&2; exit 0; fi; "
      "if ! [ -d \"$d\" ]; then echo unknown; exit 0; fi; "
      "x=; read -r x <\"$d/boot\"; if [ -n \"$x\" ] && [ \"$x\" != \"$b\" ]; then "
      "echo interrupted; exit 0; fi; "
      "if [ -f \"$d/pid\" ]; then read -r p t <\"$d/pid\"; l=; "
      "{{ read -r l <\"/proc/$p/stat\"; }} 2>/dev/null; set -- ${{l##*) }}; "
      "if [ \"${{20}}\" != \"$t\" ] && ! [ -f \"$d/status\" ]; then echo interrupted; exit 0; fi; "
      "elif [ $i -gt 40 ]; then echo interrupted; exit 0; fi; "
      "i=$((i+1)); if [ $i -gt 60 ]; then echo running; tail -n 1 \"$d/out\" 2>/dev/null; exit 0; "
      "fi; if [ $i -lt 20 ]; then sleep 0.02; else sleep 0.1; fi; done )",
      detached_directory(id), boot_script(), output_limit, output_limit);
}

bool usable_id(const std::string& id) {
  const bool characters = std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  });
  return characters && !id.empty() && !id.starts_with('.') && id.size() <= 200;
}

ActionResult finished(std::string_view status, std::string out, std::string err) {
  ActionResult result{.out = std::move(out), .err = std::move(err)};
  std::from_chars(status.data(), status.data() + status.size(), result.status);
  return result;
}

}  // namespace

std::string_view boot_script() {
  return "read -r b </proc/sys/kernel/random/boot_id; read -r l </proc/1/stat; "
         "set -- ${l##*) }; b=\"$b ${20}\"";
}

std::string detached_directory(const std::string& id) {
  return "/var/lib/konvoy-image/actions/" + id;
}

Result<ActionResult> run_detached(const RunCommand& command, const RunFrame& run_frame,
                                  bool in_background, const base::EventSink& events) {
  if (!usable_id(command.id)) {
    return Error{ErrorKind::internal, fmt::format("'{}' is no id of an action", command.id)};
  }
  const seconds start_time = in_background ? seconds(30) : command.timeout + seconds(30);
  KONVOY_TRY(const auto started,
             run_frame({.script = start_script(command, in_background), .timeout = start_time}));
  if (started.status != 0) {
    return Error{ErrorKind::run, fmt::format("cannot start '{}' on the target: {}",
                                             command.argv.front(), reason_of(started.err))};
  }
  const auto begin = std::chrono::steady_clock::now();
  while (true) {
    KONVOY_TRY(auto state, run_frame({.script = wait_script(command.id),
                                      .timeout = seconds(30),
                                      .limit = output_limit + 64}));
    const auto end = state.out.find('\n');
    const std::string line = state.out.substr(0, end);
    std::string rest = end == std::string::npos ? "" : state.out.substr(end + 1);
    if (line.starts_with("done ")) {
      return finished(std::string_view(line).substr(5), std::move(rest), std::move(state.err));
    }
    if (line == "interrupted") return ActionResult{.status = 1, .interrupted = true};
    if (line != "running") {
      return Error{
          ErrorKind::run, fmt::format("the target lost track of '{}'", command.argv.front()),
          fmt::format("'{}' was removed meanwhile; run again", detached_directory(command.id))};
    }
    if (events) {
      const auto time = std::chrono::steady_clock::now() - begin;
      events({.kind = base::Event::Kind::progress,
              .step = command.id,
              .detail = std::string(base::trim(rest)),
              .done = static_cast<std::uint64_t>(std::chrono::duration_cast<seconds>(time).count()),
              .unit = "s"});
    }
  }
}

}  // namespace konvoy::target

#include "target/host_lock.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "system/file.hpp"
#include "target/action_scripts.hpp"
#include "target/detached.hpp"

namespace konvoy::target {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

constexpr std::string_view directory = "/var/lib/konvoy-image/lock";
constexpr std::uint64_t proc_limit = 65536;  // bytes; files of /proc are shorter

std::string boot_id() {
  const auto text = system::read_file("/proc/sys/kernel/random/boot_id", proc_limit);
  return text ? std::string(base::trim(*text)) : "unknown";
}

// Field 22 of /proc/PID/stat, counted from behind the name in parentheses (proc(5)).
std::string start_time(const std::string& pid) {
  const auto text = system::read_file(fmt::format("/proc/{}/stat", pid), proc_limit);
  if (!text) return {};
  const auto fields = base::split_words(text->substr(text->rfind(')') + 1));
  constexpr std::size_t start_field = 19;
  return fields.size() > start_field ? fields[start_field] : "";
}

// Whether a holder of this machine has ended; of another machine nobody here can know.
bool is_gone(const LockHolder& holder) {
  const LockHolder ours = this_process("");
  const auto host = [](const LockHolder& one) {
    return one.controller.substr(0, one.controller.find('/'));
  };
  if (host(holder) != host(ours)) return false;
  if (holder.controller != ours.controller) return true;  // our machine has booted since
  const auto slash = holder.process.find('/');
  if (slash == std::string::npos) return false;
  return start_time(holder.process.substr(0, slash)) != holder.process.substr(slash + 1);
}

// Both scripts may run twice: a connection that was lost meanwhile (a reboot) does not matter.
Result<ActionResult> run_shell(Target& target, const std::string& script) {
  const RunCommand command{.argv = {"sh", "-c", script}};
  auto result = target.perform(command, {});
  if (result || result.error().kind != ErrorKind::unreachable) return result;
  return target.perform(command, {});
}

// What a holder that is gone left running goes on: says "busy", for two of a kind would meet.
constexpr std::string_view busy_script =
    "for a in \"${d%/*}\"/actions/*; do [ -f \"$a/status\" ] || { p=; t=; l=; "
    "read -r p t <\"$a/pid\" && read -r l <\"/proc/$p/stat\" && set -- ${l##*) } && "
    "[ \"${20}\" = \"$t\" ] && echo busy && exit 0; } 2>/dev/null; done; ";

// Says "taken", "busy", or "held" and the holder's line. A lock of an earlier boot, of this holder,
// or with the line `take_over_from`, is removed first.
std::string lock_script(const LockHolder& holder, const std::string& take_over_from) {
  const std::string ours = base::shell_quote(render(holder));
  std::string script = fmt::format(
      "umask 022; d={}; mkdir -p \"${{d%/*}}\" || exit 1; {}; x=; h=; "
      "if [ -f \"$d/holder\" ]; then {{ read -r x; read -r h; }} <\"$d/holder\"; "
      "if [ \"$x\" != \"$b\" ] || [ \"$h\" = {} ]",
      directory, boot_script(), ours);
  if (!take_over_from.empty()) {
    script += fmt::format(" || [ \"$h\" = {} ]", base::shell_quote(take_over_from));
  }
  // Moved away before it is removed: of two who see the same old lock only one can move it.
  script += fmt::format(
      "; then {}mv \"$d\" \"$d.old.$$\" && rm -rf \"$d.old.$$\"; fi; fi; "
      "n=\"$d.new.$$\"; mkdir \"$n\" || exit 1; "
      // Through cat: when the disk is full the shell itself only says "I/O error".
      "printf \"%s\\n%s\\n\" \"$b\" {} | cat >\"$n/holder\" || {{ rm -rf \"$n\"; exit 1; }}; "
      "if mv -T \"$n\" \"$d\" 2>/dev/null; then echo taken; "
      "else rm -rf \"$n\"; [ -f \"$d/holder\" ] || exit 1; echo held; sed -n 2p \"$d/holder\"; fi",
      take_over_from.empty() ? "" : busy_script, ours);
  return script;
}

}  // namespace

LockHolder this_process(std::string run) {
  std::array<char, 256> host{};
  (void)::gethostname(host.data(), host.size() - 1);
  const std::string pid = fmt::format("{}", ::getpid());
  return {.run = std::move(run),
          .controller = fmt::format("{}/{}", host.data(), boot_id()),
          .process = fmt::format("{}/{}", pid, start_time(pid))};
}

std::string render(const LockHolder& holder) {
  return fmt::format("run={} controller={} process={}", holder.run, holder.controller,
                     holder.process);
}

LockHolder parse_lock_holder(std::string_view line) {
  LockHolder holder;
  for (const auto& word : base::split_words(line)) {
    if (word.starts_with("run=")) holder.run = word.substr(4);
    if (word.starts_with("controller=")) holder.controller = word.substr(11);
    if (word.starts_with("process=")) holder.process = word.substr(8);
  }
  return holder;
}

Result<void> lock_host(Target& target, const LockHolder& holder, const LockWait& wait) {
  std::string take_over_from;
  bool told = false;
  while (true) {
    KONVOY_TRY(const auto result, run_shell(target, lock_script(holder, take_over_from)));
    const auto lines = base::split_lines(result.out);
    if (result.status != 0 || lines.empty()) {
      return Error{ErrorKind::run,
                   fmt::format("cannot lock '{}': {}", target.name(), reason_of(result.err))};
    }
    if (lines[0] == "taken") return {};
    if (lines[0] == "busy") {
      if (wait.events && !told) {
        wait.events(
            {.kind = base::Event::Kind::warning,
             .subject = target.name(),
             .step = "lock",
             .detail = fmt::format("waiting for what run '{}' left running when it was ended",
                                   parse_lock_holder(take_over_from).run)});
      }
      told = true;
      if (wait.ended && wait.ended()) {
        return Error{ErrorKind::interrupted,
                     fmt::format("interrupted before '{}' was free", target.name())};
      }
      wait.clock->sleep(std::chrono::seconds(1));
      continue;
    }
    const std::string line = lines.size() > 1 ? lines[1] : "";
    const LockHolder other = parse_lock_holder(line);
    if (line != take_over_from && is_gone(other)) {
      take_over_from = line;
      continue;
    }
    return Error{
        ErrorKind::run,
        fmt::format("'{}' is locked by run '{}' of {} (process {})", target.name(), other.run,
                    other.controller.substr(0, other.controller.find('/')),
                    other.process.substr(0, other.process.find('/'))),
        fmt::format("wait for it; if it is gone for good, remove {} on the host", directory)};
  }
}

Result<void> unlock_host(Target& target, const LockHolder& holder) {
  const std::string script = fmt::format(
      "d={}; h=; {{ read -r x; read -r h; }} <\"$d/holder\"; if [ \"$h\" = {} ]; then "
      // Commands that have ended, or that a boot ended: nobody asks for their output any more.
      "for a in \"${{d%/*}}\"/actions/*; do y=; {{ read -r y <\"$a/boot\"; }} 2>/dev/null; "
      "if [ -f \"$a/status\" ] || [ \"$y\" != \"$x\" ]; then rm -rf \"$a\"; fi; done; "
      "mv \"$d\" \"$d.old.$$\" && rm -rf \"$d.old.$$\"; fi",
      directory, base::shell_quote(render(holder)));
  KONVOY_TRY(const auto result, run_shell(target, script));
  if (result.status == 0) return {};
  return Error{ErrorKind::run,
               fmt::format("cannot unlock '{}': {}", target.name(), reason_of(result.err))};
}

}  // namespace konvoy::target

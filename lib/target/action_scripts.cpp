#include "target/action_scripts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "target/shell_text.hpp"

namespace konvoy::target {
namespace {

constexpr std::chrono::milliseconds file_timeout{120'000};
constexpr std::uint64_t output_limit = 16U << 20U;

constexpr std::string_view selinux = "[ -d /sys/fs/selinux/booleans ]";

std::string owner_and_group(const Ownership& ownership, ShellWords& words) {
  if (ownership.owner.empty() && ownership.group.empty()) return {};
  std::string both = ownership.owner;
  if (!ownership.group.empty()) both += ":" + ownership.group;
  return words(both);
}

// Owner, mode and context of the temporary file $t that is to replace $p: what is asked for, else
// those of $p, else root's, 0644 and the policy's.
std::string dress_script(const Ownership& ownership, ShellWords& words) {
  std::string script =
      "m=; o=; r=; if [ -f \"$p\" ] && [ ! -L \"$p\" ]; then r=$p; "
      "o=$(stat -c %u:%g -- \"$p\"); m=$(stat -c %a -- \"$p\"); fi; "
      "if [ \"$o\" = 0:0 ]; then o=; fi; ";
  const std::string owner = owner_and_group(ownership, words);
  if (!owner.empty()) {
    // The old owner first: what is not asked for stays.
    script +=
        fmt::format("if [ -n \"$o\" ]; then chown \"$o\" \"$t\" || exit 1; fi; o={}; ", owner);
  }
  if (ownership.mode) script += fmt::format("m={:o}; ", *ownership.mode);
  script +=
      "if [ -n \"$o\" ]; then chown \"$o\" \"$t\" || exit 1; fi; "
      "chmod \"${m:-644}\" \"$t\" || exit 1; ";
  const std::string context =
      ownership.selinux_context.empty()
          ? "if [ -n \"$r\" ]; then chcon --reference=\"$r\" \"$t\" 2>/dev/null; else l=1; fi"
          : fmt::format("chcon {} \"$t\" || exit 1", words(ownership.selinux_context));
  return fmt::format("{}l=; if {}; then {}; fi; ", script, selinux, context);
}

// Puts $t in the place of $p. A new file gets the policy's context.
constexpr std::string_view rename_script =
    "mv -fT -- \"$t\" \"$p\" || exit 1; if [ -n \"$l\" ]; then restorecon \"$p\" 2>/dev/null; fi; "
    "exit 0";

std::string write_script(const WriteFile& action) {
  ShellWords words;
  const std::string path = words(action.path);
  const std::string content = printf_format(action.content.reveal());
  std::string script = "( p=" + path + "; ";
  if (action.follow_link || action.in_place) {
    script += "p=$(readlink -m -- \"$p\"; printf x); p=${p%?x}; ";
  }
  if (action.in_place) {
    // GRUB finds grubenv by its blocks: they must stay where they are.
    script += fmt::format(
        "if [ \"$(stat -c %s -- \"$p\")\" != {} ]; then echo \": the file has another size\" >&2; "
        "exit 1; fi; printf {} | dd of=\"$p\" conv=notrunc,fsync status=none )",
        action.content.reveal().size(), content);
    return words.assignments() + script;
  }
  script += fmt::format(
      "t=${{p%/*}}/.konvoy-{}; trap 'rm -f \"$t\"' 0; umask 077; set -C; : >\"$t\" || exit 1; "
      "set +C; printf {} | dd of=\"$t\" conv=fsync status=none || exit 1; ",
      make_nonce().substr(0, 16), content);
  script += dress_script(action.ownership, words);
  script += rename_script;
  return words.assignments() + script + " )";
}

// Owner, mode and context of $p itself, as far as they are asked for.
std::string own_script(const Ownership& ownership, ShellWords& words) {
  std::string script;
  const std::string owner = owner_and_group(ownership, words);
  if (!owner.empty()) script += fmt::format("chown -h -- {} \"$p\" || exit 1; ", owner);
  if (ownership.mode) {
    script += fmt::format("[ -L \"$p\" ] || chmod {:o} -- \"$p\" || exit 1; ", *ownership.mode);
  }
  if (!ownership.selinux_context.empty()) {
    script += fmt::format("chcon -h -- {} \"$p\" || exit 1; ", words(ownership.selinux_context));
  }
  return script;
}

std::string run_script(const RunCommand& action) {
  ShellWords words;
  std::string script = "( ";
  for (const auto& [name, value] : action.environment) {
    script += fmt::format("export {}; ", words(fmt::format("{}={}", name, value.reveal())));
  }
  if (!action.input.empty()) {
    script += fmt::format("printf {} | ", printf_format(action.input.reveal()));
  }
  const std::string line = words.all(action.argv);
  return fmt::format("{}{}timeout -k 5 {} {} )", words.assignments(), script,
                     action.timeout.count(), line);
}

struct Encoder {
  std::string operator()(const WriteFile& action) const { return write_script(action); }
  std::string operator()(const Remove& action) const {
    ShellWords words;
    const std::string path = words(action.path);
    return words.assignments() +
           (action.recursive ? fmt::format("rm -rf --one-file-system -- {}", path)
                             : fmt::format("if [ -d {0} ] && [ ! -L {0} ]; then rmdir -- {0}; "
                                           "else rm -f -- {0}; fi",
                                           path));
  }
  std::string operator()(const MakeDirectory& action) const {
    ShellWords words;
    const std::string path = words(action.path);
    const std::string own = own_script(action.ownership, words);
    return fmt::format(
        "{}( p={}; n=; [ -e \"$p\" ] || n=1; mkdir -p -- \"$p\" || exit 1; "
        "if [ -n \"$n\" ] && {}; then restorecon \"$p\" 2>/dev/null; fi; {}exit 0 )",
        words.assignments(), path, selinux, own);
  }
  std::string operator()(const MakeLink& action) const {
    ShellWords words;
    const std::string path = words(action.path);
    const std::string to = words(action.to);
    return fmt::format(
        "{}( p={}; t=${{p%/*}}/.konvoy-{}; trap 'rm -f \"$t\"' 0; "
        "ln -sT -- {} \"$t\" && mv -fT -- \"$t\" \"$p\" )",
        words.assignments(), path, make_nonce().substr(0, 16), to);
  }
  std::string operator()(const SetOwnership& action) const {
    ShellWords words;
    const std::string path = words(action.path);
    const std::string own = own_script(action.ownership, words);
    return fmt::format("{}( p={}; {}exit 0 )", words.assignments(), path, own);
  }
  std::string operator()(const Rename& action) const {
    ShellWords words;
    const std::string from = words(action.from);
    const std::string to = words(action.to);
    // EL7's sync takes no argument and syncs everything: slow, and right.
    return fmt::format(
        "{}( p={}; mv -fT -- {} \"$p\" || exit 1; sync \"${{p%/*}}/\" 2>/dev/null; "
        "exit 0 )",
        words.assignments(), to, from);
  }
  std::string operator()(const PushFile& /*action*/) const { return "false"; }
  std::string operator()(const RunCommand& action) const { return run_script(action); }
};

}  // namespace

Frame encode_action(const Action& action) {
  Frame frame{
      .script = std::visit(Encoder{}, action), .timeout = file_timeout, .limit = output_limit};
  if (const auto* command = std::get_if<RunCommand>(&action)) {
    frame.timeout = command->timeout + std::chrono::seconds(10);
  }
  return frame;
}

Frame encode_install(const std::string& part, const std::string& path, const Ownership& ownership) {
  ShellWords words;
  const std::string target = words(path);
  const std::string source = words(part);
  const std::string dress = dress_script(ownership, words);
  return {.script = fmt::format(
              "{}( p={}; t={}; dd if=/dev/null of=\"$t\" conv=notrunc,fsync status=none || exit 1; "
              "{}{} )",
              words.assignments(), target, source, dress, rename_script),
          .timeout = std::chrono::minutes(10)};
}

std::string reason_of(std::string_view errors) {
  const auto lines = base::split_lines(errors);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const std::string_view text = base::trim(*line);
    if (text.empty()) continue;
    // "mv: cannot move 'a': No space left on device", but also "chown: invalid user: 'x'".
    auto colon = text.rfind(": ");
    const bool name = colon != std::string_view::npos && text.substr(colon + 2).starts_with('\'');
    if (name) colon = text.find(": ");
    std::string reason(colon == std::string_view::npos ? text : text.substr(colon + 2));
    const bool sentence = reason.size() > 1 && reason[0] >= 'A' && reason[0] <= 'Z' &&
                          reason[1] >= 'a' && reason[1] <= 'z';
    if (sentence) reason[0] = static_cast<char>(reason[0] - 'A' + 'a');
    return reason;
  }
  return "no reason was given";
}

base::Result<ActionResult> decode_action(const Action& action, Reply reply) {
  if (std::holds_alternative<RunCommand>(action)) {
    return ActionResult{
        .status = reply.status, .out = std::move(reply.out), .err = std::move(reply.err)};
  }
  if (reply.status == 0) return ActionResult{};
  return base::Error{base::ErrorKind::run,
                     fmt::format("cannot {}: {}", describe(action), reason_of(reply.err))};
}

}  // namespace konvoy::target

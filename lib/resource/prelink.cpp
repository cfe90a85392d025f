#include "resource/prelink.hpp"

#include "boot/shell_assignment.hpp"
#include "resource/file.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

constexpr std::string_view program = "/usr/sbin/prelink";
constexpr std::string_view settings = "/etc/sysconfig/prelink";
constexpr std::string_view setting = "PRELINKING";

}  // namespace

Decision decide(const PrelinkOff& /*prelink*/, const facts::HostFacts& /*facts*/,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* installed = ask.stat({.path = std::string(program), .follow = true});
  const auto* file = ask.read({.path = std::string(settings)});
  if (auto open = ask.open()) return *std::move(open);
  if (!installed->stat) return Actions{};
  const auto before = file->content.value_or("");
  const auto after = boot::assign_word(before, setting, "no");
  if (file->content && before == after) return Actions{};
  auto write = replace_file(std::string(settings), file->content, after);
  write.reason = "prelinking must stay off";
  // The setting is written last: it says that what was prelinked is undone.
  return Actions{{{target::RunCommand{.argv = {std::string(program), "--undo", "--all"},
                                      .timeout = std::chrono::seconds(1800),
                                      .detached = true},
                   "prelinked libraries fail the integrity check of their cryptographic modules",
                   {}},
                  std::move(write)}};
}

Resource as_resource(PrelinkOff prelink) {
  return wrap("prelink", "off", prelink);
}

}  // namespace konvoy::resource

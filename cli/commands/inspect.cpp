#include "app/inspect.hpp"

#include <fmt/format.h>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options.hpp"
#include "cli/terminal/terminal.hpp"
#include "json/render.hpp"
#include "yaml/render.hpp"

namespace konvoy::cli {
namespace {

base::Result<std::vector<binary::Class>> parse_classes(const std::vector<std::string>& names) {
  std::vector<binary::Class> classes;
  for (const auto& name : names) {
    if (const auto type = binary::parse_class(name)) {
      classes.push_back(*type);
      continue;
    }
    std::vector<std::string> known;
    for (const auto type : binary::all_classes()) known.emplace_back(binary::name_of(type));
    auto hint = base::did_you_mean(name, known);
    if (hint.empty()) hint = "the classes are " + base::join(known, ", ");
    return base::Error(base::ErrorKind::usage, fmt::format("unknown class '{}'", name),
                       std::move(hint));
  }
  return classes;
}

// A gate that could not see everything must not open.
base::Result<int> judge(const app::InspectReport& report,
                        const std::vector<binary::Class>& fail_on) {
  if (fail_on.empty()) return 0;
  std::vector<base::Diagnostic> found;
  for (const auto& path : app::files_of(report, fail_on)) {
    found.push_back({.message = fmt::format("'{}' is of a class that is not wanted", path),
                     .hint = "see its line above; --explain shows the evidence"});
  }
  for (const auto& problem : report.problems) {
    found.push_back({.message = fmt::format("not everything was seen: {}", problem.message)});
  }
  if (found.empty()) return 0;
  return base::Error(base::ErrorKind::check, std::move(found));
}

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto fail_on, parse_classes(invocation.values("fail-on")));
  const app::InspectRequest request{.paths = invocation.arguments("PATH"),
                                    .cmvp_data = invocation.value("cmvp-data")};
  KONVOY_TRY(const auto report, app::inspect(request, [&](const base::Event& event) {
               terminal.log(2, fmt::format("inspecting {}", event.subject));
             }));
  const auto format = invocation.value("output");
  if (format == "json") terminal.print(json::render(app::to_value(report)));
  else if (format == "yaml") terminal.print(yaml::render(app::to_value(report)));
  else terminal.print(app::render_text(report, invocation.has("explain")));
  terminal.report(report.problems);
  return judge(report, fail_on);
}

}  // namespace

Command inspect_command() {
  return {
      .path = "inspect",
      .summary = "tell which cryptographic module programs really carry",
      .description =
          "Reads ELF files, also inside directories, archives (tar, cpio, rpm; gzip, bzip2, xz, "
          "zstd, lz4) and OCI image layouts, and says for each what its cryptography is, whether "
          "or not it was stripped. A program is 'goboring' only when the BoringCrypto module in it "
          "is byte for byte a known build and its integrity code is right. What a version text or "
          "a build setting claims is never enough.\n\n"
          "Classes: goboring, goboring-unknown-module, goboring-tampered, openssl-backed, "
          "go-native, false-claim (says it is a FIPS build, but its cryptography is plain Go's), "
          "no-crypto (a FIPS build without cryptography), plain-go, not-go, not-elf.\n\n"
          "The state of a module's certificate is data with a date; a newer list is given with "
          "--cmvp-data. Primitives that are linked but not approved are listed with --explain and "
          "in JSON; that they are linked does not say that they are used.",
      .positionals = {{.name = "PATH",
                       .help = "file, directory, archive, rpm or OCI layout",
                       .repeated = true}},
      .options = {output_option(),
                  {.name = "fail-on",
                   .takes = Takes::values,
                   .placeholder = "CLASS",
                   .help = "exit 1 if a file is of this class, or if not everything could be seen"},
                  {.name = "cmvp-data",
                   .takes = Takes::value,
                   .placeholder = "FILE",
                   .help = "state of certificates, in place of the built-in list"},
                  {.name = "explain", .help = "show the evidence under each file"}},
      .examples = {{.command = "konvoy-image inspect /usr/bin/kubelet", .says = "one program"},
                   {.command = "konvoy-image inspect --fail-on plain-go,false-claim rpms/*.rpm",
                    .says = "stop a pipeline that is about to ship a build that is not FIPS"}},
      .run = run};
}

}  // namespace konvoy::cli

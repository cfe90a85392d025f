#include "app/records.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options.hpp"
#include "cli/terminal/terminal.hpp"
#include "json/render.hpp"
#include "yaml/render.hpp"

namespace konvoy::cli {
namespace {

void print(const value::Value& value, std::string_view format, const std::string& text,
           Terminal& terminal) {
  if (format == "json") terminal.print(json::render(value));
  else if (format == "yaml") terminal.print(yaml::render(value));
  else terminal.print(text);
}

base::Result<int> show(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto record, app::read_record(invocation.argument("RECORD")));
  print(record, invocation.value("output"), app::render_record(record), terminal);
  return 0;
}

base::Result<int> diff(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto a, app::read_record(invocation.argument("A")));
  KONVOY_TRY(const auto b, app::read_record(invocation.argument("B")));
  const auto differences = record::differences(a, b);
  print(app::to_value(differences), invocation.value("output"), app::render_text(differences),
        terminal);
  return 0;
}

base::Result<int> complete(const Invocation& invocation, Terminal& terminal) {
  const auto manifest = invocation.value("from-manifest");
  if (manifest.empty()) {
    return base::Error(base::ErrorKind::usage, "'record' needs to know what to do",
                       "'--from-manifest FILE', or the commands 'record show' and 'record diff'");
  }
  KONVOY_TRY(const auto record, app::complete_record(invocation.value("work-dir"), manifest));
  print(record, invocation.value("output"), app::render_record(record), terminal);
  return 0;
}

}  // namespace

Command record_command() {
  return {.path = "record",
          .summary = "complete the record of a Packer build with the ids of its artifacts",
          .description =
              "For Packer's post-processors, behind 'manifest': in our template it is called by "
              "itself, in one of your own it is a shell-local step. The artifacts of Packer's last "
              "run go into record.json of the work directory.",
          .options = {{.name = "from-manifest",
                       .takes = Takes::value,
                       .placeholder = "FILE",
                       .help = "what Packer's manifest post-processor wrote"},
                      {.name = "work-dir",
                       .takes = Takes::value,
                       .placeholder = "DIR",
                       .help = "the work directory of the build",
                       .fallback = "."},
                      output_option()},
          .examples = {{.command = "konvoy-image record --from-manifest manifest.json --work-dir "
                                   "work/centos-8-1638352800-1a2b3c4d",
                        .says = "the record names the image"}},
          .run = complete};
}

Command record_show_command() {
  return {.path = "record show",
          .summary = "show what a run did",
          .description =
              "RECORD is the record.json of a run, or the work directory that holds it. With -o "
              "json the whole record: inputs, each step with its outcome and time, packages with "
              "the keys that signed them, executables with their cryptography. Secrets are never "
              "in it.",
          .positionals = {{.name = "RECORD", .help = "record.json, or a work directory"}},
          .options = {output_option()},
          .examples = {{.command = "konvoy-image record show work/centos-8-1638352800-1a2b3c4d",
                        .says = "what was changed, host by host"}},
          .run = show};
}

Command record_diff_command() {
  return {.path = "record diff",
          .summary = "show where two runs differ",
          .description =
              "Compares two records. Hosts, steps, packages and executables are told apart by "
              "their names; times do not count.",
          .positionals = {{.name = "A", .help = "record.json, or a work directory"},
                          {.name = "B", .help = "the other one"}},
          .options = {output_option()},
          .examples = {{.command = "konvoy-image record diff work/monday work/friday",
                        .says = "for example a package that has another version"}},
          .run = diff};
}

}  // namespace konvoy::cli

#include "app/manifest.hpp"

#include <chrono>

#include "base/encoding.hpp"
#include "cli/commands/commands.hpp"
#include "cli/manifest_options.hpp"
#include "cli/options.hpp"
#include "cli/terminal/terminal.hpp"
#include "json/render.hpp"
#include "system/clock.hpp"
#include "verify/schema.hpp"
#include "yaml/render.hpp"

namespace konvoy::cli {
namespace {

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             system::real_clock().now().time_since_epoch())
      .count();
}

void print_value(const value::Value& value, const std::string& format, Terminal& terminal) {
  terminal.print(format == "yaml" ? yaml::render(value) : json::render(value));
}

/// The document of a check that came to no signature.
value::Value failed_check(const base::Error& error) {
  value::List problems;
  for (const auto& diagnostic : error.diagnostics) problems.emplace_back(diagnostic.message);
  value::Map map;
  map.set("result", value::Value("fail"));
  map.set("signature", value::Value());
  map.set("problems", value::Value(std::move(problems)));
  return value::Value(std::move(map));
}

base::Result<int> run_verify(const Invocation& invocation, Terminal& terminal) {
  const auto format = invocation.value("output");
  const auto checked = app::check_manifest(manifest_source(invocation), now());
  if (!checked) {
    if (format != "text") print_value(failed_check(checked.error()), format, terminal);
    return checked.error();
  }
  if (format == "text") terminal.print(app::render_text(*checked));
  else print_value(app::to_check_value(*checked), format, terminal);
  if (checked->problems.empty()) return 0;
  return base::Error{base::ErrorKind::input, checked->problems};
}

base::Result<int> run_show(const Invocation& invocation, Terminal& terminal) {
  const auto format = invocation.value("output");
  KONVOY_TRY(const auto checked, app::check_manifest(manifest_source(invocation), now()));
  if (format == "text") terminal.print(app::render_text(checked));
  else print_value(app::to_show_value(checked), format, terminal);
  terminal.report(checked.problems);
  return 0;
}

base::Result<int> run_schema(const Invocation& /*invocation*/, Terminal& terminal) {
  terminal.print(verify::manifest_schema());
  return 0;
}

}  // namespace

Command manifest_verify_command() {
  return {.path = "manifest verify",
          .summary = "check the signature and the form of a manifest",
          .description =
              "The signature is checked with gpgv against the keys of --keyring and no others. It "
              "is refused when its key is expired, revoked or not there, when it uses MD5 or "
              "SHA-1, and when the manifest holds more than one. Only the text that the signature "
              "covers is read; what stands outside it is not.\n\n"
              "A manifest is clear-signed, an OpenPGP message, or plain JSON with its signature "
              "beside it in MANIFEST.sig.",
          .positionals = {{.name = "MANIFEST", .help = "the signed manifest"}},
          .options = together({{output_option()}, manifest_options()}),
          .examples = {{.command = "konvoy-image manifest verify manifest-rhel-84.json.asc",
                        .says = "exit 0 only when it can be trusted"}},
          .run = run_verify};
}

Command manifest_show_command() {
  return {.path = "manifest show",
          .summary = "show what is in a manifest, once its signature was checked",
          .positionals = {{.name = "MANIFEST", .help = "the signed manifest"}},
          .options = together({{output_option()}, manifest_options()}),
          .run = run_show};
}

Command manifest_schema_command() {
  return {.path = "manifest schema",
          .summary = "print the JSON Schema of manifests",
          .run = run_schema};
}

}  // namespace konvoy::cli

#include "app/records.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "app/packer_build.hpp"
#include "json/reader.hpp"
#include "json/render.hpp"
#include "record/record.hpp"
#include "system/file.hpp"

namespace konvoy::app {
namespace {

using value::List;
using value::Map;
using value::Value;

std::string text_at(const Value& value, std::string_view path) {
  const auto* found = value.at_path(path);
  return found == nullptr || found->is_null() ? "" : to_display(*found);
}

const List& list_at(const Value& value, std::string_view path) {
  static const List none;
  const auto* found = value.at_path(path);
  return found == nullptr || found->list() == nullptr ? none : *found->list();
}

// A work directory stands for the record in it.
std::string record_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) ? path + "/record.json" : path;
}

std::string render_host(const Value& host) {
  auto text = fmt::format("\n{}: {}, {} changed, {} unchanged, {} s\n", text_at(host, "name"),
                          text_at(host, "outcome"), text_at(host, "changed"),
                          text_at(host, "unchanged"), text_at(host, "seconds"));
  for (const auto& problem : list_at(host, "error")) {
    text += fmt::format("  error: {}\n", text_at(problem, "message"));
  }
  for (const auto& step : list_at(host, "steps")) {
    const auto outcome = text_at(step, "outcome");
    if (outcome == "unchanged" || outcome == "skipped") continue;
    text += fmt::format("  {:9} {}\n", outcome, text_at(step, "step"));
    for (const auto& change : list_at(step, "changes")) {
      text += fmt::format("              {}: {}\n", text_at(change, "action"),
                          text_at(change, "reason"));
    }
  }
  for (const auto& executable : list_at(host, "executables")) {
    text += fmt::format("  {:24} {}\n", text_at(executable, "class"), text_at(executable, "path"));
  }
  return text + fmt::format("  {} packages\n", list_at(host, "packages").size());
}

}  // namespace

base::Result<Value> read_record(const std::string& path) {
  const auto file = record_file(path);
  KONVOY_TRY(auto text, system::read_file(file));
  KONVOY_TRY(auto record, json::parse(file, std::move(text)));
  const auto* format = record.at_path("format");
  const auto* version = record.at_path("format_version");
  if (format == nullptr || *format != Value("konvoy-image/record") || version == nullptr ||
      version->integer() == nullptr) {
    return base::Error(base::ErrorKind::input, fmt::format("'{}' is no record of a run", file),
                       "'konvoy-image provision' writes record.json into its work directory");
  }
  if (*version->integer() > record::format_version) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("'{}' is a record of form {}, this program knows form {}", file,
                                   *version->integer(), record::format_version),
                       "use a newer konvoy-image");
  }
  return record;
}

base::Result<Value> complete_record(const std::string& path, const std::string& packer_manifest) {
  KONVOY_TRY(const auto record, read_record(path));
  KONVOY_TRY(const auto artifacts, read_packer_manifest(packer_manifest));
  List list;
  for (const auto& artifact : artifacts) list.push_back(to_value(artifact));
  auto completed = *record.map();
  completed.set("artifacts", std::move(list));
  KONVOY_CHECK(system::write_file(record_file(path), json::render(completed), {.mode = 0600}));
  return Value(std::move(completed));
}

std::string render_record(const Value& record) {
  auto text =
      fmt::format("{} of {} by {} on {}, {} to {}\nkonvoy-image {}, run {}\n",
                  text_at(record, "command"), text_at(record, "image"), text_at(record, "user"),
                  text_at(record, "machine"), text_at(record, "started"), text_at(record, "ended"),
                  text_at(record, "tool_version"), text_at(record, "run"));
  for (const auto& input : list_at(record, "inputs")) {
    text += fmt::format("  {}  {}\n", text_at(input, "sha256"), text_at(input, "path"));
  }
  for (const auto& artifact : list_at(record, "artifacts")) {
    text += fmt::format("  {}  {}\n", text_at(artifact, "builder"), text_at(artifact, "id"));
    for (const auto& file : list_at(artifact, "files")) {
      text += fmt::format("    {}\n", to_display(file));
    }
  }
  for (const auto& host : list_at(record, "hosts")) text += render_host(host);
  return text;
}

Value to_value(const std::vector<record::Difference>& differences) {
  List list;
  for (const auto& one : differences) {
    Map map;
    map.set("path", one.path);
    map.set("a", one.a);
    map.set("b", one.b);
    list.emplace_back(std::move(map));
  }
  Map map;
  map.set("differences", std::move(list));
  return map;
}

std::string render_text(const std::vector<record::Difference>& differences) {
  std::string text;
  for (const auto& one : differences) {
    text += fmt::format("{}: {} -> {}\n", one.path, to_display(one.a), to_display(one.b));
  }
  return text.empty() ? "no differences but times\n" : text;
}

}  // namespace konvoy::app

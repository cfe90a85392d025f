#include "app/inspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "app/program_walk.hpp"
#include "base/text.hpp"
#include "system/file.hpp"

namespace konvoy::app {
namespace {

base::Result<binary::Knowledge> read_knowledge(const InspectRequest& request) {
  KONVOY_TRY(auto knowledge, binary::embedded_knowledge());
  if (!request.cmvp_data.empty()) {
    KONVOY_TRY(auto text, system::read_file(request.cmvp_data));
    KONVOY_TRY(knowledge.certificates,
               binary::parse_certificates(request.cmvp_data, std::move(text)));
  }
  return knowledge;
}

// The files below one path, by name: a higher layer of an image replaces and removes.
class Collection {
 public:
  Collection(const binary::Knowledge& knowledge, const base::EventSink& events)
      : knowledge_(knowledge), events_(events) {}

  base::Result<void> add(const std::string& path, std::string_view bytes) {
    if (events_) events_({.kind = base::Event::Kind::progress, .subject = path, .step = "inspect"});
    KONVOY_TRY(auto findings, binary::inspect(bytes, knowledge_));
    files_[path] = std::move(findings);
    return {};
  }

  void remove(const std::string& path, bool only_content) {
    if (!only_content) files_.erase(path);
    // The top directory of an archive has an empty name: "layout:image:".
    const auto below = path.ends_with(':') ? path : path + "/";
    auto at = files_.lower_bound(below);
    while (at != files_.end() && at->first.starts_with(below)) at = files_.erase(at);
  }

  void move_to(std::vector<InspectedFile>& out) {
    for (auto& [path, findings] : files_) out.push_back({path, std::move(findings)});
  }

 private:
  const binary::Knowledge& knowledge_;
  const base::EventSink& events_;
  std::map<std::string, binary::Findings> files_;
};

value::Value text_or_null(const std::string& text) {
  return text.empty() ? value::Value() : value::Value(text);
}

value::Value list_of(const std::vector<std::string>& texts) {
  value::List list;
  for (const auto& text : texts) list.emplace_back(text);
  return list;
}

value::Value to_value(const std::optional<binary::ModuleFinding>& module) {
  if (!module) return {};
  value::Map map;
  map.set("build", module->build);
  map.set("certificate", text_or_null(module->certificate));
  map.set("status", module->status);
  map.set("as_of", module->as_of);
  return map;
}

value::Value to_value(const InspectedFile& file) {
  const auto& findings = file.findings;
  value::Map map;
  map.set("path", file.path);
  map.set("class", binary::name_of(findings.type));
  map.set("module", to_value(findings.module));
  map.set("go_version", text_or_null(findings.go_version));
  map.set("cgo", findings.cgo ? value::Value(*findings.cgo) : value::Value());
  map.set("fips_only", findings.fips_only);
  map.set("linking", findings.type == binary::Class::not_elf
                         ? value::Value()
                         : value::Value(binary::name_of(findings.linking)));
  map.set("architecture", text_or_null(findings.architecture));
  map.set("non_approved", list_of(findings.non_approved));
  map.set("because", list_of(findings.because));
  return map;
}

using Row = std::vector<std::string>;

Row to_row(const InspectedFile& file) {
  const auto& findings = file.findings;
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
  const std::string cgo = findings.cgo ? (*findings.cgo ? "yes" : "no") : "-";
  return {std::string(binary::name_of(findings.type)),
          or_dash(findings.go_version),
          cgo,
          findings.fips_only ? "fips-only" : "-",
          findings.type == binary::Class::not_elf ? "-"
                                                  : std::string(binary::name_of(findings.linking)),
          file.path,
          findings.module ? binary::render(*findings.module) : ""};
}

std::string render_row(const Row& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    line += fmt::format("{:<{}}  ", row[i], i + 2 < row.size() ? widths[i] : 0);
  }
  return std::string(line.substr(0, line.find_last_not_of(' ') + 1)) + "\n";
}

}  // namespace

base::Result<InspectReport> inspect(const InspectRequest& request, const base::EventSink& events) {
  KONVOY_TRY(const auto knowledge, read_knowledge(request));
  InspectReport report;
  for (const auto& path : request.paths) {
    Collection collection(knowledge, events);
    const ProgramWalk walk{
        .visit = [&](const std::string& name,
                     std::string_view bytes) { return collection.add(name, bytes); },
        .remove = [&](const std::string& name,
                      bool only_content) { collection.remove(name, only_content); },
        .problems = &report.problems};
    KONVOY_CHECK(walk_programs(path, walk));
    collection.move_to(report.files);
  }
  return report;
}

std::vector<std::string> files_of(const InspectReport& report,
                                  const std::vector<binary::Class>& classes) {
  std::vector<std::string> paths;
  for (const auto& file : report.files) {
    if (std::ranges::find(classes, file.findings.type) != classes.end()) paths.push_back(file.path);
  }
  return paths;
}

value::Value to_value(const InspectReport& report) {
  value::List files;
  for (const auto& file : report.files) files.push_back(to_value(file));
  value::List problems;
  for (const auto& problem : report.problems) problems.emplace_back(problem.message);
  value::Map map;
  map.set("files", files);
  map.set("problems", problems);
  return map;
}

std::string render_text(const InspectReport& report, bool explain) {
  const Row header{"CLASS", "GO", "CGO", "TLS", "LINKING", "FILE", "MODULE"};
  std::vector<Row> rows{header};
  for (const auto& file : report.files) rows.push_back(to_row(file));
  std::vector<std::size_t> widths(header.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += render_row(rows[i], widths);
    if (!explain || i == 0) continue;
    const auto& findings = report.files[i - 1].findings;
    for (const auto& sentence : findings.because)
      text += fmt::format("    because: {}\n", sentence);
    if (findings.non_approved.empty()) continue;
    text += fmt::format("    linked, not approved: {}\n", base::join(findings.non_approved, ", "));
  }
  return text;
}

}  // namespace konvoy::app

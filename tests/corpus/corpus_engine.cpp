// Answers the questions of a corpus of configurations and templates (tests/corpus/README.md):
//   corpus-engine merge CASE_JSON     the merged configuration as JSON
//   corpus-engine resolve CASE_JSON   {variable: answer} as JSON
//   corpus-engine expr                one question a line on stdin, one answer a line on stdout
#include <iostream>
#include <string>
#include <string_view>

#include "case.hpp"
#include "json/reader.hpp"
#include "json/render.hpp"
#include "template/engine.hpp"

namespace konvoy::corpus {
namespace {

using templates::Engine;
using value::Value;

// The corpus is made of public files: nothing in it is hidden.
constexpr json::RenderOptions one_line = {.indent = 0, .reveal_secrets = true};

int fail(const base::Error& error) {
  std::cerr << base::render(error.diagnostics);
  return 1;
}

value::Map answer(const templates::Outcome<Value>& result) {
  value::Map map;
  map.set("ok", result.ok());
  if (result) {
    map.set("value", *result);
  } else {
    map.set("kind", templates::name_of(result.error().kind()));
    map.set("message", result.error().diagnostic().message);
  }
  return map;
}

templates::Outcome<Value> value_of(templates::Outcome<templates::Rendered> rendered) {
  if (!rendered) return rendered.error();
  return std::move(rendered->value);
}

void set_all(Engine& engine, const Value* variables, bool facts) {
  if (variables == nullptr || variables->map() == nullptr) return;
  for (const auto& entry : variables->map()->entries()) {
    facts ? engine.set_fact(entry.key, entry.value) : engine.set(entry.key, entry.value);
  }
}

// Every part of `value` that is no map or list, by its path: "a.b[0]".
void add_leaves(Engine& engine, const Value& value, const std::string& path, value::Map& leaves) {
  if (const auto* map = value.map()) {
    for (const auto& entry : map->entries()) {
      add_leaves(engine, entry.value, path.empty() ? entry.key : path + "." + entry.key, leaves);
    }
  } else if (const auto* list = value.list()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      add_leaves(engine, (*list)[i], path + "[" + std::to_string(i) + "]", leaves);
    }
  } else {
    leaves.set(path, Value(answer(value_of(engine.try_render(value)))));
  }
}

base::Result<Value> resolve(const Case& each) {
  KONVOY_TRY(const auto merged, merge_layers(each));
  Engine engine;
  value::Map names;
  const auto remember = [&names](const Value& variables) {
    if (variables.map() == nullptr) return;
    for (const auto& entry : variables.map()->entries()) names.set(entry.key, entry.value);
  };
  for (const auto* layer : {"role_defaults", "group_vars"}) {
    for (const auto& file : texts(each.description, layer)) {
      KONVOY_TRY(const auto variables, read_input(each, file));
      set_all(engine, &variables, false);
      remember(variables);
    }
  }
  set_all(engine, each.description.at_path("facts"), true);
  set_all(engine, each.description.at_path("magic"), false);
  if (const auto* command = each.description.at_path("command"); *command == Value("provision")) {
    value::Map below;
    below.set("packer_builder_type", "");
    below.set("sysprep", false);
    const Value lowest(std::move(below));
    set_all(engine, &lowest, false);
    remember(lowest);
  }
  set_all(engine, &merged, false);
  remember(merged);
  value::Map answers;
  for (const auto& entry : names.entries()) {
    auto result = answer(value_of(engine.try_resolve(entry.key)));
    const bool ok = *result.find("ok") == Value(true);
    if (!ok && (entry.value.is_map() || entry.value.is_list())) {
      value::Map leaves;
      add_leaves(engine, entry.value, "", leaves);
      result.set("leaves", Value(std::move(leaves)));
    }
    answers.set(entry.key, Value(std::move(result)));
  }
  return Value(std::move(answers));
}

value::Map answer_question(const Value& question) {
  Engine engine;
  set_all(engine, question.at_path("vars"), false);
  const auto* text = question.at_path("template");
  const auto* mode = question.at_path("mode");
  if (*mode == Value("conditional")) {
    const auto holds = engine.try_holds(*text);
    return answer(holds ? templates::Outcome<Value>(Value(*holds)) : holds.error());
  }
  if (*mode == Value("template")) return answer(value_of(engine.try_render(*text)));
  engine.set("v", *text);
  return answer(value_of(engine.try_resolve("v")));
}

int answer_all() {
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line.empty()) continue;
    const auto question = json::parse("stdin", line);
    if (!question) return fail(question.error());
    for (const auto* key : {"id", "template", "mode", "vars"}) {
      if (question->at_path(key) == nullptr) {
        std::cerr << "a question lacks '" << key << "'\n";
        return 2;
      }
    }
    auto map = answer_question(*question);
    map.set("id", *question->at_path("id"));
    std::cout << json::render(Value(std::move(map)), one_line) << "\n";
  }
  return 0;
}

int run(std::string_view mode, const char* path) {
  const auto each = read_case(path);
  if (!each) return fail(each.error());
  const auto value = mode == "merge" ? merge_layers(*each) : resolve(*each);
  if (!value) return fail(value.error());
  std::cout << json::render(*value, {.reveal_secrets = true});
  return 0;
}

}  // namespace
}  // namespace konvoy::corpus

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (argc == 2 && mode == "expr") return konvoy::corpus::answer_all();
  if (argc == 3 && (mode == "merge" || mode == "resolve")) {
    return konvoy::corpus::run(mode, argv[2]);
  }
  std::cerr << "usage: corpus-engine merge|resolve CASE_JSON, or corpus-engine expr\n";
  return 2;
}

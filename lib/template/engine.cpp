#include "template/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/suggest.hpp"
#include "template/convert.hpp"
#include "template/evaluator.hpp"
#include "template/lexer.hpp"
#include "template/parser.hpp"
#include "template/place.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

// What one variable inside another adds to the depth of expressions: its frames are many.
constexpr std::uint32_t depth_of_variable = 5;
// More "needed by" lines than this help nobody.
constexpr std::size_t most_notes = 8;

std::string process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

// The name in "{{ name }}" when that is all there is.
std::optional<std::string_view> single_name(std::string_view text) {
  if (!text.starts_with("{{")) return std::nullopt;
  if (text.ends_with("\n")) text.remove_suffix(1);
  if (!text.ends_with("}}") || text.size() < 4) return std::nullopt;
  const auto name = strip(text.substr(2, text.size() - 4));
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return std::ranges::all_of(name, is_word) ? std::optional(name) : std::nullopt;
}

std::size_t newlines_at_end(std::string_view text) {
  const auto last = text.find_last_not_of('\n');
  return last == std::string_view::npos ? text.size() : text.size() - last - 1;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

}  // namespace

class Engine::State : public Names {
 public:
  explicit State(Environment environment) : environment_(std::move(environment)) {}

  void set(std::string name, value::Value value, bool fact) {
    forget();
    variables_.insert_or_assign(std::move(name), Variable{std::move(value), fact});
  }

  Outcome<Rendered> resolve(std::string_view name) {
    const auto found = variables_.find(name);
    if (found == variables_.end()) return report(undefined_name(name));
    const auto& raw = found->second.raw;
    begin();
    auto object = single(raw);
    if (!object) {
      auto resolved = this->find(name);
      if (!resolved) return report(resolved.error());
      if (const auto* missing = (*resolved)->undefined()) return report(missing->failure);
      auto finished = finish_value(**resolved);
      if (!finished) return report(finished.error());
      object = std::move(*finished);
    }
    KONVOY_TRY(auto value, to_value(*object, raw));
    return Rendered{std::move(value), found->second.depends_on};
  }

  Outcome<Rendered> render(const value::Value& value) {
    begin();
    auto object = render_object(value);
    if (!object) return report(object.error());
    KONVOY_TRY(auto rendered, to_value(*object, value));
    return Rendered{std::move(rendered), std::move(frames_.back().depends_on)};
  }

  Outcome<bool> holds(const value::Value& condition) {
    begin();
    auto first = condition;
    if (condition.string() != nullptr && may_be_template(*condition.string())) {
      auto rendered = render_object(condition);
      if (!rendered) return report(rendered.error());
      KONVOY_TRY(first, to_value(*rendered, condition));
    }
    if (first.string() == nullptr) return is_true(to_object(first));
    if (first.string()->empty()) return condition.string()->empty();
    const auto source = "{% if " + *first.string() + " %} True {% else %} False {% endif %}";
    auto answer = run_text(source);
    if (!answer) {
      constexpr std::uint32_t before = 6;  // "{% if "
      return report(place(shifted(answer.error(), before), condition));
    }
    return answer->text() != nullptr && strip(*answer->text()) == "True";
  }

  // Names.
  Outcome<std::optional<Object>> find(std::string_view name) override {
    const auto found = variables_.find(name);
    if (found == variables_.end()) {
      if (name == "omit") return std::optional<Object>(Object(omit_placeholder));
      return std::optional<Object>();
    }
    depend_on(found->first);
    auto& variable = found->second;
    if (variable.result) return *variable.result;
    if (variable.running) return recursion(found->first);
    if (budget_.depth + depth_of_variable > Budget::most_depth) {
      return Failure(FailureKind::limit, "variables refer to each other too deeply");
    }
    variable.running = true;
    budget_.depth += depth_of_variable;
    frames_.push_back({&found->first, {}});
    auto result = evaluate(variable);
    variable.depends_on = std::move(frames_.back().depends_on);
    frames_.pop_back();
    budget_.depth -= depth_of_variable;
    variable.running = false;
    variable.result = result;
    return result;
  }

  std::string environment(const std::string& name) override { return environment_(name); }

  Outcome<Object> render_text(const Object& text) override {
    if (text.text() == nullptr || !may_be_template(*text.text())) return text;
    return render_object(value::Value(*text.text()));
  }

  [[nodiscard]] std::vector<std::string> dependencies(std::string_view name) const {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::vector<std::string>() : found->second.depends_on;
  }

  [[nodiscard]] bool is_fact(std::string_view name) const {
    const auto found = variables_.find(name);
    return found != variables_.end() && found->second.fact;
  }

 private:
  struct Variable {
    value::Value raw;
    bool fact = false;
    bool running = false;
    std::optional<Outcome<std::optional<Object>>> result = {};
    std::vector<std::string> depends_on = {};
  };
  // A variable (or, without a name, a caller's value) that is being evaluated.
  struct Frame {
    const std::string* name;
    std::vector<std::string> depends_on;
  };

  void begin() {
    budget_ = {};
    frames_.assign(1, {nullptr, {}});
  }

  void forget() {
    if (!evaluated_) return;
    evaluated_ = false;
    for (auto& [name, variable] : variables_) {
      variable.result.reset();
      variable.depends_on.clear();
    }
  }

  void depend_on(const std::string& name) {
    auto& names = frames_.back().depends_on;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }

  Outcome<std::optional<Object>> evaluate(const Variable& variable) {
    evaluated_ = true;
    if (variable.fact) return std::optional<Object>(to_object(variable.raw));
    auto object = render_object(variable.raw);
    if (object) return std::optional<Object>(std::move(*object));
    // Using what is undefined is a mistake; having it is not: `default` may still forgive it.
    if (object.error().kind() != FailureKind::undefined) return object.error();
    return std::optional<Object>(Object(Undefined{object.error()}));
  }

  // A lone name of a boolean, number or null: Ansible hands these on as they are.
  static std::optional<Object> single(const value::Value& raw) {
    switch (raw.kind()) {
      case value::Kind::boolean:
      case value::Kind::integer:
      case value::Kind::floating: return to_object(raw);
      case value::Kind::null: return Object().with_secret(raw.is_secret());
      default: return std::nullopt;
    }
  }

  Outcome<Object> render_object(const value::Value& value) {
    if (const auto* list = value.list()) {
      Items items;
      items.reserve(list->size());
      for (const auto& item : *list) {
        KONVOY_TRY(auto rendered, render_object(item));
        items.push_back(std::move(rendered));
      }
      return Object::list(std::move(items)).with_secret(value.is_secret());
    }
    if (const auto* map = value.map()) {
      Dict dict;
      for (const auto& entry : map->entries()) {
        KONVOY_TRY(auto rendered, render_object(entry.value));
        dict.set(key_object(entry), std::move(rendered));
      }
      return Object(std::move(dict)).with_secret(value.is_secret());
    }
    const auto* text = value.string();
    if (text == nullptr || !may_be_template(*text)) return to_object(value);
    KONVOY_TRY(auto object, render_template(value));
    return value.is_secret() ? object.with_secret(true) : object;
  }

  Outcome<Object> render_template(const value::Value& value) {
    const auto& text = *value.string();
    if (const auto name = single_name(text)) {
      const auto found = variables_.find(*name);
      if (found != variables_.end()) {
        if (auto object = single(found->second.raw)) {
          depend_on(found->first);
          return std::move(*object);
        }
      }
    }
    auto result = run_text(text);
    if (!result) return place(result.error(), value);
    return result;
  }

  Outcome<Object> run_text(std::string_view text) {
    const auto newlines = newlines_at_end(text);
    KONVOY_TRY(const auto block, parse_template(text.substr(0, text.size() - (newlines ? 1 : 0))));
    KONVOY_TRY(auto result, Evaluator(*this, budget_).run(block));
    const auto* written = result.text();
    if (written == nullptr) return result;
    const auto kept = newlines_at_end(*written);
    if (kept >= newlines) return result;
    return Object(*written + std::string(newlines - kept, '\n')).with_secret(result.secret());
  }

  static Failure shifted(const Failure& failure, std::uint32_t by) {
    const auto* region = failure.region();
    if (region == nullptr || region->begin < by) return failure;
    return failure.moved({region->begin - by, region->end - by});
  }

  // The failure with its place in the file of `value`, or with a note that it was needed there.
  static Failure place(const Failure& failure, const value::Value& value) {
    const auto size = static_cast<std::uint32_t>(value.string() ? value.string()->size() : 0);
    const auto region = failure.region() != nullptr ? *failure.region() : Region{0, size};
    const auto span = place_of(value, region);
    auto diagnostic = failure.diagnostic();
    if (!span) return failure;
    if (!diagnostic.span) {
      diagnostic.span = *span;
      diagnostic.secret_excerpt = value.is_secret();
    } else if (diagnostic.notes.size() < most_notes && *diagnostic.span != *span) {
      diagnostic.notes.push_back({"needed here", *span});
    }
    return failure.with(std::move(diagnostic)).without_region();
  }

  Failure recursion(const std::string& name) const {
    std::string chain;
    bool inside = false;
    for (const auto& frame : frames_) {
      inside = inside || (frame.name != nullptr && *frame.name == name);
      if (inside) chain += *frame.name + " -> ";
    }
    return {FailureKind::recursion, fmt::format("'{}' needs itself: {}{}", name, chain, name),
            "give one of them a value of its own"};
  }

  static Failure undefined_name(std::string_view name) {
    return Failure(FailureKind::undefined, fmt::format("'{}' is undefined", name))
        .with_missing_name(std::string(name));
  }

  // The failure as it leaves the engine: with close names where one is missing.
  Failure report(const Failure& failure) const {
    auto diagnostic = failure.diagnostic();
    if (failure.missing_name().empty() || !diagnostic.hint.empty()) return failure;
    std::vector<std::string> names;
    names.reserve(variables_.size());
    for (const auto& [name, variable] : variables_) names.push_back(name);
    std::ranges::sort(names);
    diagnostic.hint = base::did_you_mean(failure.missing_name(), names);
    return failure.with(std::move(diagnostic));
  }

  Environment environment_;
  std::unordered_map<std::string, Variable, TextHash, std::equal_to<>> variables_;
  std::vector<Frame> frames_{{nullptr, {}}};
  Budget budget_;
  bool evaluated_ = false;
};

Engine::Engine() : Engine(process_environment) {}
Engine::Engine(Environment environment) : state_(std::make_unique<State>(std::move(environment))) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

void Engine::set(std::string name, value::Value value) {
  state_->set(std::move(name), std::move(value), false);
}
void Engine::set_fact(std::string name, value::Value value) {
  state_->set(std::move(name), std::move(value), true);
}

Outcome<Rendered> Engine::try_resolve(std::string_view name) {
  return state_->resolve(name);
}
Outcome<Rendered> Engine::try_render(const value::Value& value) {
  return state_->render(value);
}
Outcome<bool> Engine::try_holds(const value::Value& condition) {
  return state_->holds(condition);
}

base::Result<Rendered> Engine::resolve(std::string_view name) {
  auto outcome = try_resolve(name);
  if (!outcome) return outcome.error().to_error();
  return std::move(outcome).value();
}
base::Result<Rendered> Engine::render(const value::Value& value) {
  auto outcome = try_render(value);
  if (!outcome) return outcome.error().to_error();
  return std::move(outcome).value();
}
base::Result<bool> Engine::holds(const value::Value& condition) {
  auto outcome = try_holds(condition);
  if (!outcome) return outcome.error().to_error();
  return *outcome;
}

std::vector<std::string> Engine::dependencies(std::string_view name) const {
  return state_->dependencies(name);
}
bool Engine::is_fact(std::string_view name) const {
  return state_->is_fact(name);
}

bool is_template(std::string_view text) {
  return may_be_template(text);
}

}  // namespace konvoy::templates

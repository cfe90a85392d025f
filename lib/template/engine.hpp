// Variables whose texts are templates, resolved lazily as Ansible does (2.14, jinja2_native off).
//
//   Engine engine;
//   engine.set("version", value);              // its texts are templates
//   engine.set_fact("ansible_distribution", "RedHat");  // taken as it is
//   auto result = engine.resolve("version");   // what `{{ version }}` gives
//
// Each variable is evaluated once, when it is first needed; time and memory grow linearly with the
// configuration. Whatever derives from a secret is secret.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "template/failure.hpp"
#include "value/value.hpp"

namespace konvoy::templates {

/// A value without templates, and the names (variables and facts) that were looked up to get it,
/// in the order of their first use.
struct Rendered {
  value::Value value;
  std::vector<std::string> depends_on;
};

/// What `{{ name | default(omit) }}` leaves where `name` is undefined.
inline constexpr std::string_view omit_placeholder = "__omit_place_holder__";

class Engine {
 public:
  /// Gives the value of an environment variable for lookup('env', ...); empty when it is not set.
  using Environment = std::function<std::string(const std::string&)>;

  /// With the environment of this process.
  Engine();
  explicit Engine(Environment environment);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  /// Sets a variable; every text in it may be a template. Replaces a variable or fact of that name
  /// and forgets what was evaluated before.
  void set(std::string name, value::Value value);
  /// Sets a fact: what a host says about itself is data, never a template.
  void set_fact(std::string name, value::Value value);

  /// What `{{ name }}` gives. Errors (input) point into the template, in its file.
  [[nodiscard]] base::Result<Rendered> resolve(std::string_view name);
  /// `value` with every template in it rendered.
  [[nodiscard]] base::Result<Rendered> render(const value::Value& value);
  /// Whether a condition as in Ansible's `when` (an expression without braces) holds.
  [[nodiscard]] base::Result<bool> holds(const value::Value& condition);

  /// The same with the reason of a failure.
  [[nodiscard]] Outcome<Rendered> try_resolve(std::string_view name);
  [[nodiscard]] Outcome<Rendered> try_render(const value::Value& value);
  [[nodiscard]] Outcome<bool> try_holds(const value::Value& condition);

  /// The names looked up by the variable `name` itself; empty until it has been evaluated.
  [[nodiscard]] std::vector<std::string> dependencies(std::string_view name) const;
  [[nodiscard]] bool is_fact(std::string_view name) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// Whether `text` could be a template: whether it has "{{", "{%" or "{#" in it.
[[nodiscard]] bool is_template(std::string_view text);

}  // namespace konvoy::templates

// Any text is a template, an error with a place, or plain; what comes out is the same each time.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "template/engine.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using konvoy::templates::Engine;
  using konvoy::value::Value;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto prepared = [&text] {
    Engine engine([](const std::string&) { return std::string(); });
    engine.set("v", Value(text));
    engine.set("n", Value(42));
    engine.set("s", Value("text"));
    engine.set("w", Value("{{ v }}"));
    engine.set("l", Value(konvoy::value::List{Value(1), Value("{{ s }}"), Value("{{ v }}")}));
    engine.set("password", Value("hidden").as_secret());
    return engine;
  };
  auto first = prepared();
  auto second = prepared();
  const auto a = first.resolve("w");
  const auto b = second.resolve("w");
  if (a.ok() != b.ok()) std::abort();
  if (a.ok() && !(a->value == b->value)) std::abort();
  if (!a.ok() && a.error().diagnostics.empty()) std::abort();
  (void)first.render(Value(text));
  (void)first.holds(Value(text));
  return 0;
}

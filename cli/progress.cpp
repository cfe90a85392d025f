#include "cli/progress.hpp"

#include <fmt/format.h>

#include "cli/terminal/terminal.hpp"
#include "json/render.hpp"

namespace konvoy::cli {
namespace {

using base::Event;

std::string_view name_of(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::started: return "started";
    case Event::Kind::progress: return "progress";
    case Event::Kind::message: return "message";
    case Event::Kind::warning: return "warning";
    case Event::Kind::finished: return "finished";
    case Event::Kind::failed: break;
  }
  return "failed";
}

std::string render_json(const Event& event) {
  value::Map map;
  map.set("event", name_of(event.kind));
  map.set("host", event.subject);
  map.set("step", event.step);
  map.set("detail", event.detail);
  if (event.total > 0) {
    map.set("done", static_cast<std::int64_t>(event.done));
    map.set("total", static_cast<std::int64_t>(event.total));
    map.set("unit", event.unit);
  }
  return json::render(value::Value(std::move(map)), {.indent = 0});
}

// What is as it was is no news; what is done was announced when it started.
bool is_news(const Event& event) {
  return event.kind != Event::Kind::finished || event.detail == "changed";
}

}  // namespace

base::EventSink progress_sink(std::string_view how, Terminal& terminal, std::mutex& mutex) {
  if (how == "none") return {};
  const bool as_json = how == "json";
  return [as_json, &terminal, &mutex](const Event& event) {
    const std::scoped_lock lock(mutex);
    if (as_json) {
      terminal.say(render_json(event));
    } else if (is_news(event)) {
      const bool bad = event.kind == Event::Kind::warning || event.kind == Event::Kind::failed;
      terminal.say(fmt::format("{}: {}{}{}", event.subject,
                               bad ? std::string(name_of(event.kind)) + ": " : "",
                               event.step.empty() ? "" : event.step + ": ", event.detail));
    }
  };
}

}  // namespace konvoy::cli

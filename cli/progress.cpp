#include "cli/progress.hpp"

#include <fmt/format.h>

#include <memory>

#include "cli/live_rows.hpp"
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
  if (!event.action.empty()) map.set("action", event.action);
  if (event.total > 0) {
    map.set("done", static_cast<std::int64_t>(event.done));
    map.set("total", static_cast<std::int64_t>(event.total));
    map.set("unit", event.unit);
  }
  return json::render(value::Value(std::move(map)), {.indent = 0});
}

// What is as it was is no news; what is done was announced when it started; that it goes on is for
// those who watch.
bool is_news(const Event& event) {
  if (event.kind == Event::Kind::progress) return !event.detail.empty();
  return event.kind != Event::Kind::finished || event.step.empty() || event.detail == "changed";
}

// What stays on a terminal whose last lines show the rest.
bool is_lasting(const Event& event) {
  return event.step.empty() || event.kind == Event::Kind::warning ||
         event.kind == Event::Kind::failed || event.kind == Event::Kind::message;
}

std::string render_text(const Event& event) {
  const bool bad = event.kind == Event::Kind::warning || event.kind == Event::Kind::failed;
  return fmt::format("{}: {}{}{}", event.subject,
                     bad ? std::string(name_of(event.kind)) + ": " : "",
                     event.step.empty() ? "" : event.step + ": ", event.detail);
}

}  // namespace

Option progress_option() {
  return {.name = "progress",
          .takes = Takes::value,
          .placeholder = "HOW",
          .help = "how progress is shown on stderr; auto: a line per host on a terminal",
          .choices = {"auto", "plain", "json", "none"},
          .fallback = "auto"};
}

base::EventSink progress_sink(std::string_view how, Terminal& terminal, std::mutex& mutex) {
  if (how == "none") return {};
  if (how == "json") {
    return [&terminal, &mutex](const Event& event) {
      const std::scoped_lock lock(mutex);
      terminal.say(render_json(event));
    };
  }
  if (how == "plain" || !terminal.settings().err_is_terminal) {
    return [&terminal, &mutex](const Event& event) {
      const std::scoped_lock lock(mutex);
      if (is_news(event)) terminal.say(render_text(event));
    };
  }
  return [&terminal, &mutex, rows = std::make_shared<LiveRows>()](const Event& event) {
    const std::scoped_lock lock(mutex);
    if (is_lasting(event)) terminal.say(render_text(event));
    rows->take(event);
    terminal.show_status(rows->lines());
  };
}

}  // namespace konvoy::cli

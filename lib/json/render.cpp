#include "json/render.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/encoding.hpp"
#include "base/secret.hpp"

namespace konvoy::json {
namespace {

class Renderer {
 public:
  explicit Renderer(const RenderOptions& options) : options_(options) {}

  std::string run(const value::Value& value) {
    write(value, 1);
    if (options_.indent > 0) out_ += '\n';
    return std::move(out_);
  }

 private:
  void write(const value::Value& value, int level) {
    if (value.is_secret() && !options_.reveal_secrets) {
      out_ += base::json_quote(base::masked);
    } else if (const auto* map = value.map()) {
      write_map(*map, level);
    } else if (const auto* items = value.list()) {
      write_list(*items, level);
    } else if (const auto* text = value.string()) {
      out_ += base::json_quote(*text);
    } else if (const auto* number = value.floating()) {
      out_ += std::isfinite(*number) ? base::render_double(*number) : "null";
    } else {
      out_ += value::to_display(value);
    }
  }

  void write_list(const value::List& items, int level) {
    if (items.empty()) {
      out_ += "[]";
      return;
    }
    out_ += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_ += options_.indent > 0 ? "," : ", ";
      new_line(level);
      write(items[i], level + 1);
    }
    new_line(level - 1);
    out_ += ']';
  }

  void write_map(const value::Map& map, int level) {
    if (map.empty()) {
      out_ += "{}";
      return;
    }
    std::vector<const value::Entry*> entries;
    for (const auto& entry : map.entries()) entries.push_back(&entry);
    if (options_.sort_keys) {
      std::ranges::sort(entries, {}, [](const value::Entry* entry) { return entry->key; });
    }
    out_ += '{';
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i > 0) out_ += options_.indent > 0 ? "," : ", ";
      new_line(level);
      out_ += base::json_quote(entries[i]->key);
      out_ += ": ";
      write(entries[i]->value, level + 1);
    }
    new_line(level - 1);
    out_ += '}';
  }

  void new_line(int level) {
    if (options_.indent == 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(options_.indent * level), ' ');
  }

  const RenderOptions& options_;
  std::string out_;
};

}  // namespace

std::string render(const value::Value& value, const RenderOptions& options) {
  return Renderer(options).run(value);
}

}  // namespace konvoy::json

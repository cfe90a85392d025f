#include "verify/json_reader.hpp"

#include <fmt/format.h>

namespace konvoy::verify {
namespace {

constexpr std::size_t longest_quote = 60;

std::string quoted(const value::Value& value) {
  std::string text = value::to_display(value);
  if (text.size() > longest_quote) text = text.substr(0, longest_quote) + "...";
  return text;
}

}  // namespace

std::string JsonReader::path_of(std::string_view key) const {
  return key.empty() ? path_ : fmt::format("{}.{}", path_, key);
}

void JsonReader::problem(std::string_view key, std::string message, std::string hint) const {
  const value::Value* field = value_->is_map() ? value_->map()->find(key) : nullptr;
  problems_->push_back({.message = fmt::format("{}: {}", path_of(key), message),
                        .span = (field == nullptr ? *value_ : *field).span(),
                        .hint = std::move(hint)});
}

void JsonReader::expected(std::string_view key, std::string_view what,
                          const value::Value& got) const {
  problem(key,
          fmt::format("expected {}, got {} '{}'", what, value::name_of(got.kind()), quoted(got)));
}

const value::Value* JsonReader::find(std::string_view key, Need need) const {
  const value::Value* field = value_->is_map() ? value_->map()->find(key) : nullptr;
  if (field != nullptr && field->is_null()) field = nullptr;
  if (field == nullptr && need == Need::required) problem(key, "it is missing");
  return field;
}

std::string JsonReader::text(std::string_view key, Need need,
                             const std::function<std::string(const std::string&)>& check) const {
  const value::Value* field = find(key, need);
  if (field == nullptr) return {};
  const std::string* text = field->string();
  const std::string wanted = text == nullptr ? "text" : check ? check(*text) : "";
  if (wanted.empty()) return *text;
  expected(key, wanted, *field);
  return {};
}

std::int64_t JsonReader::integer(std::string_view key, Need need) const {
  const value::Value* field = find(key, need);
  if (field == nullptr) return 0;
  if (const std::int64_t* number = field->integer(); number != nullptr && *number >= 0) {
    return *number;
  }
  expected(key, "a whole number that is not negative", *field);
  return 0;
}

bool JsonReader::boolean(std::string_view key) const {
  const value::Value* field = find(key, Need::optional);
  if (field == nullptr) return false;
  if (const bool* flag = field->boolean()) return *flag;
  expected(key, "true or false", *field);
  return false;
}

std::vector<std::string> JsonReader::texts(std::string_view key) const {
  std::vector<std::string> all;
  const value::Value* field = find(key, Need::optional);
  if (field == nullptr) return all;
  if (!field->is_list()) {
    expected(key, "a list of texts", *field);
    return all;
  }
  for (const value::Value& item : *field->list()) {
    if (item.is_string()) {
      all.push_back(*item.string());
    } else {
      expected(fmt::format("{}[{}]", key, all.size()), "text", item);
      return all;
    }
  }
  return all;
}

void JsonReader::object(std::string_view key, Need need,
                        const std::function<void(const JsonReader&)>& use) const {
  const value::Value* field = find(key, need);
  if (field == nullptr) return;
  if (!field->is_map()) return expected(key, "an object", *field);
  use(JsonReader(*field, path_of(key), *problems_));
}

void JsonReader::objects(std::string_view key,
                         const std::function<void(const JsonReader&)>& use) const {
  const value::Value* field = find(key, Need::optional);
  if (field == nullptr) return;
  if (!field->is_list()) return expected(key, "a list", *field);
  std::size_t index = 0;
  for (const value::Value& item : *field->list()) {
    const std::string path = fmt::format("{}[{}]", path_of(key), index++);
    if (item.is_map()) {
      use(JsonReader(item, path, *problems_));
    } else {
      problems_->push_back({.message = fmt::format("{}: expected an object, got {}", path,
                                                   value::name_of(item.kind())),
                            .span = item.span()});
    }
  }
}

}  // namespace konvoy::verify

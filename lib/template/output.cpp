#include "template/output.hpp"

#include <fmt/format.h>

#include <cmath>

#include "template/python_literal.hpp"
#include "template/python_text.hpp"

namespace konvoy::templates {
namespace {

// Whether Python's text of `object` reads back as the same object.
bool survives_text(const Object& object) {
  if (const auto* number = object.floating()) return std::isfinite(*number);
  if (object.callable() != nullptr || object.namespace_ref() != nullptr) return false;
  if (const auto* items = object.items()) {
    for (const auto& item : *items) {
      if (!survives_text(item)) return false;
    }
  }
  if (const auto* dict = object.dict()) {
    for (const auto& [key, value] : dict->pairs()) {
      if (!survives_text(key) || !survives_text(value)) return false;
    }
  }
  return true;
}

}  // namespace

Outcome<void> check_defined(const Object& object) {
  if (const auto* missing = object.undefined()) return missing->failure;
  if (const auto* items = object.items()) {
    for (const auto& item : *items) KONVOY_CHECK(check_defined(item));
  } else if (const auto* dict = object.dict()) {
    for (const auto& pair : dict->pairs()) KONVOY_CHECK(check_defined(pair.second));
  }
  return {};
}

Outcome<Object> finish_value(const Object& object) {
  if (object.is_none()) return Object("").with_secret(object.secret());
  if (object.boolean() != nullptr || object.stays_text()) return object;
  if ((object.list() != nullptr || object.dict() != nullptr) && survives_text(object)) {
    KONVOY_CHECK(check_defined(object));
    return object;
  }
  KONVOY_TRY(auto text, str_text(object));
  return literal_or_text(std::move(text)).with_secret(object.holds_secret());
}

Outcome<void> Output::write(std::string_view text) {
  if (text.empty()) return {};
  return print(Object(text));
}

Outcome<void> Output::print(Object object) {
  KONVOY_CHECK(check_defined(object));
  if (object.is_none()) object = Object("").with_secret(object.secret());
  if (empty_) {
    empty_ = false;
    single_ = std::move(object);
    return {};
  }
  KONVOY_CHECK(flush_single());
  return append(object);
}

Outcome<void> Output::flush_single() {
  if (!single_) return {};
  const auto first = std::move(*single_);
  single_.reset();
  return append(first);
}

Outcome<void> Output::append(const Object& object) {
  secret_ = secret_ || object.holds_secret();
  if (const auto* text = object.text()) {
    text_ += *text;
  } else {
    KONVOY_TRY(const auto written, str_text(object));
    text_ += written;
  }
  if (text_.size() > largest_text) {
    return Failure(FailureKind::limit,
                   fmt::format("the result is larger than {} MiB", largest_text >> 20U));
  }
  return {};
}

Outcome<Object> Output::finish() && {
  if (!single_) return literal_or_text(std::move(text_)).with_secret(secret_);
  KONVOY_TRY(auto value, finish_value(*single_));
  return value.with_secret(value.secret() || secret_);
}

Outcome<Object> Output::text() && {
  KONVOY_CHECK(flush_single());
  return Object(std::move(text_)).with_secret(secret_);
}

}  // namespace konvoy::templates

#include "app/secrets.hpp"

#include <string_view>

namespace konvoy::app {
namespace {

// "http://user:password@proxy:3128" -> "password"
std::string_view password_of_url(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto authority = text.substr(scheme + 3, text.find('/', scheme + 3) - scheme - 3);
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return {};
  const auto user_info = authority.substr(0, at);
  const auto colon = user_info.find(':');
  return colon == std::string_view::npos ? std::string_view() : user_info.substr(colon + 1);
}

void collect(const value::Value& value, bool secret, std::vector<base::Secret>& found) {
  secret = secret || value.is_secret();
  if (const auto* text = value.string()) {
    if (secret && !text->empty()) found.emplace_back(*text);
    if (const auto password = password_of_url(*text); !password.empty()) {
      found.emplace_back(std::string(password));
    }
  } else if (const auto* list = value.list()) {
    for (const auto& item : *list) collect(item, secret, found);
  } else if (const auto* map = value.map()) {
    for (const auto& entry : map->entries()) collect(entry.value, secret, found);
  }
}

}  // namespace

std::vector<base::Secret> secrets_in(const value::Value& value) {
  std::vector<base::Secret> found;
  collect(value, false, found);
  return found;
}

}  // namespace konvoy::app

#include "binary/known_modules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/embedded.hpp"
#include "base/encoding.hpp"
#include "json/reader.hpp"

KONVOY_EMBEDDED(binary_data_cmvp_json);
KONVOY_EMBEDDED(binary_data_modules_json);

namespace konvoy::binary {
namespace {

// Reads fields and keeps what is wrong with them, so that all problems come back together.
class Decoder {
 public:
  // The text under `key`; a missing one is a problem unless `optional`.
  std::string text(const value::Value& map, std::string_view key, bool optional = false) {
    const auto* found = field(map, key, optional);
    if (found == nullptr) return {};
    if (const auto* string = found->string()) return *string;
    problem(*found, fmt::format("'{}' must be a text", key));
    return {};
  }

  // The bytes of a text of hexadecimal digits; `size` of them, or any number for 0.
  std::string bytes(const value::Value& map, std::string_view key, std::size_t size) {
    auto decoded = base::from_hex(text(map, key));
    if (decoded && (size == 0 || decoded->size() == size)) return *std::move(decoded);
    problem(map, fmt::format("'{}' must be {} bytes in hexadecimal digits", key, size));
    return {};
  }

  std::uint64_t number(const value::Value& map, std::string_view key) {
    const auto* found = field(map, key, false);
    const auto* integer = found == nullptr ? nullptr : found->integer();
    if (integer != nullptr && *integer > 0) return static_cast<std::uint64_t>(*integer);
    problem(map, fmt::format("'{}' must be a number above 0", key));
    return 0;
  }

  value::List list(const value::Value& map, std::string_view key) {
    const auto* found = field(map, key, false);
    if (found == nullptr) return {};
    if (const auto* items = found->list()) return *items;
    problem(*found, fmt::format("'{}' must be a list", key));
    return {};
  }

  // YYYY-MM-DD.
  std::string date(const value::Value& map, std::string_view key, bool optional = false) {
    auto day = text(map, key, optional);
    if (day.empty() && optional) return day;
    const auto digit = [&](std::size_t i) { return day[i] >= '0' && day[i] <= '9'; };
    const bool good = day.size() == 10 && day[4] == '-' && day[7] == '-' && digit(0) && digit(1) &&
                      digit(2) && digit(3) && digit(5) && digit(6) && digit(8) && digit(9);
    if (!good) problem(map, fmt::format("'{}' must be a date like 2026-09-21", key));
    return day;
  }

  void problem(const value::Value& at, std::string message) {
    base::Diagnostic diagnostic{.message = std::move(message)};
    if (at.span().source) diagnostic.span = at.span();
    problems_.push_back(std::move(diagnostic));
  }

  template <class T>
  base::Result<T> finish(T value) {
    if (problems_.empty()) return value;
    return base::Error(base::ErrorKind::input, std::move(problems_));
  }

 private:
  const value::Value* field(const value::Value& map, std::string_view key, bool optional) {
    const auto* entries = map.map();
    const auto* found = entries == nullptr ? nullptr : entries->find(key);
    if (found == nullptr && !optional) problem(map, fmt::format("'{}' is missing", key));
    return found;
  }

  std::vector<base::Diagnostic> problems_;
};

KnownModule decode_module(Decoder& decoder, const value::Value& map, std::size_t key_bytes) {
  constexpr std::size_t prefix_bytes = 64;
  KnownModule module;
  module.build = decoder.text(map, "build");
  module.certificate = decoder.text(map, "certificate");
  module.prefix = decoder.bytes(map, "prefix", prefix_bytes);
  module.length = decoder.number(map, "length");
  module.sha256 = decoder.bytes(map, "sha256", 32);
  const auto hmac = decoder.text(map, "hmac");
  if (hmac == "sha256") module.hmac = crypto::DigestAlgorithm::sha256;
  else if (hmac != "sha512") decoder.problem(map, "'hmac' must be 'sha256' or 'sha512'");
  module.key.assign(key_bytes, '\0');
  module.code = decoder.bytes(map, "code", crypto::size_of(module.hmac));
  module.code_offset = decoder.number(map, "code_offset");
  return module;
}

}  // namespace

const Certificate* CertificateList::find(std::string_view number) const {
  const auto found = std::ranges::find(certificates, number, &Certificate::number);
  return found == certificates.end() ? nullptr : &*found;
}

base::Result<CertificateList> parse_certificates(std::string name, std::string text) {
  KONVOY_TRY(const auto root, json::parse(std::move(name), std::move(text)));
  Decoder decoder;
  CertificateList list{.as_of = decoder.date(root, "as_of")};
  for (const auto& item : decoder.list(root, "certificates")) {
    Certificate certificate;
    certificate.number = decoder.text(item, "number");
    certificate.standard = decoder.text(item, "standard", true);
    certificate.status = decoder.text(item, "status");
    certificate.since = decoder.date(item, "since", true);
    list.certificates.push_back(std::move(certificate));
  }
  return decoder.finish(std::move(list));
}

base::Result<Knowledge> embedded_knowledge() {
  Knowledge knowledge;
  KONVOY_TRY(const auto root, json::parse("modules.json", std::string(binary_data_modules_json())));
  Decoder decoder;
  const auto key_bytes = decoder.number(root, "key_bytes");
  for (const auto& item : decoder.list(root, "modules")) {
    knowledge.modules.push_back(decode_module(decoder, item, key_bytes));
  }
  for (const auto& item : decoder.list(root, "native")) {
    knowledge.native.push_back({decoder.text(item, "version"), decoder.text(item, "certificate")});
  }
  KONVOY_TRY(knowledge.certificates,
             parse_certificates("cmvp.json", std::string(binary_data_cmvp_json())));
  return decoder.finish(std::move(knowledge));
}

}  // namespace konvoy::binary

#include "tls/wire.hpp"

#include <algorithm>
#include <array>

namespace konvoy::tls {
namespace {

constexpr std::uint8_t alert_record = 21;
constexpr std::uint8_t handshake_record = 22;
constexpr std::uint8_t client_hello_type = 1;
constexpr std::uint8_t server_hello_type = 2;
constexpr std::size_t record_header = 5;
/// RFC 8446 section 5.1: 2^14 bytes, and what older versions add for encryption.
constexpr std::size_t longest_record = 16384 + 2048;
/// A ServerHello of more than this is not one.
constexpr std::size_t longest_hello = 65536;

/// RFC 8446 section 4.1.3: the random of a HelloRetryRequest, SHA-256("HelloRetryRequest").
constexpr std::array<unsigned char, 32> retry_random{
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

/// Extension numbers (IANA "TLS ExtensionType Values").
enum Extension : std::uint16_t {
  server_name = 0,
  supported_groups = 10,
  ec_point_formats = 11,
  signature_algorithms = 13,
  extended_master_secret = 23,
  supported_versions = 43,
  key_share = 51,
  renegotiation_info = 0xFF01
};

/// Everything a server's key may sign with (RFC 8446 section 4.2.3), weak ones too: a server is to
/// answer so that it can be judged.
constexpr std::array<std::uint16_t, 17> signature_schemes{
    0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
    0x0809, 0x080A, 0x080B, 0x0807, 0x0808, 0x0203, 0x0201, 0x0202};

void put8(std::string& out, std::size_t number) {
  out += static_cast<char>(number & 0xFFU);
}
void put16(std::string& out, std::size_t number) {
  put8(out, number >> 8U);
  put8(out, number);
}
void put_vector8(std::string& out, std::string_view bytes) {
  put8(out, bytes.size());
  out += bytes;
}
void put_vector16(std::string& out, std::string_view bytes) {
  put16(out, bytes.size());
  out += bytes;
}

template <class Numbers>
std::string list16(const Numbers& numbers) {
  std::string bytes;
  for (const std::uint16_t number : numbers) put16(bytes, number);
  return bytes;
}

std::string vector16(std::string_view bytes) {
  std::string out;
  put_vector16(out, bytes);
  return out;
}

void put_extension(std::string& out, std::uint16_t type, std::string_view content) {
  put16(out, type);
  put_vector16(out, content);
}

std::string render_extensions(const Offer& offer) {
  std::string out;
  if (!offer.server_name.empty()) {
    std::string name(1, '\0');  // name type 0: host name
    put_vector16(name, offer.server_name);
    put_extension(out, server_name, vector16(name));
  }
  if (!offer.groups.empty()) {
    put_extension(out, supported_groups, vector16(list16(offer.groups)));
    put_extension(out, ec_point_formats, std::string_view("\x01\x00", 2));  // uncompressed
  }
  if (offer.version >= Version::tls1_2) {
    put_extension(out, signature_algorithms, vector16(list16(signature_schemes)));
  }
  if (offer.version == Version::tls1_3) {
    std::string versions;
    put_vector8(versions, list16(std::array{static_cast<std::uint16_t>(Version::tls1_3)}));
    put_extension(out, supported_versions, versions);
    put_extension(out, key_share, vector16(""));
  } else {
    put_extension(out, extended_master_secret, "");
    put_extension(out, renegotiation_info, std::string_view("\x00", 1));
  }
  return out;
}

/// Takes fields off the front; after the first that is not there, `ok` is false for good.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}
  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::size_t number(std::size_t bytes) {
    std::size_t value = 0;
    for (const char byte : take(bytes)) value = (value << 8U) | static_cast<unsigned char>(byte);
    return value;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

bool is_retry(std::string_view random) {
  return std::equal(random.begin(), random.end(), retry_random.begin(), retry_random.end(),
                    [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

bool is_version(std::size_t number) {
  return number >= 0x0300 && number <= 0x0304;
}

void parse_extension(std::size_t type, std::string_view content, ServerHello& hello) {
  Cursor cursor(content);
  if (type == supported_versions) {
    const std::size_t version = cursor.number(2);
    if (is_version(version)) hello.version = static_cast<Version>(version);
  } else if (type == key_share) {
    hello.group = static_cast<std::uint16_t>(cursor.number(2));
    if (!cursor.ok()) hello.group.reset();
  }
}

Reply parse_hello(std::string_view body) {
  Cursor cursor(body);
  ServerHello hello;
  const std::size_t version = cursor.number(2);
  if (!is_version(version)) return NotTls{"its hello has an unknown version"};
  hello.version = static_cast<Version>(version);
  hello.retry = is_retry(cursor.take(32));
  cursor.take(cursor.number(1));  // session id
  hello.suite = static_cast<std::uint16_t>(cursor.number(2));
  cursor.number(1);  // compression
  if (!cursor.ok()) return NotTls{"its hello is too short"};
  if (cursor.empty()) return hello;
  Cursor extensions(cursor.take(cursor.number(2)));
  while (cursor.ok() && extensions.ok() && !extensions.empty()) {
    const std::size_t type = extensions.number(2);
    const std::string_view content = extensions.take(extensions.number(2));
    if (extensions.ok()) parse_extension(type, content, hello);
  }
  if (!cursor.ok() || !extensions.ok()) return NotTls{"its hello has damaged extensions"};
  return hello;
}

Reply parse_handshake(std::string_view bytes) {
  if (bytes.empty()) return Incomplete{};
  if (static_cast<std::uint8_t>(bytes[0]) != server_hello_type) {
    return NotTls{"its first message is no hello"};
  }
  if (bytes.size() < 4) return Incomplete{};
  const std::size_t length = Cursor(bytes.substr(1)).number(3);
  if (length > longest_hello) return NotTls{"its hello is too long"};
  if (bytes.size() < 4 + length) return Incomplete{};
  return parse_hello(bytes.substr(4, length));
}

}  // namespace

std::string_view name_of(Version version) {
  switch (version) {
    case Version::ssl3: return "SSL3";
    case Version::tls1_0: return "TLS1.0";
    case Version::tls1_1: return "TLS1.1";
    case Version::tls1_2: return "TLS1.2";
    case Version::tls1_3: return "TLS1.3";
  }
  return "unknown";
}

std::string render_client_hello(const Offer& offer) {
  std::string body;
  put16(body, static_cast<std::uint16_t>(std::min(offer.version, Version::tls1_2)));
  std::string random = offer.random;
  random.resize(32, '\0');
  body += random;
  put_vector8(body, "");  // session id
  put_vector16(body, list16(offer.suites));
  put_vector8(body, std::string_view("\0", 1));  // compression: none
  // SSL 3 knows no extensions, and some of its servers fail on them.
  if (offer.version > Version::ssl3) put_vector16(body, render_extensions(offer));

  std::string message;
  put8(message, client_hello_type);
  put8(message, body.size() >> 16U);
  put16(message, body.size());
  message += body;

  std::string record;
  put8(record, handshake_record);
  put16(record, static_cast<std::uint16_t>(std::min(offer.version, Version::tls1_0)));
  put_vector16(record, message);
  return record;
}

Reply parse_reply(std::string_view bytes) {
  std::string handshake;
  while (!bytes.empty()) {
    const auto type = static_cast<std::uint8_t>(bytes[0]);
    if (type != handshake_record && type != alert_record) {
      return NotTls{"it does not answer with a TLS record"};
    }
    if (bytes.size() >= 2 && bytes[1] != 3) return NotTls{"its record has an unknown version"};
    if (bytes.size() < record_header) break;
    const std::size_t length = Cursor(bytes.substr(3)).number(2);
    if (length == 0 || length > longest_record) return NotTls{"its record has a wrong length"};
    if (bytes.size() < record_header + length) break;
    const std::string_view content = bytes.substr(record_header, length);
    if (type == alert_record) {
      if (length != 2) return NotTls{"its alert has a wrong length"};
      // A warning (unrecognized_name) may come before the hello.
      const Alert alert{static_cast<std::uint8_t>(content[0]),
                        static_cast<std::uint8_t>(content[1])};
      if (alert.level != 1 || alert.description == 0) return alert;
    } else {
      handshake += content;
      Reply reply = parse_handshake(handshake);
      if (!std::holds_alternative<Incomplete>(reply)) return reply;
    }
    bytes.remove_prefix(record_header + length);
  }
  return Incomplete{};
}

std::string alert_name(std::uint8_t description) {
  struct Name {
    std::uint8_t number;
    std::string_view name;
  };
  static constexpr std::array<Name, 16> names{{{0, "close_notify"},
                                               {10, "unexpected_message"},
                                               {20, "bad_record_mac"},
                                               {22, "record_overflow"},
                                               {40, "handshake_failure"},
                                               {47, "illegal_parameter"},
                                               {49, "access_denied"},
                                               {50, "decode_error"},
                                               {51, "decrypt_error"},
                                               {70, "protocol_version"},
                                               {71, "insufficient_security"},
                                               {80, "internal_error"},
                                               {86, "inappropriate_fallback"},
                                               {109, "missing_extension"},
                                               {112, "unrecognized_name"},
                                               {116, "certificate_required"}}};
  for (const Name& known : names) {
    if (known.number == description) return std::string(known.name);
  }
  return "alert " + std::to_string(description);
}

}  // namespace konvoy::tls

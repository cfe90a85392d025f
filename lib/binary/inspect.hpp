// What a program is really made of, from its bytes alone. Nothing is executed or trusted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "binary/bytes.hpp"
#include "binary/elf.hpp"
#include "binary/known_modules.hpp"

namespace konvoy::binary {

enum class Class {
  goboring,                 ///< Go with a known build of BoringCrypto, verified byte for byte
  goboring_unknown_module,  ///< Go with BoringCrypto's marks, but no known build of it
  goboring_tampered,        ///< Go with a known build that was changed: it will not start
  openssl_backed,           ///< Go that calls the host's OpenSSL
  go_native,                ///< Go with its own FIPS module switched on and intact
  false_claim,              ///< says it is a FIPS build; its cryptography is plain Go's
  no_crypto,                ///< says it is a FIPS build; there is no cryptography in it
  plain_go,                 ///< Go, not FIPS
  not_go,                   ///< an ELF file that is no Go program
  not_elf,
};

/// The words of the command line and of JSON: "goboring-unknown-module".
[[nodiscard]] std::string_view name_of(Class c);
/// All classes in the order of the enumeration.
[[nodiscard]] const std::vector<Class>& all_classes();
[[nodiscard]] std::optional<Class> parse_class(std::string_view name);

/// A module that is in the program, and the state of its certificate on the day of the data.
struct ModuleFinding {
  std::string build;        ///< "fips-20190808/ae223d61", "v1.0.0"
  std::string certificate;  ///< "3678"; empty when none is known
  std::string status;       ///< "historical"; "unknown" when the data does not say
  std::string as_of;        ///< YYYY-MM-DD, the day of the data
  bool operator==(const ModuleFinding&) const = default;
};

struct Findings {
  Class type = Class::not_elf;
  std::optional<ModuleFinding> module;  ///< verified ones only
  std::string go_version;               ///< empty when the program does not say
  std::optional<bool> cgo;
  bool fips_only = false;  ///< TLS is restricted by crypto/tls/fipsonly
  Linking linking = Linking::none;
  std::string architecture;               ///< GOARCH; empty when not ELF
  std::vector<std::string> non_approved;  ///< see LinkedCode::non_approved
  std::vector<std::string> because;       ///< the evidence, a sentence each
  bool operator==(const Findings&) const = default;
};

/// Judges a whole file. Time is linear in its size. Errors come from OpenSSL only.
[[nodiscard]] base::Result<Findings> inspect(Bytes bytes, const Knowledge& knowledge);

/// "module build X, certificate N, historical as of 2026-09-21"
[[nodiscard]] std::string render(const ModuleFinding& module);

}  // namespace konvoy::binary

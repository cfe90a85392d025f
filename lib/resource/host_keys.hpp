// sshd's host keys: which there are, which FIPS mode leaves, and new ones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// An image root has no host keys: each machine that starts from it makes its own, and in FIPS mode
/// of types and with a random generator that are allowed there. On a live host the keys stay until
/// it reboots (new_host_keys), since who knows it by them would be locked out; here it is only
/// warned.
struct HostKeysAbsent {
  bool operator==(const HostKeysAbsent&) const = default;
};
[[nodiscard]] Decision decide(const HostKeysAbsent& keys, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(HostKeysAbsent keys);

/// Prints the public keys, a line each, of all host keys of sshd's configuration (HostKey of
/// sshd_config(5)), or of those with the usual names where it can't be asked.
[[nodiscard]] target::CommandProbe public_host_keys();

/// Of the lines that public_host_keys() printed those that sshd may still use in FIPS mode, without
/// comments: ECDSA, and RSA of 2048 bits or more (FIPS 186-5, section 5.1).
[[nodiscard]] std::vector<std::string> usable_in_fips_mode(std::string_view public_keys);

/// Makes the RSA (3072 bits) and ECDSA (P-256) keys anew, where sshd's configuration has them
/// (HostKey) or else under the usual names, and removes those of other types.
/// OPENSSL_FORCE_FIPS_MODE has EL's OpenSSL make them as in FIPS mode (README.FIPS of its package).
/// A running sshd shows them from the next connection on.
[[nodiscard]] target::RunCommand new_host_keys();

/// The size in bits of the RSA key in a line of a public key file (RFC 4253, section 6.6: name,
/// exponent, modulus); 0 when there is none.
[[nodiscard]] unsigned rsa_bits(std::string_view public_key);

}  // namespace konvoy::resource

// What looks at the bytes of files: the class of a program, and signatures.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "binary/inspect.hpp"
#include "crypto/signature.hpp"
#include "verify/files.hpp"

namespace konvoy::verify {

/// The manifest's scheme as the one that computes.
[[nodiscard]] crypto::SignatureScheme scheme_of(Scheme scheme);

/// What a class of program means on a FIPS node: empty, or why it must not be there. What is no
/// program, or has no cryptography of its own, is fine.
[[nodiscard]] std::string objection_to(binary::Class type);

/// Classes from the program's bytes, signatures through the OpenSSL that this program is built
/// with. Errors: the embedded data are broken.
[[nodiscard]] base::Result<ContentTools> own_tools();

/// The same, but digests and signatures through the node's own `openssl`, which is the validated
/// one on a node in FIPS mode. For the machine that this program runs on: the content goes to its
/// stdin, so that the bytes that are judged are the bytes that are checked.
[[nodiscard]] base::Result<ContentTools> node_tools();

}  // namespace konvoy::verify

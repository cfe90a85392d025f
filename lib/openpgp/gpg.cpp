#include "openpgp/gpg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "openpgp/status.hpp"
#include "system/file.hpp"
#include "system/process.hpp"

namespace konvoy::openpgp {
namespace {

using base::Error;
using base::ErrorKind;

/// Long enough for someone to type a passphrase or touch a card.
constexpr std::chrono::minutes sign_timeout{5};

bool has(const std::vector<StatusLine>& lines, std::string_view keyword) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const StatusLine& line) { return line.keyword == keyword; });
}

Error failed(const system::Outcome& outcome, const Signer& signer) {
  const auto lines = parse_status(outcome.out);
  Error error = has(lines, "INV_SGNR") || has(lines, "NO_SECKEY")
                    ? Error{ErrorKind::input,
                            fmt::format("gpg has no secret key '{}' that can sign", signer.key),
                            "'gpg --list-secret-keys' shows those it has"}
                    : Error{ErrorKind::run, fmt::format("gpg cannot sign with '{}'", signer.key)};
  for (const std::string& line : base::split_lines(outcome.err)) {
    error.diagnostics.front().notes.push_back({.message = line});
  }
  return error;
}

}  // namespace

base::Result<std::string> clear_sign(std::string_view text, const Signer& signer) {
  KONVOY_TRY(const auto directory, system::TemporaryDirectory::make("konvoy-gpg"));
  const std::string out = directory.path() + "/signed";
  KONVOY_TRY(const system::Outcome outcome,
             system::run({.argv = {signer.program, "--batch", "--no-tty", "--status-fd", "1",
                                   "--digest-algo", "SHA512", "--local-user", signer.key,
                                   "--output", out, "--clearsign"},
                          .input = base::Secret(std::string(text)),
                          .timeout = sign_timeout}));
  if (!outcome.ok() || !has(parse_status(outcome.out), "SIG_CREATED")) {
    return failed(outcome, signer);
  }
  return system::read_file(out);
}

}  // namespace konvoy::openpgp

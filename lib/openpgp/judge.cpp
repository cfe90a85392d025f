#include "openpgp/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace konvoy::openpgp {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view ask_for_another =
    "get a manifest that is signed anew, from where this one came from";

struct Refusal {
  std::string_view keyword;
  std::string_view message;
  std::string_view hint;
};

/// Each of these alone refuses a signature, whatever else the run says. The most telling come
/// first: gpgv often adds a general one.
constexpr std::array<Refusal, 13> refusals{{
    {"REVKEYSIG", "the key that signed is revoked", ask_for_another},
    {"EXPKEYSIG", "the key that signed has expired", ask_for_another},
    {"KEYREVOKED", "the key that signed is revoked", ask_for_another},
    {"KEYEXPIRED", "the key that signed has expired", ask_for_another},
    {"EXPSIG", "the signature has expired", ask_for_another},
    {"SIGEXPIRED", "the signature has expired", ask_for_another},
    {"BADSIG", "the signature does not fit the text: one of them was changed", ask_for_another},
    {"NO_PUBKEY", "it is signed by a key that the keyring does not hold",
     "add the signer's public key to the keyring, if you trust it"},
    {"ERRSIG", "the signature cannot be checked", ask_for_another},
    {"NODATA", "there is no OpenPGP signature in it", "sign it with 'gpg --clear-sign'"},
    {"UNEXPECTED", "its OpenPGP packets are damaged", ask_for_another},
    {"ERROR", "gpgv met an error in it", ask_for_another},
    {"FAILURE", "gpgv failed", ask_for_another},
}};

constexpr std::array<int, 6> approved_hashes{8, 9, 10, 11, 12, 14};

bool is_approved(int hash) {
  return std::find(approved_hashes.begin(), approved_hashes.end(), hash) != approved_hashes.end();
}

std::size_t count(std::span<const StatusLine> lines, std::string_view keyword) {
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(), [&](const StatusLine& line) { return line.keyword == keyword; }));
}

const StatusLine* find(std::span<const StatusLine> lines, std::string_view keyword) {
  const auto found = std::find_if(lines.begin(), lines.end(),
                                  [&](const StatusLine& line) { return line.keyword == keyword; });
  return found == lines.end() ? nullptr : &*found;
}

Error weak_hash(int hash) {
  return {ErrorKind::input,
          fmt::format("the signature is made with {}, which is not accepted", hash_name(hash)),
          "sign it with SHA-256 or SHA-512 ('gpg --digest-algo SHA512')"};
}

// ERRSIG <keyid> <key algorithm> <hash algorithm> ...: gpgv refused a weak digest itself.
std::optional<Error> weak_hash_of(const StatusLine& errsig) {
  if (errsig.arguments.size() < 3) return std::nullopt;
  const std::string& hash = errsig.arguments[2];
  if (hash != "1" && hash != "2" && hash != "3") return std::nullopt;
  return weak_hash(hash.front() - '0');
}

std::optional<Error> refuse(std::span<const StatusLine> lines) {
  for (const Refusal& refusal : refusals) {
    const StatusLine* line = find(lines, refusal.keyword);
    if (line == nullptr) continue;
    if (refusal.keyword == "ERRSIG") {
      if (auto weak = weak_hash_of(*line)) return weak;
    }
    return Error{ErrorKind::input, std::string(refusal.message), std::string(refusal.hint)};
  }
  for (const std::string_view once : {"NEWSIG", "GOODSIG", "VALIDSIG", "PLAINTEXT"}) {
    if (count(lines, once) > 1) {
      return Error{ErrorKind::input, "it holds more than one signature or signed text",
                   "exactly one signature over one text is accepted"};
    }
  }
  return std::nullopt;
}

bool is_trusted(const Signature& signature, const Trust& trust) {
  if (trust.fingerprints.empty()) return true;
  return std::any_of(
      trust.fingerprints.begin(), trust.fingerprints.end(), [&](const std::string& trusted) {
        return trusted == signature.fingerprint || trusted == signature.primary_fingerprint;
      });
}

std::string signer_of(const StatusLine& goodsig) {
  std::string signer;
  for (std::size_t i = 1; i < goodsig.arguments.size(); ++i) {
    if (!signer.empty()) signer += ' ';
    signer += goodsig.arguments[i];
  }
  return signer;
}

}  // namespace

base::Result<Signature> judge(std::span<const StatusLine> lines, const Trust& trust) {
  if (auto refused = refuse(lines)) return std::move(*refused);
  const StatusLine* good = find(lines, "GOODSIG");
  const StatusLine* valid = find(lines, "VALIDSIG");
  if (good == nullptr || valid == nullptr) {
    return Error{ErrorKind::input, "gpgv found no good signature in it",
                 std::string(ask_for_another)};
  }
  auto signature = parse_valid_signature(*valid);
  if (!signature) {
    return Error{ErrorKind::input, "gpgv describes the signature in a way that is not understood",
                 "only signatures over documents, by version 4 keys, are accepted"};
  }
  if (!is_approved(signature->hash_algorithm)) return weak_hash(signature->hash_algorithm);
  if (!is_trusted(*signature, trust)) {
    return Error{ErrorKind::input,
                 fmt::format("it is signed by key {}, which is not one of the trusted fingerprints",
                             signature->primary_fingerprint),
                 "trust that fingerprint, if it is the right one"};
  }
  signature->signer = signer_of(*good);
  return std::move(*signature);
}

}  // namespace konvoy::openpgp

#include "openpgp/judge.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace konvoy::openpgp;

namespace {

const std::string key = "D4AFFBB1B32F04A09FA1BE29616F0D273CA64D28";
const std::string primary = "00112233445566778899AABBCCDDEEFF00112233";

std::string valid_line(int hash = 10) {
  return fmt::format("[GNUPG:] VALIDSIG {} 2026-11-23 1795415314 0 4 0 1 {} 01 {}\n", key, hash,
                     primary);
}

const std::string good_line = "[GNUPG:] GOODSIG 616F0D273CA64D28 A Signer <a@example.org>\n";

konvoy::base::Result<Signature> judged(const std::string& text, const Trust& trust = {}) {
  return judge(parse_status(text), trust);
}

std::string refusal(const std::string& text, const Trust& trust = {}) {
  const auto result = judged(text, trust);
  return result ? "accepted" : result.error().message();
}

}  // namespace

TEST_CASE("one good signature is taken") {
  const auto result =
      judged("[GNUPG:] PLAINTEXT 74 0 \n[GNUPG:] NEWSIG\n" + good_line + valid_line());
  REQUIRE(result);
  CHECK(result->fingerprint == key);
  CHECK(result->signer == "A Signer <a@example.org>");
}

TEST_CASE("trust can be narrowed to fingerprints of the key or of its primary key") {
  CHECK(judged(good_line + valid_line(), {{key}}));
  CHECK(judged(good_line + valid_line(), {{"X", primary}}));
  CHECK(refusal(good_line + valid_line(), {{"FFFF"}}) ==
        "it is signed by key " + primary + ", which is not one of the trusted fingerprints");
}

TEST_CASE("GOODSIG and VALIDSIG must both be there") {
  CHECK(refusal(good_line) == "gpgv found no good signature in it");
  CHECK(refusal(valid_line()) == "gpgv found no good signature in it");
  CHECK(refusal("") == "gpgv found no good signature in it");
}

TEST_CASE("two of anything are refused") {
  const std::string all = good_line + valid_line();
  const std::string two = "it holds more than one signature or signed text";
  CHECK(refusal(all + good_line) == two);
  CHECK(refusal(all + valid_line()) == two);
  CHECK(refusal(all + "[GNUPG:] NEWSIG\n[GNUPG:] NEWSIG a\n") == two);
  CHECK(refusal(all + "[GNUPG:] PLAINTEXT 74 0 \n[GNUPG:] PLAINTEXT 74 0 \n") == two);
}

TEST_CASE("every one of these refuses a signature that is good otherwise") {
  const std::string all = good_line + valid_line();
  CHECK(refusal(all + "[GNUPG:] EXPKEYSIG A B\n") == "the key that signed has expired");
  CHECK(refusal(all + "[GNUPG:] KEYEXPIRED 1\n") == "the key that signed has expired");
  CHECK(refusal(all + "[GNUPG:] REVKEYSIG A B\n") == "the key that signed is revoked");
  CHECK(refusal(all + "[GNUPG:] KEYREVOKED\n") == "the key that signed is revoked");
  CHECK(refusal(all + "[GNUPG:] EXPSIG A B\n") == "the signature has expired");
  CHECK(refusal(all + "[GNUPG:] SIGEXPIRED\n") == "the signature has expired");
  CHECK(refusal(all + "[GNUPG:] BADSIG A B\n").starts_with("the signature does not fit the text"));
  CHECK(refusal(all + "[GNUPG:] NO_PUBKEY A\n").starts_with("it is signed by a key that"));
  CHECK(refusal(all + "[GNUPG:] ERRSIG A 1 10 01 1 9\n") == "the signature cannot be checked");
  CHECK(refusal(all + "[GNUPG:] NODATA 1\n") == "there is no OpenPGP signature in it");
  CHECK(refusal(all + "[GNUPG:] UNEXPECTED 0\n") == "its OpenPGP packets are damaged");
  CHECK(refusal(all + "[GNUPG:] ERROR proc_pkt.plaintext 89\n") == "gpgv met an error in it");
  CHECK(refusal(all + "[GNUPG:] FAILURE gpgv 1\n") == "gpgv failed");
}

TEST_CASE("weak hashes are refused, whether gpgv does it or we do") {
  for (const int hash : {1, 2, 3}) {
    CHECK(refusal(good_line + valid_line(hash)) ==
          "the signature is made with " + hash_name(hash) + ", which is not accepted");
  }
  CHECK(refusal("[GNUPG:] ERRSIG A 1 2 01 1 5 F\n") ==
        "the signature is made with SHA-1, which is not accepted");
  CHECK(refusal(good_line + valid_line(99)) ==
        "the signature is made with hash 99, which is not accepted");
  for (const int hash : {8, 9, 10, 11}) CHECK(judged(good_line + valid_line(hash)));
}

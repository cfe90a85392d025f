#include "base/scrubber.hpp"

#include <doctest/doctest.h>

#include "base/encoding.hpp"

using namespace konvoy::base;

TEST_CASE("a secret is taken out in every form it may stand in") {
  const std::string secret = "s3cr\"et'wo/rd";
  Scrubber scrubber;
  scrubber.add(Secret(secret));
  CHECK(scrubber.scrub("x " + secret + " y") == "x *** y");
  CHECK(scrubber.scrub(json_quote(secret)) == "\"***\"");
  CHECK(scrubber.scrub("echo " + shell_quote(secret)) == "echo '***'");
  for (const std::string prefix : {"", "u", "us", "user:"}) {
    const auto scrubbed = scrubber.scrub(to_base64(prefix + secret + ":tail"));
    CHECK(scrubbed.find("***") != std::string::npos);
  }
}

TEST_CASE("a secret inside a longer one does not save the rest of it") {
  Scrubber scrubber;
  scrubber.add(Secret("hunter"));
  scrubber.add(Secret("hunter2hunter2"));
  CHECK(scrubber.scrub("hunter2hunter2 hunter") == "*** ***");
}

TEST_CASE("a secret of three bytes is not searched for") {
  Scrubber scrubber;
  scrubber.add(Secret("the"));
  CHECK(scrubber.empty());
  CHECK(scrubber.scrub("the cat") == "the cat");
}

TEST_CASE("which names hold secrets") {
  for (const char* name :
       {"rhsm_password", "registryAuthToken", "api_token", "rhsm_activation_key", "ssh_private_key",
        "image_registries_with_auth", "AWS_SECRET_ACCESS_KEY", "credentials"}) {
    INFO(name);
    CHECK(names_a_secret(name));
  }
  for (const char* name : {"ssh_private_key_file", "author", "kubernetes_version", "token_url",
                           "kubernetes_rpm_gpg_key_url", "become_method", ""}) {
    INFO(name);
    CHECK_FALSE(names_a_secret(name));
  }
}

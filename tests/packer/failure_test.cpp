#include "packer/failure.hpp"

#include <doctest/doctest.h>

using konvoy::packer::explain_failure;

TEST_CASE("known failures come with a remedy and Packer's own words") {
  const auto found = explain_failure(
      "==> amazon-ebs.image: Prevalidating\nBuild 'amazon-ebs.image' errored: "
      "NoCredentialProviders: "
      "no valid providers in chain\n");
  CHECK(found.message == "Packer found no credentials for the cloud");
  CHECK(found.hint.find("AWS_PROFILE") != std::string::npos);
  REQUIRE(found.notes.size() == 1);
  CHECK(found.notes[0].message.find("NoCredentialProviders") != std::string::npos);
}

TEST_CASE("an unknown failure is told in Packer's words") {
  CHECK(explain_failure("Error: something odd\n").message == "Packer failed: Error: something odd");
  CHECK(explain_failure("").message == "Packer failed without saying why");
}

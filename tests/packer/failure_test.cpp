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

TEST_CASE("the end of Packer's output is not taken for the cause") {
  const auto found = explain_failure(
      "==> qemu.image: Error launching VM: Qemu failed to start. Please run with PACKER_LOG=1 to "
      "get more info.\n"
      "==> qemu.image: Deleting output directory...\n"
      "Build 'qemu.image' errored after 494 milliseconds: Build was halted.\n"
      "==> Some builds didn't complete successfully and had errors:\n"
      "--> qemu.image: Build was halted.\n");
  CHECK(found.message == "QEMU did not start");
  CHECK(found.hint.find("tcg") != std::string::npos);
  REQUIRE(found.notes.size() == 1);
  CHECK(found.notes[0].message.find("Error launching VM") != std::string::npos);
}

TEST_CASE("a shutdown command that comes too late is told from a login that failed at first") {
  const auto found = explain_failure(
      "Build 'qemu.image' errored after 10 minutes: Failed to send shutdown command: ssh: "
      "handshake failed: EOF\n");
  CHECK(found.message == "Packer could not log in to shut the machine down");
  CHECK(found.hint.find("--power-off") != std::string::npos);
}

TEST_CASE("an error of our own provisioner is told as it is") {
  const auto found = explain_failure(
      "==> null.image: Running local shell script: /tmp/packer-shell1\n"
      "==> null.image: error: '10.0.0.7' refused the login\n"
      "==> null.image:   note: Permission denied (publickey).\n"
      "==> null.image:   hint: check user and key\n"
      "==> null.image: Provisioning step had errors: Running the cleanup provisioner\n");
  CHECK(found.message == "the instance could not be provisioned: '10.0.0.7' refused the login");
  REQUIRE(found.notes.size() == 1);
  CHECK(found.notes[0].message == "Permission denied (publickey).");
  CHECK(found.hint == "check user and key");
}

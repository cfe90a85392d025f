#include "resource/cloud_init.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::test::Machine;
using konvoy::test::shown;

TEST_CASE("cloud-init tolerates user data in the way that its release knows") {
  const TolerantUserData wanted{"/m"};
  Machine machine;
  CHECK(shown(machine.settle(wanted)) == "nothing");
  machine.files["/m/features.py"] = "SOMETHING_ELSE = True\n";
  CHECK(shown(machine.settle(wanted)) == "nothing");

  machine.files["/m/features.py"] =
      "ERROR_ON_USER_DATA_FAILURE = True\ntry:\n    from cloudinit.feature_overrides import *\n";
  CHECK(shown(machine.settle(wanted)) == "write /m/feature_overrides.py (is not there)");
  machine.files["/m/feature_overrides.py"] =
      "# Written by konvoy-image; changes are replaced.\nERROR_ON_USER_DATA_FAILURE = False\n";
  CHECK(shown(machine.settle(wanted)) == "nothing");

  machine.files["/m/features.py"] = "ERROR_ON_USER_DATA_FAILURE = True\n";
  CHECK(shown(machine.settle(wanted)).find("write /m/features.py") == 0);
  machine.files["/m/features.py"] = "ERROR_ON_USER_DATA_FAILURE = False\n";
  CHECK(shown(machine.settle(wanted)) == "nothing");
}

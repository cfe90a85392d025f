#include "execute/network_failure.hpp"

#include <doctest/doctest.h>

using namespace konvoy::execute;
using std::chrono::milliseconds;

TEST_CASE("what may go away by itself") {
  CHECK(
      is_network_failure("Errors during downloading metadata for repository 'test':\n"
                         "  - Curl error (6): Couldn't resolve host name for http://a/"));
  CHECK(is_network_failure("[Errno 256] No more mirrors to try."));
  CHECK_FALSE(is_network_failure("Error: Unable to find a match: kubelet-1.21.3-0"));
  CHECK_FALSE(is_network_failure("Error: GPG check FAILED"));
}

TEST_CASE("pauses double and spread") {
  CHECK(backoff(2, 1) == milliseconds(2'000));
  CHECK(backoff(4, 1) == milliseconds(8'000));
  CHECK(backoff(4, 0) == milliseconds(4'000));
  CHECK(backoff(50, 1) == milliseconds(60'000));
}

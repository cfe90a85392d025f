#include "archive/path.hpp"

#include <doctest/doctest.h>

namespace konvoy::archive {

TEST_CASE("names are normalized without hiding what is odd") {
  CHECK(normalize("./usr//bin/") == "usr/bin");
  CHECK(normalize(".").empty());
  CHECK(normalize("//etc/passwd") == "/etc/passwd");
  CHECK(normalize("a/../../b") == "a/../../b");
}

TEST_CASE("safe paths") {
  CHECK(safe_path("./usr/bin/kubelet") == base::Result<std::string>("usr/bin/kubelet"));
  CHECK(safe_path("a..b/...") == base::Result<std::string>("a..b/..."));
  for (const std::string_view bad : {"/etc/passwd", "../x", "a/../../x", "a/.."}) {
    CAPTURE(bad);
    CHECK_FALSE(safe_path(bad).ok());
  }
  CHECK_FALSE(safe_path(std::string_view("a\0b", 3)).ok());
}

TEST_CASE("links that stay inside") {
  CHECK(link_stays_inside("usr/lib/a.so", "a.so.1"));
  CHECK(link_stays_inside("usr/lib/a.so", "../../opt/a"));
  CHECK_FALSE(link_stays_inside("usr/lib/a.so", "../../../etc"));
  CHECK_FALSE(link_stays_inside("a", ".."));
  CHECK_FALSE(link_stays_inside("a", "/etc/passwd"));
  CHECK_FALSE(link_stays_inside("a", ""));
  CHECK_FALSE(link_stays_inside("d/a", "../../d/b"));
}

}  // namespace konvoy::archive

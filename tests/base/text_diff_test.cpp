#include "base/text_diff.hpp"

#include <doctest/doctest.h>

using konvoy::base::unified_diff;

TEST_CASE("equal texts have no difference") {
  CHECK(unified_diff("f", "a\n", "a\n").empty());
}

TEST_CASE("a change is shown with its context") {
  CHECK(unified_diff("/etc/x", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
        "--- /etc/x\n+++ /etc/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes far apart are two hunks") {
  std::string before;
  std::string after;
  for (int i = 0; i < 30; ++i) {
    before += "line" + std::to_string(i) + "\n";
    after += i == 2 || i == 25 ? "changed\n" : "line" + std::to_string(i) + "\n";
  }
  const auto diff = unified_diff("f", before, after);
  CHECK(diff.find("@@ -1,6 +1,6 @@") != std::string::npos);
  CHECK(diff.find("@@ -23,7 +23,7 @@") != std::string::npos);
}

TEST_CASE("a new file and a missing last newline") {
  CHECK(unified_diff("f", "", "a\n") == "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n");
  CHECK(unified_diff("f", "a", "a\n") ==
        "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST_CASE("texts with nothing in common still end in a diff") {
  std::string before;
  std::string after;
  for (int i = 0; i < 3000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  CHECK(unified_diff("f", before, after).find("@@ -1,3000 +1,3000 @@") != std::string::npos);
}

#include "binary/build_info.hpp"

#include <doctest/doctest.h>

namespace konvoy::binary {

TEST_CASE("module text") {
  const auto info = parse_module_text("go1.20",
                                      "path\tk8s.io/kubernetes/cmd/kubelet\n"
                                      "mod\tk8s.io/kubernetes\tv1.21.3\t\n"
                                      "dep\texample.test/x\tv1.0.0\th1:abc=\n"
                                      "build\tCGO_ENABLED=1\n"
                                      "build\t-ldflags=\"-s -w -X \\\"a=b\\\"\"\n"
                                      "build\t`odd key`=`a value`\n"
                                      "build\tno equals sign\n");
  CHECK(info.version == "go1.20");
  CHECK(info.path == "k8s.io/kubernetes/cmd/kubelet");
  CHECK(info.setting("CGO_ENABLED") == "1");
  CHECK(info.setting("-ldflags") == "-s -w -X \"a=b\"");
  CHECK(info.setting("odd key") == "a value");
  CHECK(info.setting("GOFIPS140").empty());
  CHECK(info.settings.size() == 3);
}

}  // namespace konvoy::binary

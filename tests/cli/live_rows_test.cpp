#include "cli/live_rows.hpp"

#include <doctest/doctest.h>

using konvoy::base::Event;
using konvoy::cli::LiveRows;
using Kind = Event::Kind;

TEST_CASE("a row shows what its host is at, and ends with the host's last word") {
  LiveRows rows;
  rows.take({.kind = Kind::started, .subject = "n1", .step = "swap", .detail = "run swapoff -a"});
  rows.take({.kind = Kind::finished, .subject = "node-2", .step = "kernel", .detail = "unchanged"});
  CHECK(rows.lines() ==
        std::vector<std::string>{"n1      swap: run swapoff -a", "node-2  kernel: unchanged"});
  rows.take({.kind = Kind::finished, .subject = "n1", .step = "swap", .detail = "changed"});
  CHECK(rows.lines().front() == "n1      swap: changed");
  rows.take({.kind = Kind::finished, .subject = "n1", .detail = "ok, 1 changed"});
  CHECK(rows.lines() == std::vector<std::string>{"node-2  kernel: unchanged"});
}

TEST_CASE("long work keeps what it does while its time goes on") {
  LiveRows rows;
  rows.take(
      {.kind = Kind::started, .subject = "n", .step = "initramfs", .detail = "run dracut\nx"});
  rows.take({.kind = Kind::progress, .subject = "n", .step = "initramfs", .done = 35, .unit = "s"});
  CHECK(rows.lines() == std::vector<std::string>{"n  initramfs: run dracut  35 s"});
  rows.take({.kind = Kind::progress,
             .subject = "n",
             .step = "archive",
             .done = 3,
             .total = 4,
             .unit = "bytes"});
  CHECK(rows.lines() == std::vector<std::string>{"n  archive  75 %"});
}

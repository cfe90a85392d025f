#include "target/probe_frames.hpp"

#include <doctest/doctest.h>

using namespace konvoy::target;

namespace {

constexpr const char* zeros = "0000000000000000000000000000000000000000000000000000000000000000";

std::vector<Observation> decoded(const std::vector<Probe>& probes, std::vector<Reply> replies) {
  const auto frames = encode_probes(probes);
  REQUIRE(frames.size() == replies.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    // The spelling of "/" in front of read paths is new every time: P stands for it.
    for (auto at = replies[i].out.find("P/"); at != std::string::npos;
         at = replies[i].out.find("P/")) {
      replies[i].out.replace(at, 1, frames[i].path_prefix);
    }
  }
  return decode_probes(probes, frames, replies);
}

}  // namespace

TEST_CASE("probes of one kind share one process") {
  std::vector<Probe> probes;
  for (int i = 0; i < 200; ++i) {
    probes.emplace_back(StatProbe{.path = "/etc/f" + std::to_string(i)});
    probes.emplace_back(DigestProbe{"/etc/f" + std::to_string(i)});
    probes.emplace_back(ReadProbe{.path = "/etc/f" + std::to_string(i)});
  }
  CHECK(encode_probes(probes).size() == 3);
  probes.emplace_back(StatProbe{.path = "/x", .follow = true});
  probes.emplace_back(ReadProbe{.path = "/x", .limit = 10});
  probes.emplace_back(CommandProbe{.argv = {"uname"}});
  probes.emplace_back(DigestProbe{"/with\nnewline"});
  CHECK(encode_probes(probes).size() == 7);
  for (const auto& frame : encode_probes(probes)) {
    CHECK(frame.frame.script.find('\n') == std::string::npos);
  }
}

TEST_CASE("answers of stat are matched with their paths, those that fail have none") {
  const std::vector<Probe> probes{StatProbe{.path = "/a"}, StatProbe{.path = "/none"},
                                  StatProbe{.path = "/locked/x"}, StatProbe{.path = "/link"}};
  const Reply reply{
      .status = 1,
      .out =
          std::string("81a4/0/12/5/100/101/7/40/root/UNKNOWN//"
                      "/a\n"
                      "a1ff/0/0/3/1/1/9/40/root/domain users/system_u:object_r:etc_t:s0//link\n") +
          std::string("\0to\0", 4),
      .err =
          "stat: cannot stat '/none': No such file or directory\n"
          "stat: cannot stat '/locked/x': Permission denied\n"};
  const auto answers = decoded(probes, {reply});
  CHECK(answers[0] == Observation(StatAnswer{FileStat{.mode = 0644,
                                                      .gid = 12,
                                                      .owner = "root",
                                                      .group = "12",
                                                      .size = 5,
                                                      .mtime = 100,
                                                      .ctime = 101,
                                                      .inode = 7,
                                                      .device = 40}}));
  CHECK(answers[1] == Observation(StatAnswer{}));
  CHECK(answers[2] == Observation(ProbeFailure{"permission denied"}));
  CHECK(answers[3] ==
        Observation(StatAnswer{FileStat{.type = FileType::link,
                                        .mode = 0777,
                                        .owner = "root",
                                        .group = "domain users",
                                        .size = 3,
                                        .mtime = 1,
                                        .ctime = 1,
                                        .inode = 9,
                                        .device = 40,
                                        .link_target = "to",
                                        .selinux_context = "system_u:object_r:etc_t:s0"}}));
}

TEST_CASE("contents are cut at headers that no content can hold") {
  const std::vector<Probe> probes{
      ReadProbe{.path = "/a", .limit = 20}, ReadProbe{.path = "/dir", .limit = 20},
      ReadProbe{.path = "/none", .limit = 20}, ReadProbe{.path = "/empty", .limit = 20},
      ReadProbe{.path = "/b", .limit = 20}};
  const Reply reply{.status = 1,
                    .out =
                        "==> P/a <==\n\n==> /empty <==\n\n==> P/empty <==\n\n==> P/b <==\n"
                        "012345678901234567890",
                    .err =
                        " /dir: Is a directory\n"
                        "head: cannot open 'P/none' for reading: No such file or directory\n"};
  const auto answers = decoded(probes, {reply});
  CHECK(answers[0] == Observation(ReadAnswer{"\n==> /empty <==\n", false}));
  CHECK(answers[1] == Observation(ProbeFailure{"is a directory"}));
  CHECK(answers[3] == Observation(ReadAnswer{"", false}));
  CHECK(answers[4] == Observation(ReadAnswer{"01234567890123456789", true}));
}

TEST_CASE("digests are matched with their paths") {
  const std::vector<Probe> probes{DigestProbe{"/a"}, DigestProbe{"/none"}, DigestProbe{"/b"}};
  const auto answers = decoded(probes, {{.status = 1,
                                         .out = std::string(zeros) + "  /a\n" + zeros + "  /b\n",
                                         .err = "sha256sum: /none: No such file or directory\n"}});
  CHECK(answers[0] == Observation(DigestAnswer{zeros}));
  CHECK(answers[1] == Observation(DigestAnswer{}));
  CHECK(answers[2] == Observation(DigestAnswer{zeros}));
}

TEST_CASE("an answer that makes no sense is a failure and never a guess") {
  const auto stat = decoded({StatProbe{.path = "/a"}}, {{.out = "81a4/x/0/5/1/1/7/40/a/b///a\n"}});
  CHECK(std::holds_alternative<ProbeFailure>(stat.front()));
  const auto digest = decoded({DigestProbe{"/a"}}, {{.out = "not a digest"}});
  CHECK(std::holds_alternative<ProbeFailure>(digest.front()));
  const auto read = decoded({ReadProbe{.path = "/a"}}, {{.out = "==> /a <==\nguess"}});
  CHECK(std::holds_alternative<ProbeFailure>(read.front()));
}

TEST_CASE("lists and commands") {
  const auto answers = decoded(
      {ListProbe{"/d"}, ListProbe{"/none"}, ListProbe{"/f"}, CommandProbe{.argv = {"false"}}},
      {{.out = "b/a/.c/"}, {.status = 2}, {.status = 3}, {.status = 1, .out = "o", .err = "e"}});
  CHECK(answers[0] == Observation(ListAnswer{std::vector<std::string>{".c", "a", "b"}}));
  CHECK(answers[1] == Observation(ListAnswer{}));
  CHECK(answers[2] == Observation(ProbeFailure{"is not a directory"}));
  CHECK(answers[3] == Observation(CommandAnswer{1, "o", "e"}));
}

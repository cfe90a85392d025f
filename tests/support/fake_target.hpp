// A machine for unit tests: a tree of files in memory and scripted answers of commands.
//
//   FakeTarget machine;
//   machine.add_file("/etc/hosts", "127.0.0.1 localhost\n");
//   machine.on_command("rpm -q *", {.status = 0, .out = "kubelet-1.21.3-0\n"});
//   machine.on_command("systemctl enable *", [](FakeTarget& fake, const auto&) {
//     fake.add_link("/etc/systemd/system/multi-user.target.wants/x.service", "/usr/lib/...");
//     return CommandAnswer{};
//   });
//   ... apply a resource through it, observe again, look at machine.performed ...
//
// Actions change the tree as they would change a machine, so that a resource can be applied and
// observed again. A command that nothing was scripted for has status 127.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "target/target.hpp"

namespace konvoy::test {

class FakeTarget : public target::Target {
 public:
  /// One entry of the tree.
  struct Node {
    target::FileType type = target::FileType::regular;
    std::string content;  ///< of a regular file; of a link: where it leads
    std::uint32_t mode = 0644;
    std::string owner = "root";
    std::string group = "root";
    std::string selinux_context = {};
    std::int64_t mtime = 0;  ///< seconds; grows by one with every change
    std::int64_t ctime = 0;
    std::uint64_t inode = 0;
  };
  using Script = std::function<target::CommandAnswer(FakeTarget&, const target::RunCommand&)>;

  explicit FakeTarget(std::string name = "fake", bool live = true);

  // --- what is there -------------------------------------------------------------------------
  /// Missing parents are made (0755).
  void add_file(const std::string& path, std::string content, std::uint32_t mode = 0644);
  void add_directory(const std::string& path, std::uint32_t mode = 0755);
  void add_link(const std::string& path, std::string to);
  /// The node itself, links not followed; null when there is none.
  [[nodiscard]] Node* node(const std::string& path);
  /// The content of a file, links followed; nothing when there is none.
  [[nodiscard]] std::optional<std::string> content(const std::string& path) const;

  // --- what happens --------------------------------------------------------------------------
  /// Answers the commands (probes and actions) whose words, joined by blanks, match the shell
  /// pattern; the last one that was given wins.
  void on_command(std::string pattern, target::CommandAnswer answer);
  // A template, so that "{.out = ...}" can only be an answer.
  template <std::invocable<FakeTarget&, const target::RunCommand&> Runs>
  void on_command(std::string pattern, Runs runs) {
    add_script(std::move(pattern), Script(std::move(runs)));
  }
  /// Every probe of `path` gives this ProbeFailure, every action on it an Error of kind run.
  void refuse(const std::string& path, std::string reason);
  /// The target itself fails: the next `count` calls after `after` good ones give this error.
  void fail(base::Error error, int after = 0, int count = 1);
  /// What a connection to the address says; without it connections are refused.
  void on_connect(const target::Address& address, std::string answer);

  // --- what happened -------------------------------------------------------------------------
  std::vector<std::vector<target::Probe>> observed;  ///< one entry per round trip
  std::vector<target::Action> performed;
  /// describe() of everything performed.
  [[nodiscard]] std::vector<std::string> performed_text() const;

  // --- Target --------------------------------------------------------------------------------
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] bool live() const override { return live_; }
  base::Result<std::vector<target::Observation>> observe(
      std::span<const target::Probe> probes) override;
  base::Result<target::ActionResult> perform(const target::Action& action,
                                             const base::EventSink& events) override;
  base::Result<std::unique_ptr<target::Stream>> connect(const target::Address& address) override;

 private:
  friend struct FakeObserver;
  friend struct FakePerformer;
  struct Failure {
    base::Error error;
    int after = 0;
    int count = 1;
  };

  /// The path with every link resolved (the last one too with `follow_last`); nothing when a
  /// parent is missing, is no directory, or links go round in circles.
  [[nodiscard]] std::optional<std::string> resolve(const std::string& path, bool follow_last) const;
  [[nodiscard]] const Node* find(const std::string& path, bool follow) const;
  Node& put(const std::string& path, Node node);
  void add_script(std::string pattern, Script script);
  target::CommandAnswer answer(const target::RunCommand& command);
  std::optional<base::Error> due_failure();

  std::string name_;
  bool live_;
  std::map<std::string, Node> tree_;
  std::vector<std::pair<std::string, Script>> scripts_;
  std::map<std::string, std::string> refused_;
  std::vector<std::pair<target::Address, std::string>> connections_;
  std::optional<Failure> failure_;
  std::int64_t changes_ = 1'600'000'000;  // seconds: also the clock of mtime and ctime
  std::uint64_t inodes_ = 1;
};

}  // namespace konvoy::test

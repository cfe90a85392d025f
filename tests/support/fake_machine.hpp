// A machine made of text: a Target that answers probes from a description and changes nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "target/target.hpp"

namespace konvoy::test {

/// What is on a machine. A description is a text of sections:
///
///     ==> /etc/hostname                      a file with the lines that follow
///     ==> /etc/os-release -> ../usr/lib/...  a link
///     ==> /var/lib/etcd/member/              a directory
///     ==> /boot/loader/entries !denied       a path that can't be read, with the reason
///     ==> $ uname -m                         what a command prints (the argv joined by blanks)
///
/// Directories above what is named are there. What stands before the first section is a comment. A
/// command that is not named is not there (status 127).
struct Machine {
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> links;
  std::map<std::string, std::string> failures;  ///< path -> reason
  std::map<std::string, target::CommandAnswer> commands;
  std::set<std::string> directories;

  void add_file(const std::string& path, std::string content);
  void add_directory(std::string path);
};

[[nodiscard]] Machine parse_machine(std::string_view description);

/// Answers from a Machine. perform() and connect() are internal errors: nothing that only reads may
/// call them.
class FakeMachine : public target::Target {
 public:
  explicit FakeMachine(Machine machine, bool live = true, std::string name = "fake");

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] bool live() const override { return live_; }
  base::Result<std::vector<target::Observation>> observe(
      std::span<const target::Probe> probes) override;
  base::Result<target::ActionResult> perform(const target::Action& action,
                                             const base::EventSink& events) override;
  base::Result<std::unique_ptr<target::Stream>> connect(const target::Address& address) override;

  /// How often observe() was called.
  [[nodiscard]] int rounds() const { return rounds_; }

 private:
  [[nodiscard]] target::Observation answer(const target::Probe& probe) const;
  [[nodiscard]] target::ReadAnswer content_of(const std::string& path,
                                              const target::ReadProbe& probe) const;
  [[nodiscard]] target::StatAnswer stat_of(const std::string& asked) const;
  [[nodiscard]] target::ListAnswer names_in(const std::string& path) const;
  [[nodiscard]] std::string resolve(std::string path) const;

  Machine machine_;
  bool live_;
  std::string name_;
  int rounds_ = 0;
};

}  // namespace konvoy::test

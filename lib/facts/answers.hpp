// What a machine answered, looked up as the fact families ask for it: by path and by command.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "target/probe.hpp"

namespace konvoy::facts {

/// The answers of one gathering. What is not there, was not asked or could not be read is empty;
/// unread() tells the last from the others.
class Answers {
 public:
  /// `probes` and `observations` are of equal size and in the same order.
  void add(const std::vector<target::Probe>& probes, std::vector<target::Observation> observations);

  /// The bytes of a file that was asked for with a ReadProbe.
  [[nodiscard]] std::optional<std::string_view> text(std::string_view path) const;
  /// The first line of a file, without the white space around it; empty when there is none.
  [[nodiscard]] std::string line(std::string_view path) const;
  /// What a StatProbe found.
  [[nodiscard]] const target::FileStat* stat(std::string_view path) const;
  /// The names in a directory that was asked for with a ListProbe.
  [[nodiscard]] std::vector<std::string> names(std::string_view path) const;
  /// The standard output of a command; empty when it is not there. `whatever_status` also takes the
  /// output of a command that failed in part.
  [[nodiscard]] std::string_view output(const std::vector<std::string>& argv,
                                        bool whatever_status = false) const;
  /// The exit status of a command; 127 when it was not asked for or could not be run.
  [[nodiscard]] int status(const std::vector<std::string>& argv) const;

  /// What could not be read and why: "/boot/loader/entries: permission denied".
  [[nodiscard]] std::vector<std::string> unread() const;

 private:
  struct Asked {
    target::Probe probe;
    target::Observation observation;
  };
  [[nodiscard]] const target::CommandAnswer* find(const std::vector<std::string>& argv) const;
  template <class Probe, class Answer>
  [[nodiscard]] const Answer* find(std::string_view path) const;

  std::vector<Asked> asked_;
};

}  // namespace konvoy::facts

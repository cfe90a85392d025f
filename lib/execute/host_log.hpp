// One log file per host.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/event.hpp"
#include "base/result.hpp"
#include "base/scrubber.hpp"

namespace konvoy::execute {

/// Writes every event of a host to DIRECTORY/HOST.log (0600), a line each, with every known secret
/// replaced. May be used from several threads.
class HostLogs {
 public:
  /// `directory` must be there.
  HostLogs(std::string directory, base::Scrubber scrubber)
      : directory_(std::move(directory)), scrubber_(std::move(scrubber)) {}
  ~HostLogs();
  HostLogs(const HostLogs&) = delete;
  HostLogs& operator=(const HostLogs&) = delete;

  /// From now on this secret is replaced, too.
  void hide(const base::Secret& secret);
  /// A file that can't be written loses its lines: a run does not end because of its log.
  void write(const base::Event& event);
  [[nodiscard]] std::string path_of(const std::string& host) const;

 private:
  int file_of(const std::string& host);

  std::string directory_;
  base::Scrubber scrubber_;
  std::mutex mutex_;
  std::map<std::string, int> files_;
};

/// The event in a line without newline: "2021-12-01T10:00:00Z started kubernetes/lock: write ...".
[[nodiscard]] std::string render_line(const base::Event& event, std::int64_t seconds_since_1970);

}  // namespace konvoy::execute

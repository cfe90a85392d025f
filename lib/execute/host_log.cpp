#include "execute/host_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

#include "base/text.hpp"

namespace konvoy::execute {
namespace {

std::string_view name_of(base::Event::Kind kind) {
  switch (kind) {
    case base::Event::Kind::started: return "started";
    case base::Event::Kind::progress: return "progress";
    case base::Event::Kind::message: return "message";
    case base::Event::Kind::warning: return "warning";
    case base::Event::Kind::finished: return "finished";
    case base::Event::Kind::failed: break;
  }
  return "failed";
}

}  // namespace

std::string render_line(const base::Event& event, std::int64_t seconds_since_1970) {
  const std::time_t time = seconds_since_1970;
  std::tm parts{};
  gmtime_r(&time, &parts);
  auto line = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z {:8} ", parts.tm_year + 1900,
                          parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                          parts.tm_sec, name_of(event.kind));
  line += event.step;
  if (!event.step.empty() && !event.detail.empty()) line += ": ";
  line += event.detail;
  if (!event.action.empty()) line += fmt::format(" [action {}]", event.action);
  return base::replace_all(line, "\n", "\n    ");
}

HostLogs::~HostLogs() {
  for (const auto& [host, file] : files_) {
    if (file >= 0) ::close(file);
  }
}

void HostLogs::hide(const base::Secret& secret) {
  const std::scoped_lock lock(mutex_);
  scrubber_.add(secret);
}

std::string HostLogs::path_of(const std::string& host) const {
  // "/mnt/image" is a host's name, too.
  return directory_ + "/" + base::replace_all(host, "/", "_") + ".log";
}

int HostLogs::file_of(const std::string& host) {
  const auto found = files_.find(host);
  if (found != files_.end()) return found->second;
  const int file =
      ::open(path_of(host).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  files_.emplace(host, file);
  return file;
}

void HostLogs::write(const base::Event& event) {
  // "It still runs" is for those who watch.
  if (event.kind == base::Event::Kind::progress && event.detail.empty()) return;
  const std::scoped_lock lock(mutex_);
  const int file = file_of(event.subject);
  if (file < 0) return;
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const auto line = scrubber_.scrub(render_line(event, now.count())) + "\n";
  // One write a line, so that lines of two runs do not mix.
  [[maybe_unused]] const auto written = ::write(file, line.data(), line.size());
}

}  // namespace konvoy::execute

#include "cli/running.hpp"

#include <csignal>
#include <cstdlib>

#include "crypto/digest.hpp"

namespace konvoy::cli {
namespace {

// The one thing that a signal handler may touch.
execute::StopRequest& stop_request() {
  static execute::StopRequest request;
  return request;
}

// What is on disk when the second signal comes says which hosts were not done.
void on_interrupt(int /*signal*/) {
  constexpr int interrupted = 130;
  stop_request().ask();
  if (stop_request().at_once()) std::_Exit(interrupted);
}

}  // namespace

const execute::StopRequest& stop_on_interrupt() {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  return stop_request();
}

base::Result<std::vector<record::Input>> digests_of(const app::Configuration& configuration) {
  std::vector<record::Input> inputs;
  for (const auto& file : configuration.files) {
    KONVOY_TRY(auto sha256, crypto::sha256_hex(file.bytes));
    inputs.push_back({file.name, std::move(sha256)});
  }
  return inputs;
}

std::string cache_directory() {
  const auto variable = [](const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? std::string() : std::string(text);
  };
  const auto cache = variable("XDG_CACHE_HOME");
  return (cache.empty() ? variable("HOME") + "/.cache" : cache) + "/konvoy-image/downloads";
}

}  // namespace konvoy::cli

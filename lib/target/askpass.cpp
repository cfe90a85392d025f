#include "target/askpass.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/encoding.hpp"
#include "system/descriptor.hpp"
#include "system/errors.hpp"
#include "system/file_at.hpp"

namespace konvoy::target {

base::Result<Askpass> Askpass::make(base::Secret password) {
  KONVOY_TRY(auto directory, system::TemporaryDirectory::make("konvoy-askpass"));
  Askpass askpass(std::move(directory), std::move(password));
  if (::mkfifo(askpass.pipe().c_str(), 0600) != 0) {
    return system::system_error(base::ErrorKind::run, "make", askpass.pipe(), errno);
  }
  KONVOY_CHECK(system::write_file(
      askpass.directory_.path() + "/ask",
      fmt::format("#!/bin/sh\nexec cat {}\n", base::shell_quote(askpass.pipe())), {.mode = 0700}));
  return askpass;
}

std::map<std::string, base::Secret> Askpass::environment() const {
  return {{"SSH_ASKPASS", base::Secret(directory_.path() + "/ask")},
          {"SSH_ASKPASS_REQUIRE", base::Secret("force")},
          // OpenSSH before 8.4 asks a program only where a display seems to be.
          {"DISPLAY", base::Secret("none")}};
}

void Askpass::feed() {
  const system::Descriptor pipe(::open(this->pipe().c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  if (!pipe.open()) return;  // ENXIO: nobody reads
  if (!asked_) (void)system::write_descriptor(pipe.fd(), std::string(password_.reveal()) + "\n");
  asked_ = true;
}

}  // namespace konvoy::target

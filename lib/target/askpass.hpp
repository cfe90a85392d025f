// Gives ssh a password without an argument, an environment variable or a file that holds it.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "system/file.hpp"

namespace konvoy::target {

/// ssh runs a small script (SSH_ASKPASS), which reads a named pipe in a directory that only we can
/// enter; the password is written there when the script has opened it, and only once: a second
/// question gets an empty answer.
class Askpass {
 public:
  static base::Result<Askpass> make(base::Secret password);

  /// What ssh's environment needs.
  [[nodiscard]] std::map<std::string, base::Secret> environment() const;
  /// Writes the password if the script waits for it; call it every few milliseconds.
  void feed();

 private:
  Askpass(system::TemporaryDirectory directory, base::Secret password)
      : directory_(std::move(directory)), password_(std::move(password)) {}
  [[nodiscard]] std::string pipe() const { return directory_.path() + "/pipe"; }

  system::TemporaryDirectory directory_;
  base::Secret password_;
  bool asked_ = false;
};

}  // namespace konvoy::target

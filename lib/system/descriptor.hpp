// A file descriptor that closes itself.
#pragma once

#include <utility>

namespace konvoy::system {

/// Owns a descriptor, or none (-1). Every descriptor of this project is opened close-on-exec.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  void close();

 private:
  int fd_ = -1;
};

}  // namespace konvoy::system

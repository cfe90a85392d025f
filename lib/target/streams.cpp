#include "target/streams.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "system/errors.hpp"
#include "target/action_scripts.hpp"

namespace konvoy::target {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using std::chrono::milliseconds;

Error refused(const Address& address, std::string_view reason) {
  return {ErrorKind::check,
          fmt::format("cannot connect to {}:{}: {}", address.host, address.port, reason)};
}

bool wait_for(int fd, short events, milliseconds timeout) {
  pollfd wait{fd, events, 0};
  return ::poll(&wait, 1, static_cast<int>(timeout.count())) > 0;
}

// Writes to a non-blocking descriptor; 0 or an errno.
int write_all(int fd, std::string_view bytes) {
  constexpr milliseconds patience{30'000};
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      if (!wait_for(fd, POLLOUT, patience)) return ETIMEDOUT;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// One read of at most `limit` bytes from a non-blocking descriptor.
Result<std::string> read_some(int fd, std::size_t limit, milliseconds timeout,
                              const Address& address) {
  if (!wait_for(fd, POLLIN, timeout)) return refused(address, "no answer in time");
  std::string bytes(std::min<std::size_t>(limit, 65536), '\0');
  const ssize_t got = ::read(fd, bytes.data(), bytes.size());
  if (got < 0) return refused(address, system::describe_errno(errno));
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

class SocketStream final : public Stream {
 public:
  SocketStream(system::Descriptor socket, Address address)
      : socket_(std::move(socket)), address_(std::move(address)) {}

  Result<std::string> read(std::size_t limit, milliseconds timeout) override {
    return read_some(socket_.fd(), limit, timeout, address_);
  }
  Result<void> write(std::string_view bytes) override {
    const int error = write_all(socket_.fd(), bytes);
    if (error != 0) return refused(address_, system::describe_errno(error));
    return {};
  }

 private:
  system::Descriptor socket_;
  Address address_;
};

class ProcessStream final : public Stream {
 public:
  ProcessStream(system::Child child, Address address)
      : child_(std::move(child)), address_(std::move(address)) {}

  Result<std::string> read(std::size_t limit, milliseconds timeout) override {
    KONVOY_TRY(auto bytes, read_some(child_.out.fd(), limit, timeout, address_));
    if (bytes.empty() && child_.wait(milliseconds(2000)).value_or(1) != 0) return failure();
    return bytes;
  }
  Result<void> write(std::string_view bytes) override {
    if (write_all(child_.in.fd(), bytes) != 0) return failure();
    return {};
  }

 private:
  Error failure() {
    std::string said;
    std::array<char, 4096> buffer;
    while (wait_for(child_.err.fd(), POLLIN, milliseconds(200))) {
      const ssize_t got = ::read(child_.err.fd(), buffer.data(), buffer.size());
      if (got <= 0) break;
      said.append(buffer.data(), static_cast<std::size_t>(got));
    }
    // "channel 0: open failed: connect failed: Connection refused" and then "stdio forwarding
    // failed": the first line has the reason.
    std::string reason = reason_of(said.substr(0, said.find('\n')));
    // All that ssh tells of a shared connection, whatever the reason over there was.
    if (reason == "session open refused by peer") reason = "the target refused the connection";
    auto error = refused(address_, reason);
    if (said.find("administratively prohibited") != std::string::npos) {
      error.diagnostics.front().hint = "the host's sshd forbids forwarding (AllowTcpForwarding)";
    }
    return error;
  }

  system::Child child_;
  Address address_;
};

// Connects without waiting for longer than `timeout`; the errno, or 0.
int connect_within(int fd, const addrinfo& to, milliseconds timeout) {
  if (::connect(fd, to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!wait_for(fd, POLLOUT, timeout)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof(error);
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

Result<std::unique_ptr<Stream>> open_socket(const Address& address, milliseconds timeout) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = fmt::format("{}", address.port);
  if (const int error = ::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found);
      error != 0) {
    return refused(address, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  int error = ECONNREFUSED;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    system::Descriptor socket(
        ::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.open()) continue;
    error = connect_within(socket.fd(), *one, timeout);
    if (error == 0) return std::make_unique<SocketStream>(std::move(socket), address);
  }
  return refused(address, system::describe_errno(error));
}

std::unique_ptr<Stream> make_process_stream(system::Child child, const Address& address) {
  return std::make_unique<ProcessStream>(std::move(child), address);
}

}  // namespace konvoy::target

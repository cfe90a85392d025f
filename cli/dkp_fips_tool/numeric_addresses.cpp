// In place of the C library's name resolution, which a static executable must not use: it loads the
// node's libraries at run time (NSS) and fails where they are of another version. Addresses are
// numbers here, or "localhost".
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

/// One answer: the list entry and its address in one piece of memory.
struct Answer {
  addrinfo info{};
  sockaddr_storage address{};
};

bool fill_ipv4(const char* host, in_port_t port, Answer& answer) {
  auto* address = reinterpret_cast<sockaddr_in*>(&answer.address);
  if (inet_pton(AF_INET, host, &address->sin_addr) != 1) return false;
  address->sin_family = AF_INET;
  address->sin_port = port;
  answer.info.ai_family = AF_INET;
  answer.info.ai_addrlen = sizeof(sockaddr_in);
  return true;
}

bool fill_ipv6(const char* host, in_port_t port, Answer& answer) {
  auto* address = reinterpret_cast<sockaddr_in6*>(&answer.address);
  if (inet_pton(AF_INET6, host, &address->sin6_addr) != 1) return false;
  address->sin6_family = AF_INET6;
  address->sin6_port = port;
  answer.info.ai_family = AF_INET6;
  answer.info.ai_addrlen = sizeof(sockaddr_in6);
  return true;
}

addrinfo* make_answer(const char* host, in_port_t port) {
  auto* answer = static_cast<Answer*>(std::calloc(1, sizeof(Answer)));
  if (answer == nullptr) return nullptr;
  if (!fill_ipv4(host, port, *answer) && !fill_ipv6(host, port, *answer)) {
    std::free(answer);
    return nullptr;
  }
  answer->info.ai_socktype = SOCK_STREAM;
  answer->info.ai_protocol = IPPROTO_TCP;
  answer->info.ai_addr = reinterpret_cast<sockaddr*>(&answer->address);
  return &answer->info;
}

in_port_t port_of(const char* service) {
  std::uint16_t port = 0;
  if (service != nullptr) std::from_chars(service, service + std::strlen(service), port);
  return htons(port);
}

}  // namespace

extern "C" {

int getaddrinfo(const char* host, const char* service, const addrinfo* /*hints*/,
                addrinfo** found) {
  const std::string name = host == nullptr ? "localhost" : host;
  const in_port_t port = port_of(service);
  if (name != "localhost") {
    *found = make_answer(name.c_str(), port);
    return *found == nullptr ? EAI_NONAME : 0;
  }
  *found = make_answer("127.0.0.1", port);
  if (*found == nullptr) return EAI_MEMORY;
  (*found)->ai_next = make_answer("::1", port);
  return 0;
}

void freeaddrinfo(addrinfo* list) {
  while (list != nullptr) {
    addrinfo* next = list->ai_next;
    std::free(list);
    list = next;
  }
}

const char* gai_strerror(int error) {
  return error == EAI_NONAME ? "only numeric addresses and 'localhost' are known here"
                             : "out of memory";
}

}  // extern "C"

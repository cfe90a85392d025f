#include "net/transfer.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>

#include "net/libcurl.hpp"

namespace konvoy::net {
namespace {

struct Cleanup {
  void operator()(CURL* handle) const { libcurl().easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, Cleanup>;

struct State {
  const Transfer* transfer;
  CURL* handle;
  bool aborted = false;
};

bool is_error_answer(CURL* handle) {
  long status = 0;
  libcurl().tell(handle, CURLINFO_RESPONSE_CODE, &status);
  return status >= 400;
}

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& state = *static_cast<State*>(user);
  const std::string_view data(bytes, size * count);
  if (is_error_answer(state.handle)) return data.size();  // an error page is not the file
  if (state.transfer->on_data(data)) return data.size();
  state.aborted = true;
  return 0;
}

int tell_progress(void* user, curl_off_t total, curl_off_t done, curl_off_t /*up_total*/,
                  curl_off_t /*up_done*/) {
  const auto& state = *static_cast<State*>(user);
  if (!state.transfer->on_progress) return 0;
  const auto offset = state.transfer->resume_from;
  state.transfer->on_progress(offset + static_cast<std::uint64_t>(done),
                              total > 0 ? offset + static_cast<std::uint64_t>(total) : 0);
  return 0;
}

void set_up(CURL* handle, const Transfer& transfer, State& state, char* reason) {
  const auto set = libcurl().set;
  set(handle, CURLOPT_URL, transfer.url.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https,file");
  set(handle, CURLOPT_REDIR_PROTOCOLS_STR, "https,http");
  set(handle, CURLOPT_FOLLOWLOCATION, 1L);
  set(handle, CURLOPT_MAXREDIRS, 10L);
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_USERAGENT, "konvoy-image");
  set(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(transfer.connect_timeout.count()));
  // Less than a byte a second over the stall time is no transfer any more.
  set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(transfer.stall_timeout.count()));
  set(handle, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(transfer.resume_from));
  set(handle, CURLOPT_ERRORBUFFER, reason);
  set(handle, CURLOPT_WRITEFUNCTION, take);
  set(handle, CURLOPT_WRITEDATA, &state);
  set(handle, CURLOPT_NOPROGRESS, 0L);
  set(handle, CURLOPT_XFERINFOFUNCTION, tell_progress);
  set(handle, CURLOPT_XFERINFODATA, &state);
}

bool will_never_work(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_FILE_COULDNT_READ_FILE:
    case CURLE_TOO_MANY_REDIRECTS: return true;
    default: return false;
  }
}

TransferEnd judge(CURLcode code, long status, bool aborted, std::string reason) {
  using Kind = TransferEnd::Kind;
  if (aborted) return {Kind::aborted, status, "stopped"};
  if (status == 416) return {Kind::past_end, status, ""};
  if (status == 429 || status >= 500) {
    return {Kind::network, status, fmt::format("the server answered {}", status)};
  }
  if (status >= 400) return {Kind::refused, status, fmt::format("the server answered {}", status)};
  if (code == CURLE_RANGE_ERROR) return {Kind::no_resume, status, ""};
  if (code == CURLE_OK) return {Kind::complete, status, ""};
  if (reason.empty()) reason = libcurl().describe(code);
  return {will_never_work(code) ? Kind::failed : Kind::network, status, std::move(reason)};
}

}  // namespace

TransferEnd run_transfer(const Transfer& transfer) {
  const auto& curl = libcurl();
  if (!curl.missing.empty()) {
    return {TransferEnd::Kind::failed, 0, fmt::format("libcurl is missing: {}", curl.missing)};
  }
  const Handle handle(curl.easy_init());
  if (!handle) return {TransferEnd::Kind::failed, 0, "libcurl could not start"};
  std::array<char, CURL_ERROR_SIZE> reason{};
  State state{&transfer, handle.get()};
  set_up(handle.get(), transfer, state, reason.data());
  const auto code = curl.perform(handle.get());
  long status = 0;
  curl.tell(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  return judge(code, status, state.aborted, reason.data());
}

}  // namespace konvoy::net

#include "verify/services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "tls/handshake.hpp"
#include "tls/policy.hpp"
#include "tls/suites.hpp"
#include "tls/transport.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;

/// A target's stream as what TLS runs over.
class StreamTransport : public tls::Transport {
 public:
  explicit StreamTransport(std::unique_ptr<target::Stream> stream) : stream_(std::move(stream)) {}
  base::Result<std::string> read(std::size_t limit, std::chrono::milliseconds timeout) override {
    return stream_->read(limit, timeout);
  }
  base::Result<void> write(std::string_view bytes) override { return stream_->write(bytes); }

 private:
  std::unique_ptr<target::Stream> stream_;
};

bool is_numeric(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The name for the SNI extension: none for addresses and for localhost, which no certificate of a
/// cluster is chosen by.
std::string server_name(const std::string& host) {
  return is_numeric(host) || host == "localhost" ? std::string() : host;
}

void remark(ServiceFinding& finding, bool fails, std::string what, std::string fix = {}) {
  finding.remarks.push_back({.fails = fails, .what = std::move(what), .fix = std::move(fix)});
}

void take(ServiceFinding& finding, const std::vector<tls::Objection>& objections) {
  for (const tls::Objection& objection : objections) {
    remark(finding, objection.standing == tls::Standing::refused, objection.what, objection.fix);
  }
}

void describe(const tls::Scan& scan, ServiceFinding& finding) {
  for (const tls::AcceptedVersion& version : scan.versions) {
    ServiceVersion described{.version = std::string(tls::name_of(version.version)),
                             .server_order = version.server_chooses};
    for (const std::uint16_t suite : version.suites) {
      described.ciphers.push_back(tls::suite_name(suite));
      if (tls::judge_suite(suite) != tls::Standing::refused) continue;
      auto& rejected = finding.rejected;
      if (std::find(rejected.begin(), rejected.end(), described.ciphers.back()) == rejected.end()) {
        rejected.push_back(described.ciphers.back());
      }
    }
    finding.versions.push_back(std::move(described));
  }
  if (!finding.versions.empty()) finding.preferred_cipher = finding.versions[0].ciphers[0];
  for (const std::uint16_t group : scan.groups) finding.groups.push_back(tls::group_name(group));
}

/// What the manifest demands beyond the policy.
void judge_demands(const ServiceEntry& service, const tls::Scan& scan, ServiceFinding& finding) {
  for (const tls::AcceptedVersion& version : scan.versions) {
    if (service.min_version == "TLS1.3" && version.version == tls::Version::tls1_2) {
      remark(finding, true, "accepts TLS1.2, the manifest wants TLS1.3 at least");
    }
  }
  if (service.allowed_ciphers.empty()) return;
  for (const std::string& cipher : finding.supported_ciphers()) {
    const auto& allowed = service.allowed_ciphers;
    if (std::find(allowed.begin(), allowed.end(), cipher) == allowed.end()) {
      remark(finding, true, fmt::format("accepts {}, which the manifest does not allow", cipher));
    }
  }
}

std::string certificate_text(const tls::Certificate& certificate) {
  const std::string key =
      certificate.curve.empty() ? std::to_string(certificate.key_bits) : certificate.curve;
  return fmt::format("{}: {} {}, {}", certificate.subject, certificate.key_type, key,
                     certificate.signature_hash.empty() ? "signature of its own kind"
                                                        : certificate.signature_hash);
}

void shake_hands(const tls::Connect& connect, const std::string& name,
                 const tls::ScanLimits& limits, ServiceFinding& finding) {
  auto transport = connect();
  if (!transport) return remark(finding, true, transport.error().message());
  const auto handshake = tls::shake_hands(**transport, name, limits.reply_timeout);
  if (!handshake) return remark(finding, true, handshake.error().message());
  finding.negotiated_cipher = handshake->suite;
  finding.asks_for_client_certificate = handshake->asks_for_client_certificate;
  for (const auto& certificate : handshake->chain) {
    finding.certificates.push_back(certificate_text(certificate));
  }
  take(finding, tls::judge(*handshake));
  if (handshake->chain.empty()) {
    remark(finding, true, fmt::format("its certificate could not be seen: {}", handshake->failure),
           "let it accept an approved suite and version");
  }
}

ServiceStatus status_of(const ServiceFinding& finding) {
  const auto& remarks = finding.remarks;
  if (std::any_of(remarks.begin(), remarks.end(), [](const auto& r) { return r.fails; })) {
    return ServiceStatus::failed;
  }
  return remarks.empty() ? ServiceStatus::ok : ServiceStatus::warning;
}

bool says(const Error& error, std::initializer_list<std::string_view> words) {
  const std::string message = base::to_lower(error.message());
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return message.find(word) != std::string::npos;
  });
}

/// A connection that did not come to be: over ssh its refusal comes only with the first answer.
bool is_refusal(const Error& error) {
  return says(error, {"connection refused", "refused the connection", "prohibited", "forwarding"});
}

/// ssh tells the refusal of a service and that of sshd (AllowTcpForwarding no) alike over a shared
/// connection: the node's own list of sockets decides. What cannot be read does not.
bool nothing_listens(target::Target& target, const ServiceEntry& service) {
  if (service.host != "localhost" && service.host != "127.0.0.1" && service.host != "::1") {
    return false;
  }
  const std::vector<target::Probe> probes{target::ReadProbe{"/proc/net/tcp"},
                                          target::ReadProbe{"/proc/net/tcp6"}};
  const auto answers = target.observe(probes);
  if (!answers) return false;
  bool seen = false;
  for (const auto& answer : *answers) {
    const auto* read = std::get_if<target::ReadAnswer>(&answer);
    if (read == nullptr || !read->content) continue;
    seen = true;
    const auto ports = parse_listening_ports(*read->content);
    if (std::find(ports.begin(), ports.end(), service.port) != ports.end()) return false;
  }
  return seen;
}

void unreachable(target::Target& target, const ServiceQuestion& question, const Error& error,
                 ServiceFinding& finding) {
  const bool down =
      says(error, {"connection refused"}) || nothing_listens(target, question.service);
  finding.status = !down               ? ServiceStatus::unknown
                   : question.must_run ? ServiceStatus::failed
                                       : ServiceStatus::not_running;
  if (finding.status == ServiceStatus::not_running) return;
  remark(finding, true, error.message(),
         down ? "start it, or do not ask for it"
              : "allow TCP forwarding in the node's sshd_config, or run dkp-fips-tool on it");
}

ServiceEntry local(std::string name, std::uint16_t port) {
  return {.name = std::move(name), .host = "localhost", .port = port};
}

base::Result<ServiceEntry> parse_question(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t colon = text.rfind(':');
  ServiceEntry service;
  bool good =
      equals != std::string::npos && equals > 0 && colon != std::string::npos && colon > equals + 1;
  if (good) {
    service.name = text.substr(0, equals);
    service.host = text.substr(equals + 1, colon - equals - 1);
    if (service.host.starts_with('[') && service.host.ends_with(']')) {
      service.host = service.host.substr(1, service.host.size() - 2);
    }
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, service.port);
    good = parsed.ec == std::errc() && parsed.ptr == end && service.port != 0;
  }
  if (good) return service;
  return Error{ErrorKind::usage, fmt::format("'{}' does not name a service", text),
               "write NAME=HOST:PORT, such as 'registry=localhost:5000'"};
}

}  // namespace

std::vector<ServiceEntry> default_services() {
  return {local("kube-apiserver", 6443), local("kubelet", 10250), local("etcd", 2379),
          local("etcd-peer", 2380)};
}

base::Result<std::vector<ServiceQuestion>> services_to_ask(const Manifest& manifest,
                                                           const std::vector<std::string>& asked) {
  std::vector<ServiceQuestion> questions;
  const auto add = [&](ServiceEntry service, bool must_run) {
    const auto same = std::find_if(questions.begin(), questions.end(), [&](const auto& other) {
      return address_of(other.service) == address_of(service);
    });
    if (same == questions.end()) {
      questions.push_back({.service = std::move(service), .must_run = must_run});
    } else {
      same->must_run = same->must_run || must_run;
    }
  };
  for (const ServiceEntry& service : manifest.services) add(service, false);
  for (ServiceEntry& service : default_services()) add(std::move(service), false);
  for (const std::string& text : asked) {
    KONVOY_TRY(ServiceEntry service, parse_question(text));
    add(std::move(service), true);
  }
  return questions;
}

// Lines of "sl local_address rem_address st ...", addresses as hexadecimal ADDRESS:PORT; state 0A
// is TCP_LISTEN (Linux's include/net/tcp_states.h).
std::vector<std::uint16_t> parse_listening_ports(std::string_view text) {
  std::vector<std::uint16_t> ports;
  for (const std::string& line : base::split_lines(text)) {
    const std::vector<std::string> fields = base::split_words(line);
    if (fields.size() < 4 || fields[3] != "0A") continue;
    const std::size_t colon = fields[1].rfind(':');
    if (colon == std::string::npos) continue;
    std::uint16_t port = 0;
    const char* end = fields[1].data() + fields[1].size();
    const auto parsed = std::from_chars(fields[1].data() + colon + 1, end, port, 16);
    if (parsed.ec == std::errc() && parsed.ptr == end) ports.push_back(port);
  }
  return ports;
}

ServiceFinding verify_service(target::Target& target, const ServiceQuestion& question,
                              const tls::ScanLimits& limits) {
  const ServiceEntry& service = question.service;
  ServiceFinding finding{.name = service.name, .address = address_of(service)};
  const tls::Connect connect = [&]() -> base::Result<std::unique_ptr<tls::Transport>> {
    KONVOY_TRY(auto stream, target.connect({.host = service.host, .port = service.port}));
    return std::unique_ptr<tls::Transport>(std::make_unique<StreamTransport>(std::move(stream)));
  };
  // A first connection tells a service that is down from one that does not answer.
  if (auto first = connect(); !first) {
    unreachable(target, question, first.error(), finding);
    return finding;
  }
  const std::string name = server_name(service.host);
  const auto scan = tls::scan(connect, name, limits);
  if (!scan && is_refusal(scan.error())) {
    unreachable(target, question, scan.error(), finding);
    return finding;
  }
  if (!scan) {
    finding.status = ServiceStatus::failed;
    remark(finding, true, scan.error().message(), "make sure that a TLS service listens there");
    return finding;
  }
  describe(*scan, finding);
  take(finding, tls::judge(*scan));
  judge_demands(service, *scan, finding);
  shake_hands(connect, name, limits, finding);
  finding.status = status_of(finding);
  return finding;
}

}  // namespace konvoy::verify

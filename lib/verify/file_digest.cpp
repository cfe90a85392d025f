#include "verify/file_digest.hpp"

#include "base/text.hpp"

namespace konvoy::verify {
namespace {

using target::CommandAnswer;

constexpr std::chrono::seconds digest_timeout{300};
constexpr std::size_t digest_digits = 64;
constexpr int command_not_found = 127;  // sh(1), "EXIT STATUS"

}  // namespace

target::Probe digest_probe(const ContentTools& tools, const std::string& path) {
  if (!tools.digest_by_openssl) return target::DigestProbe{path};
  return target::CommandProbe{.argv = {"openssl", "dgst", "-sha256", "-r", path},
                              .timeout = digest_timeout};
}

std::string digest_of(const target::Observation& answer) {
  if (const auto* digest = std::get_if<target::DigestAnswer>(&answer)) {
    return digest->sha256.value_or("");
  }
  // "<64 digits> *PATH" of `openssl dgst -r`.
  const auto* command = std::get_if<CommandAnswer>(&answer);
  if (command == nullptr || command->status != 0 || command->out.size() < digest_digits) return {};
  return command->out.substr(0, digest_digits);
}

std::string why_no_digest(const target::Observation& answer) {
  if (const auto* failure = std::get_if<target::ProbeFailure>(&answer)) return failure->reason;
  const auto* command = std::get_if<CommandAnswer>(&answer);
  if (command == nullptr) return "it is not there";
  if (command->status == command_not_found) return "there is no openssl";
  return std::string(base::trim(command->err));
}

std::string digest_by(const ContentTools& tools) {
  return tools.digest_by_openssl ? "the node's openssl" : "";
}

}  // namespace konvoy::verify

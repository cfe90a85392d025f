#include "openpgp/gpgv.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/text.hpp"
#include "openpgp/armor.hpp"
#include "openpgp/clear_signed.hpp"
#include "system/file.hpp"
#include "system/process.hpp"

namespace konvoy::openpgp {
namespace {

using base::Error;
using base::ErrorKind;
using Arguments = std::vector<std::string>;

constexpr std::chrono::seconds probe_timeout{10};

/// Status lines of one small file; more is nothing we would believe.
constexpr std::uint64_t status_limit = 1U << 20U;

base::Result<bool> accepts(const std::string& program, const Arguments& option) {
  Arguments argv{program};
  argv.insert(argv.end(), option.begin(), option.end());
  argv.push_back("--version");
  KONVOY_TRY(const system::Outcome outcome,
             system::run({.argv = std::move(argv), .timeout = probe_timeout}));
  return outcome.ok();
}

/// The private directory a verification works in: gpgv reads our copies, which nobody changes
/// between its check and our use.
class Workshop {
 public:
  static base::Result<Workshop> open(const Verifier& verifier) {
    KONVOY_TRY(auto directory, system::TemporaryDirectory::make("konvoy-gpgv"));
    Workshop workshop(std::move(directory));
    KONVOY_TRY(const std::string keyring, remove_armor(verifier.keyring, "PUBLIC KEY BLOCK"));
    if (keyring.empty()) {
      return Error{ErrorKind::input, "the keyring is empty",
                   "export the signer's key into it: 'gpg --export FINGERPRINT > FILE'"};
    }
    KONVOY_CHECK(workshop.put("keyring.gpg", keyring));
    return workshop;
  }

  [[nodiscard]] std::string path(std::string_view name) const {
    return fmt::format("{}/{}", directory_.path(), name);
  }
  [[nodiscard]] base::Result<void> put(std::string_view name, std::string_view bytes) const {
    return system::write_file(path(name), bytes, {.mode = 0600});
  }

  [[nodiscard]] base::Result<Signature> run(const Verifier& verifier,
                                            const Capabilities& capabilities,
                                            const Arguments& arguments) const {
    Arguments argv{verifier.program, "--homedir",        directory_.path(), "--status-fd", "1",
                   "--keyring",      path("keyring.gpg")};
    if (capabilities.weak_digest) {
      for (const char* weak : {"SHA1", "RIPEMD160"}) {
        argv.insert(argv.end(), {"--weak-digest", weak});
      }
    }
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    KONVOY_TRY(const system::Outcome outcome,
               system::run({.argv = std::move(argv),
                            .environment = {{"LC_ALL", base::Secret("C")}},
                            .timeout = verifier.timeout,
                            .output_limit = status_limit}));
    if (outcome.timed_out || outcome.truncated) {
      return Error{ErrorKind::run, "gpgv did not come to an end with it"};
    }
    auto signature = judge(parse_status(outcome.out), verifier.trust);
    if (!signature && !outcome.err.empty()) {
      Error error = std::move(signature).error();
      for (const std::string& line : base::split_lines(outcome.err)) {
        error.diagnostics.front().notes.push_back({.message = line});
      }
      return error;
    }
    return signature;
  }

 private:
  explicit Workshop(system::TemporaryDirectory directory) : directory_(std::move(directory)) {}
  system::TemporaryDirectory directory_;
};

/// What gpgv writes out is what is signed, whatever else stands in the message.
base::Result<Verified> verify_with_output(const Workshop& workshop, const Verifier& verifier,
                                          const Capabilities& capabilities) {
  KONVOY_TRY(Signature signature,
             workshop.run(verifier, capabilities,
                          {"--output", workshop.path("text"), workshop.path("message")}));
  KONVOY_TRY(std::string text, system::read_file(workshop.path("text")));
  return Verified{std::move(text), std::move(signature), capabilities.version};
}

base::Result<Verified> verify_without_output(const Workshop& workshop, std::string_view message,
                                             const Verifier& verifier,
                                             const Capabilities& capabilities) {
  if (!looks_clear_signed(message)) {
    return Error{
        ErrorKind::input,
        fmt::format("{} cannot write out the text of a signed message", capabilities.version),
        "use the clear-signed form, or a signature in a file of its own (.sig)"};
  }
  KONVOY_TRY(std::string text, parse_clear_signed(message));
  KONVOY_TRY(Signature signature, workshop.run(verifier, capabilities, {workshop.path("message")}));
  return Verified{std::move(text), std::move(signature), capabilities.version};
}

}  // namespace

base::Result<Capabilities> probe_gpgv(const std::string& program) {
  KONVOY_TRY(const system::Outcome version,
             system::run({.argv = {program, "--version"}, .timeout = probe_timeout}));
  const std::vector<std::string> lines = base::split_lines(version.out);
  if (!version.ok() || lines.empty()) {
    return Error{ErrorKind::run, fmt::format("cannot run '{}', which checks signatures", program),
                 "install the package gnupg2 (EL) or gpgv (Debian)"};
  }
  Capabilities capabilities{.version = lines.front()};
  KONVOY_TRY(capabilities.weak_digest, accepts(program, {"--weak-digest", "SHA1"}));
  KONVOY_TRY(capabilities.output, accepts(program, {"--output", "/dev/null"}));
  return capabilities;
}

base::Result<Verified> verify_signed(std::string_view message, const Verifier& verifier) {
  KONVOY_TRY(const Capabilities capabilities, probe_gpgv(verifier.program));
  KONVOY_TRY(const Workshop workshop, Workshop::open(verifier));
  KONVOY_CHECK(workshop.put("message", message));
  if (capabilities.output) return verify_with_output(workshop, verifier, capabilities);
  return verify_without_output(workshop, message, verifier, capabilities);
}

base::Result<Verified> verify_detached(std::string_view text, std::string_view signature,
                                       const Verifier& verifier) {
  KONVOY_TRY(const Capabilities capabilities, probe_gpgv(verifier.program));
  KONVOY_TRY(const Workshop workshop, Workshop::open(verifier));
  KONVOY_CHECK(workshop.put("text", text));
  KONVOY_CHECK(workshop.put("signature", signature));
  KONVOY_TRY(Signature found, workshop.run(verifier, capabilities,
                                           {workshop.path("signature"), workshop.path("text")}));
  return Verified{std::string(text), std::move(found), capabilities.version};
}

}  // namespace konvoy::openpgp

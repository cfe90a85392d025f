#include "cli/dkp_fips_tool/options.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace konvoy::fips_tool {
namespace {

using base::Error;
using base::ErrorKind;

Error misuse(std::string message) {
  return {ErrorKind::usage, std::move(message), "see 'dkp-fips-tool --help'"};
}

/// Walks over the arguments; "--name value" and "--name=value" are the same.
class Arguments {
 public:
  explicit Arguments(const std::vector<std::string>& all) : all_(all) {}

  [[nodiscard]] bool done() const { return next_ >= all_.size(); }
  /// The next argument; an option without the value that "=" gives it.
  std::string take() {
    std::string argument = all_[next_++];
    value_.reset();
    const std::size_t equals = argument.find('=');
    if (argument.starts_with("--") && equals != std::string::npos) {
      value_ = argument.substr(equals + 1);
      argument.resize(equals);
    }
    return argument;
  }
  base::Result<std::string> value_of(const std::string& option) {
    if (value_) return *value_;
    if (done()) return misuse(fmt::format("'{}' needs a value", option));
    return all_[next_++];
  }
  [[nodiscard]] bool has_value() const { return value_.has_value(); }

 private:
  const std::vector<std::string>& all_;
  std::size_t next_ = 0;
  std::optional<std::string> value_;
};

/// False when it is no flag.
bool take_flag(const std::string& argument, Options& options) {
  if (argument == "--json") options.json = true;
  else if (argument == "--help" || argument == "-h") options.help = true;
  else if (argument == "--version") options.version = true;
  else return false;
  return true;
}

base::Result<void> take_option(const std::string& option, Arguments& arguments, Options& options) {
  std::string* single = option == "--keyring"     ? &options.manifest.keyring
                        : option == "--signature" ? &options.manifest.signature_path
                        : option == "--root"      ? &options.root
                                                  : nullptr;
  std::vector<std::string>* several = option == "--fingerprint"     ? &options.manifest.fingerprints
                                      : option == "--service"       ? &options.services
                                      : option == "--image-archive" ? &options.image_archives
                                                                    : nullptr;
  if (single == nullptr && several == nullptr) {
    return misuse(fmt::format("unknown option '{}'", option));
  }
  KONVOY_TRY(std::string value, arguments.value_of(option));
  if (value.empty()) return misuse(fmt::format("'{}' needs a value", option));
  if (single != nullptr) *single = std::move(value);
  else several->push_back(std::move(value));
  return {};
}

}  // namespace

base::Result<Options> parse_options(const std::vector<std::string>& all) {
  Options options;
  Arguments arguments(all);
  bool only_names = false;
  while (!arguments.done()) {
    const std::string argument = arguments.take();
    if (!only_names && argument == "--") {
      only_names = true;
    } else if (!only_names && argument.size() > 1 && argument.starts_with('-')) {
      if (arguments.has_value() || !take_flag(argument, options)) {
        KONVOY_CHECK(take_option(argument, arguments, options));
      }
    } else if (options.manifest.path.empty()) {
      options.manifest.path = argument;
    } else {
      return misuse(
          fmt::format("more than one manifest: '{}' and '{}'", options.manifest.path, argument));
    }
  }
  if (options.manifest.path.empty() && !options.help && !options.version) {
    return misuse("no manifest is given");
  }
  return options;
}

std::string help_text() {
  return fmt::format(
      R"(usage: dkp-fips-tool [options] MANIFEST.asc

Checks that the machine it runs on is the FIPS node that a signed manifest describes: files and
container images, what the TLS services accept, and the signs of FIPS mode. Changes nothing.

  --json                  write one JSON document instead of text
  --keyring FILE          public keys that are trusted [{}]
  --fingerprint FPR       the manifest must be signed by this key (may be repeated)
  --signature FILE        the signature, if it is not in the manifest or in MANIFEST.sig
  --root DIR              look at the root of an image instead of the running machine
  --service NAME=HOST:PORT
                          a TLS service that has to run; HOST is an address or 'localhost'
  --image-archive FILE    look for images here (tar or directory, OCI image layout), not in containerd
  --version               print the version
  --help                  print this text

Exit status: 0 everything passed, 1 something did not (always, on a running machine that is not in
FIPS mode), 2 a bad manifest, signature or command line, 3 it could not be done.
)",
      verify::default_keyring);
}

}  // namespace konvoy::fips_tool

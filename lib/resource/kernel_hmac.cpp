#include "resource/kernel_hmac.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "boot/kernel_hmac.hpp"
#include "crypto/hmac.hpp"
#include "resource/file.hpp"

namespace konvoy::resource {
namespace {

/// No kernel image comes near it (EL8: 10 MiB).
constexpr std::uint64_t image_limit = 256U << 20U;
constexpr std::size_t digest_digits = 128;
constexpr int not_installed = 127;

std::vector<std::string> openssl_command(const std::string& image) {
  return {"openssl", "dgst", "-sha512", "-hmac", std::string(boot::kernel_hmac_key), image};
}

std::optional<ImageHmac> ask_bytes(Inquiry& ask, const std::string& image) {
  const auto* read = ask.read({.path = image, .limit = image_limit});
  if (read == nullptr) return std::nullopt;
  ImageHmac found{.there = read->content.has_value()};
  if (!found.there) {
    found.problem = fmt::format("'{}' is not there", image);
  } else if (read->truncated) {
    found.problem = fmt::format("'{}' is larger than any kernel", image);
  } else {
    const auto code =
        crypto::hmac(crypto::DigestAlgorithm::sha512, boot::kernel_hmac_key, *read->content);
    if (code) {
      found.digest = base::to_hex(*code);
    } else {
      found.problem = code.error().message();
    }
  }
  return found;
}

std::optional<ImageHmac> ask_openssl(Inquiry& ask, const std::string& image) {
  const auto* stat = ask.stat({.path = image, .follow = true});
  const auto* answer = ask.command({.argv = openssl_command(image)});
  if (stat == nullptr || answer == nullptr) return std::nullopt;
  if (answer->status == not_installed) return ask_bytes(ask, image);
  ImageHmac found{.there = stat->stat.has_value()};
  // "HMAC-SHA512(/boot/vmlinuz-X)= 0123..."; OpenSSL 3 writes "HMAC-SHA2-512(...)= ...".
  const auto words = base::split_words(answer->out);
  if (answer->status == 0 && !words.empty() && words.back().size() == digest_digits) {
    found.digest = words.back();
  } else {
    found.problem = fmt::format("openssl cannot read '{}'", image);
  }
  return found;
}

/// The copy that EL8's kernel package keeps with the modules.
std::string packaged_path(const std::string& release) {
  return fmt::format("/lib/modules/{}/.vmlinuz.hmac", release);
}

Decision write_hmac(const std::string& image, const std::optional<std::string>& before,
                    const std::string& digest, std::string reason) {
  auto write = replace_file(boot::kernel_hmac_path(image), before,
                            boot::render_kernel_hmac(image, digest), {.mode = 0644});
  write.reason = std::move(reason);
  return Actions{{std::move(write)}};
}

/// What is asked for one rescue kernel.
struct Rescue {
  std::string image;
  std::optional<std::string> file_text;
  ImageHmac actual;
};

std::vector<std::string> rescue_images(const target::ListAnswer& boot_directory) {
  std::vector<std::string> images;
  for (const auto& name : boot_directory.names.value_or(std::vector<std::string>())) {
    if (boot::is_rescue_image(name)) images.push_back("/boot/" + name);
  }
  return images;
}

/// Whether an installed kernel has a checksum file with this digest.
bool is_known(const std::string& digest, const std::vector<std::string>& installed) {
  return std::ranges::any_of(installed, [&](const std::string& text) {
    const auto hmac = boot::parse_kernel_hmac(text, "");
    return hmac && hmac->digest == digest;
  });
}

Decision decide_rescue(const std::vector<Rescue>& rescues,
                       const std::vector<std::string>& installed) {
  Actions actions;
  for (const auto& [image, text, actual] : rescues) {
    const auto problem = hmac_problem(text, image, actual);
    if (problem.empty()) continue;
    if (actual.digest.empty()) return refuse(actual.problem);
    auto write = write_hmac(image, text, actual.digest, problem);
    std::ranges::move(std::get<Actions>(write).actions, std::back_inserter(actions.actions));
    if (is_known(actual.digest, installed)) continue;
    actions.warnings.push_back(
        {.severity = base::Severity::warning,
         .message = fmt::format("the rescue kernel '{}' is a copy of no kernel that is installed: "
                                "its checksum says only that it does not change from now on",
                                image),
         .hint =
             "remove it with its initramfs and boot entry, and run 'kernel-install add' to get a "
             "new one"});
  }
  return actions;
}

}  // namespace

std::optional<ImageHmac> ask_image_hmac(Inquiry& ask, const facts::HostFacts& facts,
                                        const std::string& image) {
  return facts.live ? ask_openssl(ask, image) : ask_bytes(ask, image);
}

std::string hmac_problem(const std::optional<std::string>& file_text, const std::string& image,
                         const ImageHmac& actual) {
  const auto path = boot::kernel_hmac_path(image);
  if (!file_text) return fmt::format("'{}' is not there", path);
  const auto hmac = boot::parse_kernel_hmac(*file_text, path);
  if (!hmac) return hmac.error().message();
  if (!boot::names_image(*hmac, image)) {
    return fmt::format("'{}' is for '{}'", path, hmac->path);
  }
  if (actual.digest.empty()) return actual.problem;
  if (!crypto::constant_time_equal(hmac->digest, actual.digest)) {
    return fmt::format("'{}' does not fit '{}'", path, image);
  }
  return {};
}

Decision decide(const KernelHmac& hmac, const facts::HostFacts& facts, const Observations& seen) {
  Inquiry ask(seen);
  const auto* file = ask.read({.path = boot::kernel_hmac_path(hmac.image)});
  const auto* packaged = ask.read({.path = packaged_path(hmac.release)});
  const auto actual = ask_image_hmac(ask, facts, hmac.image);
  if (auto open = ask.open()) return *std::move(open);

  const auto problem = hmac_problem(file->content, hmac.image, *actual);
  if (problem.empty()) return Actions{};
  if (!file->content && packaged->content && !actual->digest.empty()) {
    const auto copy = boot::parse_kernel_hmac(*packaged->content, packaged_path(hmac.release));
    if (copy && copy->digest == actual->digest) {
      return write_hmac(hmac.image, file->content, copy->digest,
                        problem + "; the kernel package has it");
    }
  }
  return refuse(problem + ": the kernel would refuse to start in FIPS mode",
                "install the kernel package again; it brings the kernel and its checksum");
}

Decision decide(const RescueKernelHmac& /*hmac*/, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* names = ask.list({.path = "/boot"});
  std::vector<std::string> installed;
  for (const auto& kernel : facts.kernels) {
    const auto* text = ask.read({.path = boot::kernel_hmac_path(kernel.image)});
    if (text != nullptr && text->content) installed.push_back(*text->content);
  }
  if (auto open = ask.open()) return *std::move(open);

  std::vector<Rescue> rescues;
  for (const auto& image : rescue_images(*names)) {
    const auto* file = ask.read({.path = boot::kernel_hmac_path(image)});
    const auto actual = ask_image_hmac(ask, facts, image);
    if (file != nullptr && actual) rescues.push_back({image, file->content, *actual});
  }
  if (auto open = ask.open()) return *std::move(open);
  return decide_rescue(rescues, installed);
}

Resource as_resource(KernelHmac hmac) {
  auto name = boot::kernel_hmac_path(hmac.image);
  return wrap("kernel_hmac", std::move(name), std::move(hmac));
}
Resource as_resource(RescueKernelHmac hmac) {
  return wrap("kernel_hmac", "rescue kernels", hmac);
}

}  // namespace konvoy::resource

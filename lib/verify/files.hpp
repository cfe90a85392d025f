// Whether the files of a manifest are on a node as they should be.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "target/target.hpp"
#include "verify/manifest.hpp"
#include "verify/report.hpp"

namespace konvoy::verify {

/// What the bytes of an executable say about the cryptography in it.
struct Classification {
  std::string file_class;  ///< "goboring"
  std::string objection;   ///< why it must not be on the node; empty: nothing
  bool operator==(const Classification&) const = default;
};

/// What looks at bytes. Any of it may be left out.
struct ContentTools {
  std::function<base::Result<Classification>(std::string_view content)> classify;
  std::function<base::Result<bool>(const SigningKey& key, std::string_view content,
                                   std::string_view signature)>
      check_signature;
  std::string signature_by;  ///< what checks signatures: "the node's openssl"
  /// Digests are computed by the node's own openssl, because it is in FIPS mode and that one is
  /// validated.
  bool digest_by_openssl = false;
};

/// What was found out about contents, kept by digest: a second node with the same file does not
/// send it again. May be used from several threads.
class ContentMemory {
 public:
  struct Finding {
    Classification classification;
    bool signature_good = true;
    bool operator==(const Finding&) const = default;
  };
  [[nodiscard]] std::optional<Finding> find(const std::string& key) const;
  void keep(const std::string& key, Finding finding);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Finding> findings_;
};

/// Larger files are not read.
inline constexpr std::uint64_t file_size_limit = 1ULL << 30U;

/// One component for each file of the manifest, in its order. A file's digest and what is judged of
/// its content are of the same bytes: content that is read gets digested again. Errors: those of
/// the target.
[[nodiscard]] base::Result<std::vector<Component>> verify_files(target::Target& target,
                                                                const Manifest& manifest,
                                                                const ContentTools& tools,
                                                                ContentMemory& memory);

/// Executables with names of Kubernetes programs, in the directories of PATH, that the manifest
/// does not name; sorted.
[[nodiscard]] base::Result<std::vector<std::string>> find_extra_executables(
    target::Target& target, const Manifest& manifest);

/// Whether a path is that of a Kubernetes program: one of the names in one of the directories that
/// find_extra_executables() looks at.
[[nodiscard]] bool is_kubernetes_program(const std::string& path);

/// The bytes of a file, piece by piece; nothing when it is not there.
[[nodiscard]] base::Result<std::optional<std::string>> read_content(target::Target& target,
                                                                    const std::string& path);

}  // namespace konvoy::verify

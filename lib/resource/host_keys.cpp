#include "resource/host_keys.hpp"

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

constexpr std::string_view directory = "/etc/ssh";
constexpr unsigned least_rsa_bits = 2048;

// HostKey of sshd's configuration; the usual names where sshd can't be asked.
constexpr std::string_view configured_files =
    R"(files=$(/usr/sbin/sshd -T 2>/dev/null | sed -n 's/^hostkey //p')
[ -n "$files" ] || files=$(ls /etc/ssh/ssh_host_*_key 2>/dev/null)
)";

constexpr std::string_view public_keys_script =
    R"(for file in $files; do
  [ -f "$file" ] && { cat "$file.pub" 2>/dev/null || ssh-keygen -y -f "$file" </dev/null; }
done; :)";

// Private keys of EL belong to the group ssh_keys, where there is one.
constexpr std::string_view new_keys_script = R"(set -e
umask 077
type_of() { ssh-keygen -l -f "$1" 2>/dev/null | sed -n 's/.*(\([A-Z0-9]*\))$/\1/p'; }
make() {
  case $1 in RSA) bits=3072 ;; *) bits=256 ;; esac
  new=$2.konvoy-new
  rm -f "$new" "$new.pub"
  OPENSSL_FORCE_FIPS_MODE=1 ssh-keygen -q -t "$1" -b "$bits" -N '' -C '' -f "$new"
  if chgrp ssh_keys "$new" 2>/dev/null; then chmod 640 "$new"; fi
  chmod 644 "$new.pub"
  mv -f "$new" "$2"
  mv -f "$new.pub" "$2.pub"
  if command -v restorecon >/dev/null; then restorecon "$2" "$2.pub" || :; fi
}
made=
old='/etc/ssh/ssh_host_ed25519_key /etc/ssh/ssh_host_dsa_key'
for file in $files; do
  type=$(type_of "$file")
  case $type in
    RSA|ECDSA) make "$type" "$file"; made="$made $type" ;;
    ?*) old="$old $file" ;;
  esac
done
case $made in *\ RSA*) ;; *) make RSA /etc/ssh/ssh_host_rsa_key ;; esac
case $made in *ECDSA*) ;; *) make ECDSA /etc/ssh/ssh_host_ecdsa_key ;; esac
for file in $old; do rm -f "$file" "$file.pub"; done
)";

std::vector<std::string> for_configured_files(std::string_view script) {
  return {"/bin/sh", "-c", std::string(configured_files) + std::string(script)};
}

bool is_host_key(std::string_view name) {
  return name.starts_with("ssh_host_") && (name.ends_with("_key") || name.ends_with("_key.pub"));
}

}  // namespace

Decision decide(const HostKeysAbsent& /*keys*/, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* names = ask.list({.path = std::string(directory)});
  if (auto open = ask.open()) return *std::move(open);
  Actions all;
  for (const auto& name : names->names.value_or(std::vector<std::string>())) {
    if (!is_host_key(name)) continue;
    all.actions.push_back({target::Remove{std::string(directory) + "/" + name},
                           "was made before FIPS mode, and would be the same on every machine",
                           {}});
  }
  if (!facts.live || all.actions.empty()) return all;
  return Actions{
      .warnings = {
          {.severity = base::Severity::warning,
           .message = "the ssh host keys of a live host are not made anew by themselves: "
                      "its users would take the new ones for an attack",
           .hint = "--reboot makes them just before the host goes down, and hands them over"}}};
}

Resource as_resource(HostKeysAbsent keys) {
  return wrap("host_keys", "absent in images", keys);
}

target::CommandProbe public_host_keys() {
  return {.argv = for_configured_files(public_keys_script)};
}

std::vector<std::string> usable_in_fips_mode(std::string_view public_keys) {
  std::vector<std::string> usable;
  for (const auto& line : base::split_lines(public_keys)) {
    const auto words = base::split_words(line);
    if (words.size() < 2) continue;
    const bool rsa = words[0] == "ssh-rsa" && rsa_bits(line) >= least_rsa_bits;
    if (rsa || words[0].starts_with("ecdsa-sha2-")) usable.push_back(words[0] + " " + words[1]);
  }
  return usable;
}

target::RunCommand new_host_keys() {
  return {.argv = for_configured_files(new_keys_script)};
}

unsigned rsa_bits(std::string_view public_key) {
  const auto words = base::split_words(public_key);
  const auto blob = words.size() < 2 ? std::nullopt : base::from_base64(words[1]);
  if (!blob) return 0;
  std::string_view rest = *blob;
  std::string_view part;
  for (int i = 0; i < 3; ++i) {  // name, exponent, modulus
    if (rest.size() < 4) return 0;
    std::size_t length = 0;
    for (int byte = 0; byte < 4; ++byte) {
      length = length << 8U | static_cast<unsigned char>(rest[static_cast<std::size_t>(byte)]);
    }
    rest.remove_prefix(4);
    if (length > rest.size()) return 0;
    part = rest.substr(0, length);
    rest.remove_prefix(length);
    if (i == 0 && part != "ssh-rsa") return 0;
  }
  while (part.starts_with('\0')) part.remove_prefix(1);
  if (part.empty()) return 0;
  unsigned top_bits = 0;
  for (auto top = static_cast<unsigned char>(part.front()); top != 0; top /= 2) ++top_bits;
  return static_cast<unsigned>(part.size() - 1) * 8 + top_bits;
}

}  // namespace konvoy::resource

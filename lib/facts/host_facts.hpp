// What is known of a machine before anything is decided about it: plain values, no behaviour.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.hpp"

namespace konvoy::facts {

enum class PackageManager { none, dnf, yum };
enum class Selinux { absent, disabled, permissive, enforcing };

/// A kernel that is installed: it has a directory in /lib/modules and an image in /boot.
struct Kernel {
  std::string release;  ///< "4.18.0-305.el8.x86_64"
  std::string image;    ///< "/boot/vmlinuz-4.18.0-305.el8.x86_64"
  bool running = false;
  bool operator==(const Kernel&) const = default;
};

/// A mounted file system (live), or a line of /etc/fstab (image root).
struct Mount {
  std::string device;
  std::string path;
  std::string type;
  std::string uuid;  ///< empty when unknown
  std::uint64_t size_bytes = 0;
  std::uint64_t free_bytes = 0;
  bool operator==(const Mount&) const = default;
};

/// Where the machine boots from. Paths are as seen in the target.
struct BootLayout {
  bool separate_boot = false;    ///< /boot is a file system of its own (never /boot/efi)
  std::string boot_uuid;         ///< of that file system; empty when not separate
  std::string boot_fs_type;      ///< "xfs"; empty when not separate
  std::uint64_t free_bytes = 0;  ///< in the file system that holds /boot
  bool uefi = false;
  std::vector<std::string> grub_configs;  ///< every grub.cfg that is a full configuration
  std::string grubenv;                    ///< "/boot/grub2/grubenv", perhaps a link; empty: none
  std::vector<std::string> bls_entries;   ///< paths, sorted; empty: no BLS entries
  bool bls_enabled = false;               ///< GRUB_ENABLE_BLSCFG is true in /etc/default/grub
  bool operator==(const BootLayout&) const = default;
};

struct HostFacts {
  bool live = true;  ///< a system runs there; false in an image root
  std::string hostname;
  std::string
      distribution;  ///< Ansible's name: "RedHat", "CentOS", "Rocky", "AlmaLinux", "OracleLinux"
  std::string distribution_version;  ///< "8.4", "7.9"
  int major_version = 0;
  std::string os_family;        ///< Ansible's name: "RedHat"
  std::string os_id;            ///< ID of os-release: "rhel", "centos"
  std::string architecture;     ///< "x86_64"
  std::string running_kernel;   ///< empty when not live
  std::vector<Kernel> kernels;  ///< by release, oldest first
  BootLayout boot;
  std::vector<Mount> mounts;
  std::uint64_t memory_bytes = 0;
  std::uint64_t swap_bytes = 0;
  int cpus = 0;
  std::vector<std::string> cpu_flags;
  Selinux selinux = Selinux::absent;
  std::optional<bool> fips_enabled;  ///< /proc/sys/crypto/fips_enabled; nothing: the file is absent
  std::string kernel_command_line;   ///< /proc/cmdline; empty when not live
  std::string crypto_policy;         ///< /etc/crypto-policies/state/current; empty: there is none
  PackageManager package_manager = PackageManager::none;
  std::map<std::string, std::string> packages;  ///< name -> newest EVR "1.21.3-0", epoch 0 left out
  /// "systemd" where it can be asked; else the name of pid 1, or "none" in a bare chroot; empty
  /// when not live.
  std::string init;
  std::string boot_id;    ///< changes with every boot: kernel boot id and start time of pid 1
  std::int64_t time = 0;  ///< seconds since 1970 on the host; 0 when not live
  std::vector<std::string> addresses;  ///< IPv4 and IPv6, without loopback and link-local ones
  bool ostree = false;
  bool joined_cluster = false;  ///< /etc/kubernetes/kubelet.conf or etcd data are there
  /// What was asked for and could not be read: "/boot/loader/entries: permission denied".
  std::vector<std::string> unread;

  bool operator==(const HostFacts&) const = default;
};

/// The facts under the names that Ansible gives them, for templates: ansible_distribution,
/// ansible_distribution_version, ansible_distribution_major_version (text), ansible_os_family,
/// ansible_architecture, ansible_hostname, ...
[[nodiscard]] value::Value ansible_names(const HostFacts& facts);

/// The facts under their own names, as `konvoy-image facts -o json` and the record show them.
/// `packages` is left out unless asked for: it is long.
[[nodiscard]] value::Value to_value(const HostFacts& facts, bool with_packages = true);

/// "enforcing", "dnf": the words of to_value().
[[nodiscard]] std::string_view name_of(Selinux selinux);
[[nodiscard]] std::string_view name_of(PackageManager manager);

}  // namespace konvoy::facts

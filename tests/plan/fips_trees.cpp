#include "fips_trees.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "boot/grubenv.hpp"
#include "boot/initramfs.hpp"
#include "boot/kernel_hmac.hpp"
#include "crypto/hmac.hpp"
#include "facts/gather.hpp"
#include "support/initramfs_bytes.hpp"

namespace konvoy::test {
namespace {

constexpr std::string_view boot_uuid = "5f2d7b1c-0f6e-4c2b-9a51-3d1c6f0f9b01";
constexpr std::string_view root_uuid = "5f2d7b1c-0f6e-4c2b-9a51-3d1c6f0f9b02";
constexpr std::string_view machine_id = "0123456789abcdef0123456789abcdef";

std::string releases_of(const Shape& shape, int index) {
  if (shape.major == 7) return fmt::format("3.10.0-{}.el7.x86_64", 1160 + index);
  return fmt::format("4.18.0-{}.el8.x86_64", 305 + index);
}

std::string root_argument(const Shape& shape) {
  return shape.lvm ? "root=/dev/mapper/rhel-root ro crashkernel=auto rd.lvm.lv=rhel/root"
                   : fmt::format("root=UUID={} ro crashkernel=auto", root_uuid);
}

/// As GRUB sees a file of /boot.
std::string in_grub(const Shape& shape, const std::string& name) {
  return (shape.separate_boot ? "/" : "/boot/") + name;
}

std::string grub_directory(const Shape& shape) {
  return shape.uefi ? "/boot/efi/EFI/" + shape.vendor : "/boot/grub2";
}

/// The kernels with their images; the rescue kernel last.
std::vector<std::string> versions_of(const Shape& shape) {
  std::vector<std::string> all;
  for (int i = 0; i < shape.kernels; ++i) all.push_back(releases_of(shape, i));
  if (shape.rescue) all.push_back(fmt::format("0-rescue-{}", machine_id));
  return all;
}

std::string hmac_of(const std::string& content) {
  return base::to_hex(
      *crypto::hmac(crypto::DigestAlgorithm::sha512, boot::kernel_hmac_key, content));
}

void add_kernels(FakeTarget& image, const Shape& shape) {
  for (const auto& version : versions_of(shape)) {
    const bool rescue = version.starts_with("0-rescue");
    // A rescue kernel is a copy of the one that was installed first.
    const auto content = "kernel " + (rescue ? releases_of(shape, 0) : version);
    const auto path = "/boot/vmlinuz-" + version;
    image.add_file(path, content, 0755);
    image.add_file(fmt::format("/boot/initramfs-{}.img", version), initramfs_bytes({"base"}), 0600);
    if (rescue) continue;
    image.add_file(boot::kernel_hmac_path(path), hmac_of(content) + "  " + path + "\n");
    image.add_file(fmt::format("/lib/modules/{}/modules.dep", version), "");
  }
}

std::string menu_entry(const Shape& shape, const std::string& version) {
  const auto* command = shape.uefi ? "efi" : shape.major == 7 ? "16" : "";
  return fmt::format(
      "menuentry 'Linux ({0})' --class red --unrestricted {{\n"
      "\tload_video\n\tset gfxpayload=keep\n"
      "\tlinux{1} {2} {3} rhgb quiet \n\tinitrd{1} {4}\n}}\n",
      version, command, in_grub(shape, "vmlinuz-" + version), root_argument(shape),
      in_grub(shape, "initramfs-" + version + ".img"));
}

std::string grub_config(const Shape& shape) {
  std::string text = "set pager=1\nif [ -f ${config_directory}/grubenv ]; then\n  load_env\nfi\n";
  if (shape.major >= 8 && shape.bls) {
    return text + fmt::format(
                      "if [ -z \"${{kernelopts}}\" ]; then\n  set kernelopts=\"{} \"\nfi\n\n"
                      "insmod blscfg\nblscfg\n",
                      root_argument(shape));
  }
  for (const auto& version : versions_of(shape)) text += menu_entry(shape, version);
  return text;
}

std::string bls_entry(const Shape& shape, const std::string& version) {
  const bool literal = shape.literal && version.starts_with("0-rescue");
  const auto options = literal ? root_argument(shape) + " single" : "$kernelopts";
  return fmt::format(
      "title Linux ({0})\nversion {0}\nlinux {1}\ninitrd {2}{3}\noptions {4}{5}\nid {6}-{0}\n"
      "grub_users $grub_users\ngrub_arg --unrestricted\ngrub_class kernel\n",
      version, in_grub(shape, "vmlinuz-" + version),
      in_grub(shape, "initramfs-" + version + ".img"), shape.tuned ? " $tuned_initrd" : "", options,
      shape.tuned ? " $tuned_params" : "", machine_id);
}

void add_boot_loader(FakeTarget& image, const Shape& shape) {
  const auto directory = grub_directory(shape);
  image.add_file(directory + "/grub.cfg", grub_config(shape), shape.uefi ? 0700 : 0644);
  const bool bls = shape.major >= 8 && shape.bls;
  image.add_file(
      "/etc/default/grub",
      fmt::format("GRUB_TIMEOUT=5\nGRUB_DEFAULT=saved\n"
                  "GRUB_CMDLINE_LINUX=\"crashkernel=auto{} rhgb quiet\"\n"
                  "GRUB_DISABLE_RECOVERY=\"true\"\n{}",
                  shape.lvm ? " rd.lvm.lv=rhel/root" : "", bls ? "GRUB_ENABLE_BLSCFG=true\n" : ""));
  auto block = boot::Grubenv::empty();
  REQUIRE(block.set("saved_entry", fmt::format("{}-{}", machine_id, releases_of(shape, 0))).ok());
  if (bls) REQUIRE(block.set("kernelopts", root_argument(shape) + " rhgb quiet ").ok());
  image.add_file(directory + "/grubenv", block.render());
  if (shape.uefi) {
    image.add_link("/boot/grub2/grubenv", fmt::format("../efi/EFI/{}/grubenv", shape.vendor));
  }
  if (!bls) return;
  for (const auto& version : versions_of(shape)) {
    image.add_file(fmt::format("/boot/loader/entries/{}-{}.conf", machine_id, version),
                   bls_entry(shape, version));
  }
}

void add_system(FakeTarget& image, const Shape& shape) {
  image.add_file("/etc/os-release",
                 fmt::format("NAME=\"Red Hat Enterprise Linux\"\nID=\"rhel\"\nVERSION_ID=\"{}\"\n",
                             shape.major == 7 ? "7.9" : "8.4"));
  image.add_file(
      "/etc/fstab",
      fmt::format("UUID={} / xfs defaults 0 0\n", root_uuid) +
          (shape.separate_boot ? fmt::format("UUID={} /boot xfs defaults 0 0\n", boot_uuid)
                               : std::string()) +
          (shape.uefi ? "UUID=7B77-95E7 /boot/efi vfat umask=0077 0 2\n" : ""));
  image.add_directory("/etc/dracut.conf.d");
  if (shape.major == 7) return;
  for (const auto* name : {"openssl", "opensshserver", "nss"}) {
    image.add_file(fmt::format("/usr/share/crypto-policies/FIPS/{}.txt", name), "fips");
    image.add_link(fmt::format("/etc/crypto-policies/back-ends/{}.config", name),
                   fmt::format("/usr/share/crypto-policies/DEFAULT/{}.txt", name));
  }
  image.add_file("/etc/crypto-policies/config", "DEFAULT\n");
  image.add_file("/etc/crypto-policies/state/current", "DEFAULT\n");
}

void add_commands(FakeTarget& image) {
  image.on_command("dracut *", [](FakeTarget& fake, const target::RunCommand& run) {
    fake.add_file(run.argv.at(run.argv.size() - 2), fips_initramfs_bytes(), 0600);
    return target::CommandAnswer{};
  });
  image.on_command("/bin/sh -c *", target::CommandAnswer{});
  image.on_command("sync *", target::CommandAnswer{});
  image.on_command("rpm -q *", {.out = "dracut-fips 033-572.el7\ndracut-fips-aesni 033-572.el7\n"});
}

/// A file as people look at it: no filler, no archives.
std::string content_of(FakeTarget& image, const std::string& path) {
  const auto& node = *image.node(path);
  if (node.type == target::FileType::link) return "-> " + node.content + "\n";
  if (path.find(".img") != std::string::npos) {
    const auto content = boot::parse_initramfs(node.content, path);
    return content && boot::missing_for_fips(*content).empty() ? "(starts FIPS mode)\n"
                                                               : "(does not start FIPS mode)\n";
  }
  if (path.find("grubenv") != std::string::npos) {
    return fmt::format("{}({} bytes)\n",
                       node.content.substr(0, node.content.find_last_not_of('#') + 1),
                       node.content.size());
  }
  if (path.ends_with(".hmac")) return "..." + node.content.substr(120);
  return node.content;
}

void append(FakeTarget& image, const std::string& directory, std::string& text) {
  const std::vector<target::Probe> probes{target::ListProbe{directory}};
  const auto answers = image.observe(probes);
  const auto* list = std::get_if<target::ListAnswer>(&answers->front());
  if (list == nullptr || !list->names) return;
  for (const auto& name : *list->names) {
    const auto path = directory + "/" + name;
    if (image.node(path)->type == target::FileType::directory) {
      append(image, path, text);
    } else if (!name.starts_with("vmlinuz")) {
      text += fmt::format("==> {}\n{}", path, content_of(image, path));
    }
  }
}

}  // namespace

std::vector<Shape> shapes() {
  return {
      {.name = "el7_bios", .major = 7},
      {.name = "el7_bios_no_boot", .major = 7, .separate_boot = false, .kernels = 2},
      {.name = "el7_uefi_lvm_rescue",
       .major = 7,
       .uefi = true,
       .vendor = "centos",
       .lvm = true,
       .rescue = true},
      {.name = "el8_bios"},
      {.name = "el8_bios_no_boot", .separate_boot = false},
      {.name = "el8_bios_kernels_rescue",
       .lvm = true,
       .literal = true,
       .kernels = 3,
       .rescue = true},
      {.name = "el8_uefi_tuned", .uefi = true, .vendor = "rocky", .tuned = true},
      {.name = "el8_uefi_no_boot", .uefi = true, .vendor = "almalinux", .separate_boot = false},
      {.name = "el8_without_bls", .bls = false, .kernels = 2},
  };
}

FakeTarget image_of(const Shape& shape) {
  FakeTarget image("image", false);
  add_system(image, shape);
  add_kernels(image, shape);
  add_boot_loader(image, shape);
  add_commands(image);
  return image;
}

facts::HostFacts facts_of(FakeTarget& image) {
  auto facts = facts::gather(image);
  REQUIRE(facts.ok());
  // Not a matter of the tree.
  facts->boot.free_bytes = 0;
  facts->package_manager =
      facts->major_version < 8 ? facts::PackageManager::yum : facts::PackageManager::dnf;
  return *std::move(facts);
}

std::string picture_of(FakeTarget& image) {
  std::string text;
  for (const auto* directory : {"/boot", "/etc"}) append(image, directory, text);
  return text;
}

}  // namespace konvoy::test

"""Virtual machines with a real kernel, GRUB 2, dracut and systemd, shaped like EL8.

    vm.make_root(testbed, root, separate_boot=False)               # a root as an installer leaves it
    vm.write_disk(root, image)                                     # partitions, file systems, GRUB
    with vm.Machine(image, testbed.key) as machine:                # QEMU without KVM
        machine.wait_for_ssh()
        machine.ssh("cat /proc/sys/crypto/fips_enabled")
        machine.serial()                                           # what the console showed

Debian's kernel, GRUB and dracut under EL8's names: BLS entries in /boot/loader/entries with
$kernelopts from grubenv, /boot/.vmlinuz-*.hmac, initramfs-*.img. Two things of EL are made here:
GRUB's blscfg (grub.cfg sources each entry as a script) and sha512hmac (a script around openssl).

Needs root and, besides what hosts.py needs: qemu-system-x86 seabios grub-pc-bin grub2-common parted
e2fsprogs openssl.
"""

import contextlib
import functools
import os
import pathlib
import shutil
import socket
import subprocess
import time

import flavours

KERNEL_PACKAGES = "linux-image-cloud-amd64,e2fsprogs,openssl,zstd,cpio"
ROOT_UUID = "8a3f5a52-6f7c-4f0e-8d58-2f1f6a3c0b01"
BOOT_UUID = "8a3f5a52-6f7c-4f0e-8d58-2f1f6a3c0b02"
HMAC_KEY = "FIPS-FTW-RHT2009"
MEBIBYTE = 1 << 20
BOOT_MB, DISK_MB = 300, 2300
MACHINE_ID = "0123456789abcdef0123456789abcdef"

BACK_ENDS = ("bind gnutls java krb5 libreswan libssh nss openssh opensshserver openssl "
             "opensslcnf").split()
# What EL8's FIPS policy lets sshd offer: no chacha20, no curve25519, no ed25519.
FIPS_SSHD = " ".join((
    "-oCiphers=aes256-gcm@openssh.com,aes256-ctr,aes128-gcm@openssh.com,aes128-ctr",
    "-oMACs=hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512",
    "-oKexAlgorithms=ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
    "diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256",
    "-oHostKeyAlgorithms=ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,rsa-sha2-256,rsa-sha2-512",
    "-oPubkeyAcceptedAlgorithms=ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,rsa-sha2-256,rsa-sha2-512"))

# What a virtual machine never needs: a small initramfs is quick to make and to unpack under
# emulation.
DRACUT_CONFIGURATION = """hostonly="yes"
compress="zstd"
do_strip="no"
add_drivers+=" virtio_blk virtio_net virtio_pci ext4 "
install_items+=" /usr/bin/openssl "
omit_dracutmodules+=" plymouth lvm mdraid dm dmraid crypt multipath iscsi nfs nbd network \
network-legacy network-manager systemd-networkd qemu-net i18n cifs fcoe fcoe-uefi nvmf btrfs zfcp \
dasd bluetooth tpm2-tss pcsc memstrack resume lunmask kernel-network-modules "
"""

SHA512HMAC = f"""#!/bin/sh
# EL's sha512hmac: the HMAC-SHA-512 of a file, or (-c) the check of one.
hmac() {{ openssl dgst -sha512 -hmac {HMAC_KEY} "$1" | sed 's/.*= //'; }}
if [ "$1" = -c ]; then
  read -r wanted name < "$2"
  [ "$(hmac "$name")" = "$wanted" ] && echo "$name: OK" && exit 0
  echo "$name: FAILED"
  exit 1
fi
echo "$(hmac "$1")  $1"
"""

# GRUB has no blscfg in Debian. Its directory has no command.lst here, so that no command is loaded
# by its name: `linux` in an entry is the function until the module is loaded.
GRUB_CONFIGURATION = """serial --unit=0 --speed=115200
terminal_input serial
terminal_output serial
set timeout=0
load_env
set default="${saved_entry}"
if [ -z "${kernelopts}" ]; then
  set kernelopts="@ARGUMENTS@"
fi
# blscfg: each entry is a script of these
function title { set bls_title="$*"; }
function linux { set bls_linux="$1"; }
function initrd { set bls_initrd="$1"; }
function options { set bls_options="$*"; }
function version { true; }
function id { true; }
function grub_users { true; }
function grub_arg { true; }
function grub_class { true; }
for entry in @PREFIX@/loader/entries/*.conf; do
  source "$entry"
  regexp --set=1:bls_name '([^/]*)\\.conf$' "$entry"
  menuentry "$bls_title" --id "$bls_name" "$bls_linux" "$bls_options" "$bls_initrd" {
    insmod linux
    linux $2 $3
    initrd $4
  }
done
"""


def _run(argv, **options):
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, check=False,
                          **options)
    if done.returncode != 0:
        raise RuntimeError(f"{argv}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def enter_chroot(root, argv):
    """Runs a command in a root with the mounts that dracut and package scripts need, which end with
    it."""
    script = ('mount -t proc proc "$0/proc"; mount -t sysfs -o ro sys "$0/sys"; '
              'mount --bind /dev "$0/dev"; exec chroot "$0" "$@"')
    return _run(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", script, root,
                 *argv],
                env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/root"})


def make_root(testbed, root, separate_boot, flavour="el8", initramfs=True):
    """A root of this flavour with /boot in it, as the installer leaves it without FIPS mode; gives
    the kernel's release. Without `initramfs` an empty one stands in its place."""
    make_base = functools.partial(flavours.make_debian, f"{flavours.BASE_PACKAGES},{KERNEL_PACKAGES}")
    base = testbed.cached("vm-base", make_base, flavours.BASE_PACKAGES + KERNEL_PACKAGES)
    flavours.make_template(flavour, base, testbed.repository, testbed.key, root)
    root = pathlib.Path(root)
    release = next(path.name for path in (root / "lib/modules").iterdir() if "cloud" in path.name)
    shutil.rmtree(root / "lib/modules" / os.uname().release, ignore_errors=True)
    _put(root, "usr/bin/sha512hmac", SHA512HMAC, 0o755)
    _put(root, "etc/dracut.conf.d/20-test.conf", DRACUT_CONFIGURATION)
    _put(root, "etc/fstab", f"UUID={ROOT_UUID} / ext4 defaults 0 1\n"
         + (f"UUID={BOOT_UUID} /boot ext4 defaults,x-systemd.device-timeout=0 0 2\n"
            if separate_boot else ""))
    # systemd's patience is for real machines, not for emulated ones on a busy builder.
    _put(root, "etc/systemd/system.conf.d/patience.conf",
         "[Manager]\nDefaultTimeoutStartSec=15min\nDefaultDeviceTimeoutSec=15min\n")
    _put(root, "etc/hostname", "el8vm\n")
    _put(root, "etc/hosts", "127.0.0.1 localhost el8vm\n")
    _put(root, "etc/machine-id", f"{MACHINE_ID}\n")
    _put(root, "etc/systemd/network/10.network",
         "[Match]\nName=e*\n[Network]\nAddress=10.0.2.15/24\nLinkLocalAddressing=no\n"
         "IPv6AcceptRA=no\n")
    make_initramfs = f"dracut -q --force --no-hostonly /boot/initramfs-{release}.img {release}"
    enter_chroot(root, ["sh", "-ec",
                        "systemctl enable systemd-networkd ssh; systemctl mask systemd-firstboot "
                        "systemd-networkd-wait-online e2scrub_reap apt-daily.timer "
                        "apt-daily-upgrade.timer systemd-timesyncd chrony dnf-makecache.timer; "
                        "rm -f /boot/initrd.img-*; " + (make_initramfs if initramfs else "")])
    if not initramfs:
        (root / f"boot/initramfs-{release}.img").touch()
    if flavour.endswith("8"):
        make_crypto_policies(root)
    make_boot(root, release, separate_boot, flavour.endswith("8"))
    return release


def make_crypto_policies(root):
    """crypto-policies without its tool, and sshd started as EL8's unit starts it."""
    for policy, sshd in (("DEFAULT", ""), ("FIPS", FIPS_SSHD)):
        for name in BACK_ENDS:
            _put(root, f"usr/share/crypto-policies/{policy}/{name}.txt",
                 f"CRYPTO_POLICY='{sshd}'\n" if name == "opensshserver" else "")
    for name in BACK_ENDS:
        link = root / f"etc/crypto-policies/back-ends/{name}.config"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"/usr/share/crypto-policies/DEFAULT/{name}.txt")
    _put(root, "etc/crypto-policies/config", "DEFAULT\n")
    _put(root, "etc/crypto-policies/state/current", "DEFAULT\n")
    _put(root, "etc/systemd/system/ssh.service.d/policy.conf",
         "[Service]\nEnvironmentFile=/etc/crypto-policies/back-ends/opensshserver.config\n"
         "ExecStart=\nExecStart=/usr/sbin/sshd -D $SSHD_OPTS $CRYPTO_POLICY\n")


def _put(root, path, text, mode=0o644):
    file = pathlib.Path(root) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink():
        file.unlink()
    file.write_text(text)
    file.chmod(mode)


def make_boot(root, release, separate_boot, bls):
    boot, prefix = root / "boot", "" if separate_boot else "/boot"
    arguments = f"root=UUID={ROOT_UUID} ro console=ttyS0,115200 rd.shell=0 panic=10"
    shutil.rmtree(boot / "grub", ignore_errors=True)
    image = boot / f"vmlinuz-{release}"
    digest = _run(["openssl", "dgst", "-sha512", "-hmac", HMAC_KEY, image]).split()[-1]
    _put(boot, f".vmlinuz-{release}.hmac", f"{digest}  /boot/vmlinuz-{release}\n")
    _put(root, "etc/default/grub",
         'GRUB_TIMEOUT=0\nGRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX="console=ttyS0,115200"\n'
         + ("GRUB_ENABLE_BLSCFG=true\n" if bls else ""))
    (boot / "grub2").mkdir()
    grubenv, entry = boot / "grub2/grubenv", f"{MACHINE_ID}-{release}"
    _run(["grub-editenv", grubenv, "create"])
    _run(["grub-editenv", grubenv, "set", f"saved_entry={entry}"])
    if not bls:
        _put(boot, "grub2/grub.cfg",
             f"menuentry 'CentOS Linux ({release}) 7 (Core)' {{\n\tlinux16 {prefix}/vmlinuz-{release} "
             f"{arguments}\n\tinitrd16 {prefix}/initramfs-{release}.img\n}}\n")
        return
    _run(["grub-editenv", grubenv, "set", f"kernelopts={arguments} "])
    modules = boot / "grub2/i386-pc"
    modules.mkdir()
    for file in pathlib.Path("/usr/lib/grub/i386-pc").iterdir():
        if file.suffix == ".mod" or file.name == "moddep.lst":
            shutil.copy2(file, modules)
    _put(boot, "grub2/grub.cfg",
         GRUB_CONFIGURATION.replace("@ARGUMENTS@", arguments).replace("@PREFIX@", prefix))
    _put(boot, f"loader/entries/{entry}.conf",
         f"title CentOS Linux ({release}) 8\nversion {release}\nlinux {prefix}/vmlinuz-{release}\n"
         f"initrd {prefix}/initramfs-{release}.img\noptions $kernelopts\nid centos-{release}\n"
         "grub_users $grub_users\ngrub_arg --unrestricted\ngrub_class kernel\n")


def has_separate_boot(root):
    """Whether the root's fstab has a file system for /boot."""
    return BOOT_UUID in (pathlib.Path(root) / "etc/fstab").read_text()


def write_disk(root, image):
    """Writes a bootable disk with the root (moved apart for /boot) to the file `image`."""
    root, image = pathlib.Path(root), pathlib.Path(image)
    separate = has_separate_boot(root)
    image.unlink(missing_ok=True)
    with open(image, "wb") as file:
        file.truncate(DISK_MB * MEBIBYTE)
    first = 1 + BOOT_MB if separate else 1
    parts = ["mkpart", "primary", "ext4", "1MiB", f"{first}MiB"] if separate else []
    _run(["parted", "-s", image, "mklabel", "msdos", *parts,
          "mkpart", "primary", "ext4", f"{first}MiB", "100%", "set", "1", "boot", "on"])
    boot = image.with_suffix(".boot")
    if separate:
        shutil.rmtree(boot, ignore_errors=True)
        (root / "boot").rename(boot)
        (root / "boot").mkdir()
        _make_file_system(boot, image, "boot", BOOT_UUID, 1, BOOT_MB)
    _make_file_system(root, image, "root", ROOT_UUID, first, DISK_MB - first - 1)
    if separate:
        (root / "boot").rmdir()
        boot.rename(root / "boot")
    core = image.with_suffix(".core")
    prefix = "(hd0,msdos1)/grub2" if separate else "(hd0,msdos1)/boot/grub2"
    _run(["grub-mkimage", "-O", "i386-pc", "-p", prefix, "-o", core, "biosdisk", "part_msdos", "ext2",
          "normal", "configfile", "loadenv", "regexp", "test", "echo", "serial", "terminal", "true"])
    _run(["dd", "if=/usr/lib/grub/i386-pc/boot.img", f"of={image}", "bs=440", "count=1",
          "conv=notrunc"])
    _run(["dd", f"if={core}", f"of={image}", "bs=512", "seek=1", "conv=notrunc"])


def _make_file_system(directory, image, label, uuid, offset_mb, size_mb):
    # Features that GRUB 2.06 does not read.
    _run(["mkfs.ext4", "-q", "-F", "-O", "^metadata_csum_seed,^orphan_file", "-L", label, "-U", uuid,
          "-E", f"offset={offset_mb * MEBIBYTE}", "-d", directory, image, f"{size_mb}M"])


class Machine:
    """A running virtual machine; ends with the block."""

    def __init__(self, image, key, memory_mb=1024):
        self.image, self.key, self.memory_mb = pathlib.Path(image), key, memory_mb
        self.console = self.image.with_suffix(".serial")
        self.known_hosts = self.image.with_suffix(".known_hosts")
        self.known_hosts.write_text("")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self):
        self.console.write_text("")
        self.errors = self.image.with_suffix(".qemu")
        network = f"user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-10.0.2.15:22"
        with open(self.errors, "wb") as errors:
            self._process = subprocess.Popen(
                ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg,thread=multi,tb-size=512",
                 "-cpu", "max", "-smp", "2", "-m", str(self.memory_mb),
                 "-drive", f"file={self.image},if=virtio,format=raw,cache=unsafe",
                 "-device", "virtio-rng-pci", "-netdev", network,
                 "-device", "virtio-net-pci,netdev=n0,romfile=", "-display", "none", "-vga", "none",
                 "-monitor", "none", "-serial", f"file:{self.console}"],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()

    def serial(self):
        """Everything that the serial console showed."""
        return self.console.read_text(errors="replace")

    def ssh_options(self):
        return ["-i", self.key, "-p", str(self.port), "-o", "BatchMode=yes", "-o", "User=root",
                "-o", "StrictHostKeyChecking=accept-new", "-o", "ConnectTimeout=20",
                "-o", f"UserKnownHostsFile={self.known_hosts}", "-o", "IdentitiesOnly=yes"]

    def ssh(self, command, check=True, timeout=600):
        """A command inside; its standard output."""
        done = subprocess.run(["ssh", "-F", "none", *map(str, self.ssh_options()), "127.0.0.1",
                               command],
                              capture_output=True, text=True, check=False, timeout=timeout)
        if check and done.returncode != 0:
            raise RuntimeError(f"{command}: {done.returncode} {done.stdout}{done.stderr}")
        return done.stdout

    def copy_in(self, file, path):
        """Puts a file into the machine, executable where it is."""
        file = pathlib.Path(file)
        subprocess.run(["ssh", "-F", "none", *map(str, self.ssh_options()), "127.0.0.1",
                        f"cat >{path} && chmod {file.stat().st_mode & 0o777:o} {path}"],
                       input=file.read_bytes(), check=True, timeout=300)

    def wait_for_ssh(self, seconds=900):
        """Waits until a command runs inside; the console's end is in the error."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise RuntimeError(f"QEMU ended: {self.errors.read_text()}")
            with contextlib.suppress(RuntimeError, subprocess.TimeoutExpired):
                return self.ssh("cat /proc/sys/kernel/random/boot_id", timeout=60).strip()
            time.sleep(3)
        raise TimeoutError(f"no ssh after {seconds} s:\n{self.serial()[-4000:]}")

    def wait_for_reboot(self, boot_id, seconds=900):
        """Waits until a command runs inside another boot than `boot_id`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.wait_for_ssh(seconds) != boot_id:
                return
            time.sleep(3)
        raise TimeoutError(f"no reboot after {seconds} s:\n{self.serial()[-4000:]}")

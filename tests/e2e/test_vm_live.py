"""Machine A: a running host with a /boot of its own becomes a FIPS node over ssh, by the real
executable: packages, FIPS mode, the reboot into it, and the proof. Debian's kernel, GRUB and dracut in
EL8's shape, real QEMU (vm.py); the programs are those of goboring.py."""

import json
import shutil
import subprocess

import pytest

import goboring
import openpgp
import product
import repository
import vm
from inventories import konvoy_json

IMAGE = "images/generic/centos-8.yaml"
# What EL8 has and Debian has under another name, so that the sign `packages` finds them.
OF_EL8 = ("dracut", "crypto-policies", "openssl")
# Where the machine finds its packages: it has no network but ssh.
PACKAGES = "var/lib/packages"

pytestmark = pytest.mark.vm


def make_root(testbed, root):
    """An EL8 root without FIPS mode, its repository on board; gives the kernel's release."""
    release = vm.make_root(testbed, root, separate_boot=True)
    packages = root / PACKAGES
    packages.mkdir(parents=True)
    made = goboring.small_packages(testbed)
    shutil.copytree(made / "el8", packages / "el8")
    shutil.copy2(made / "RPM-GPG-KEY-test", packages)
    (root / "etc/yum.repos.d/test.repo").write_text(
        f"[test]\nname=test\nbaseurl=file:///{PACKAGES}/el8/x86_64\nenabled=1\ngpgcheck=1\n"
        f"gpgkey=file:///{PACKAGES}/RPM-GPG-KEY-test\n")
    (root / "etc/systemd/system/chrony.service").unlink()  # masked there for quicker starts
    work = root.parent / "work"
    rpms = [repository.build_package(repository.Package(name, "1", "1.el8", arch="noarch", files={
        f"/usr/share/doc/{name}-test": ""}), work) for name in OF_EL8]
    subprocess.run(["rpm", "--root", root, "-i", "--nosignature", "--dbpath", "/var/lib/rpm", *rpms],
                   check=True)
    return release


class Node:
    """The machine as an inventory names it."""

    def __init__(self, machine, directory):
        self.machine, self.directory = machine, directory
        (directory / "inventory.yaml").write_text(json.dumps({"all": {"hosts": {"node": {
            "ansible_host": "127.0.0.1", "ansible_port": machine.port, "ansible_user": "root",
            "ansible_ssh_private_key_file": str(machine.key),
            "ansible_ssh_common_args": "-F none -o IdentitiesOnly=yes"
                                       f" -o UserKnownHostsFile={machine.known_hosts}"}}}}))
        own = goboring.overrides(f"file:///{PACKAGES}", directory / "own.yaml",
                                 "fips: {regenerate_host_keys: true}\n")
        self.words = ["--inventory-file", directory / "inventory.yaml", "--overrides",
                      "overrides/fips.yaml", "--overrides", own, IMAGE]

    def run(self, command, *more, status=0):
        (host,) = konvoy_json(command, *self.words, *more, status=status)["hosts"]
        return host

    def signs(self):
        said = json.loads(product.run(
            "konvoy-image", "validate", "--fips", "-o", "json", "--inventory-file",
            self.directory / "inventory.yaml").stdout)
        (host,) = said["hosts"]
        return {name: sign["state"] for name, sign in host["signs"].items()}


@pytest.fixture(scope="module")
def node(testbed, tmp_path_factory):
    directory = tmp_path_factory.mktemp("a")
    release = make_root(testbed, directory / "root")
    vm.write_disk(directory / "root", directory / "a.img")
    with vm.Machine(directory / "a.img", testbed.key) as machine:
        machine.release, machine.first_boot = release, machine.wait_for_ssh()
        yield Node(machine, directory)


@pytest.fixture(scope="module")
def provisioned(node):
    """The signs before, and what `provision --reboot` said."""
    before = node.signs()
    node.first_host_keys = node.machine.ssh("cat /etc/ssh/ssh_host_*_key.pub").splitlines()
    # ssh has learned the ed25519 key alone, which sshd does not show in FIPS mode.
    learned = node.machine.known_hosts.read_text()
    assert "ssh-ed25519" in learned and "ecdsa" not in learned
    host = node.run("provision", "--reboot", "--work-dir", node.directory / "work")
    node.machine.known_hosts.write_bytes((node.directory / "work/known_hosts").read_bytes())
    return before, host


@pytest.fixture(scope="module")
def manifest(testbed, node, provisioned):
    """A signed manifest of the packages that went in, and the keyring that knows who signed."""
    keys = openpgp.Keys(node.directory / "gpg")
    keys.make("signer")
    path = node.directory / "node.asc"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNUPGHOME", str(keys.home))
        made = product.run("konvoy-image", "manifest", "create", "--from",
                           goboring.small_packages(testbed) / "real", "--os", "centos-8", "--arch",
                           "x86_64", "--sign", keys.fingerprints["signer"], path)
    assert made.returncode == 0, made.stderr
    yield path, keys.export(node.directory / "trusted.gpg", "signer")
    keys.close()


def test_the_host_reboots_into_fips_mode(node, provisioned):
    before, host = provisioned
    assert before == {**dict.fromkeys(before, "no"), "packages": "yes"}
    assert (host["outcome"], host["reboot_required"]) == ("ok", False)
    assert host["changed"] > 15 and host["reboot"]["rebooted"] is True
    assert {key.split()[0] for key in host["reboot"]["host_keys"]} == {
        "ssh-rsa", "ecdsa-sha2-nistp256"}
    assert host["fips"]["result"] == "pass"
    machine = node.machine
    assert machine.ssh("cat /proc/sys/crypto/fips_enabled").strip() == "1"
    assert f"boot=UUID={vm.BOOT_UUID}" in machine.ssh("cat /proc/cmdline").split()


def test_the_kernel_was_checked_on_the_way(node, provisioned):
    console = node.machine.ssh("journalctl -b --no-pager") + node.machine.serial()
    assert "Checking integrity of kernel" in console
    assert "All initrd crypto checks done" in console


def test_its_host_keys_are_new(node, provisioned):
    keys = node.machine.ssh("cat /etc/ssh/ssh_host_*_key.pub").splitlines()
    assert sorted(" ".join(key.split()[:2]) for key in keys) == sorted(
        provisioned[1]["reboot"]["host_keys"])
    assert not set(keys) & set(node.first_host_keys)
    modes = node.machine.ssh("stat -c %a /etc/ssh/ssh_host_*_key").split()
    assert set(modes) <= {"600", "640"}


def test_ssh_works_with_the_algorithms_that_the_policy_leaves(node, provisioned):
    sshd = node.machine.ssh("ps -o args= -p $(cat /run/sshd.pid)")
    assert "-oKexAlgorithms=ecdh-sha2-nistp256" in sshd and "chacha20" not in sshd


def test_nothing_is_left_to_do(node, provisioned):
    plan = node.run("plan", "--detailed-exitcode")
    assert plan["changes"] == [] and plan["unchanged"] > 30
    assert set(node.signs().values()) == {"yes"}


def test_the_node_proves_itself(node, manifest):
    path, keyring = manifest
    for name, file in {"dkp-fips-tool": product.targets.program("dkp-fips-tool"), "node.asc": path,
                       "trusted.gpg": keyring}.items():
        node.machine.copy_in(file, f"/root/{name}")
    said = json.loads(node.machine.ssh(
        "/root/dkp-fips-tool --json --keyring /root/trusted.gpg /root/node.asc"))
    assert {part["status"] for part in said["components"]} == {"ok"}
    assert said["os"]["fips_enabled"] is True and said["result"] == "pass"
    # In FIPS mode the node's own validated tools do the cryptography.
    assert {part["digest_by"] for part in said["components"]} == {"the node's openssl"}

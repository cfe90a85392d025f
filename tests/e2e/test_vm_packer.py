"""Packer's qemu builder: a virtual machine with a /boot of its own becomes a FIPS image. Packer boots the
disk and reaches it over ssh, the real executable is its provisioner (packages, FIPS mode, the reboot
into it, the checks, sysprep, the end of the machine), and the qcow2 that Packer leaves is opened with
tools of others. Debian's kernel, GRUB and dracut in EL8's shape (vm.py); the programs are those of
goboring.py."""

import json
import pathlib

import pytest

import disks
import goboring
import product
import vm
from test_vm_live import PACKAGES, make_root

TOP = pathlib.Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.vm_packer

# An image of images/qemu with what this machine needs. An emulated processor takes minutes where a real
# one takes seconds.
DEFINITION = """\
build_name: centos-8
packer_builder_type: qemu
packer:
  iso_url: {base}
  iso_checksum: none
  format: qcow2
  accelerator: tcg
  cpus: "2"
  memory: "1024"
  output_directory: output
  ssh_username: root
  ssh_private_key_file: {key}
  ssh_timeout: 30m
"""


class Image:
    """What `build` said and left, and the disk of the image as a directory."""

    def __init__(self, testbed, directory):
        make_root(testbed, directory / "root")
        self.base = directory / "base.raw"
        vm.write_disk(directory / "root", self.base)
        self.before = disks.digest_of(self.base)
        definition = directory / "image.yaml"
        definition.write_text(DEFINITION.format(base=self.base, key=testbed.key))
        own = goboring.overrides(f"file:///{PACKAGES}", directory / "own.yaml")
        self.work = directory / "build"
        done = product.run("konvoy-image", "build", "--overrides", "overrides/fips.yaml", "--overrides",
                           own, "--work-dir", self.work, "-o", "json", definition, cwd=TOP,
                           timeout=5400)
        assert done.returncode == 0, done.stderr
        self.said, self.log = json.loads(done.stdout), done.stderr
        self.raw = directory / "image.raw"
        disks.run(["qemu-img", "convert", "-O", "raw", self.said["result"], self.raw])
        # Before anything mounts the file systems, which would bring them in order.
        self.super_blocks = [disks.run(["dumpe2fs", "-h", f"{self.raw}?offset={offset}"])
                             for offset, _ in disks.extents(self.raw)]
        self.tree = disks.copy_out(self.raw, directory / "tree")

    def read(self, path):
        return (self.tree / path).read_text()


@pytest.fixture(scope="module")
def image(testbed, tmp_path_factory):
    return Image(testbed, tmp_path_factory.mktemp("packer"))


def test_packer_leaves_a_disk_image(image):
    result = image.said["result"]
    about = json.loads(disks.run(["qemu-img", "info", "--output=json", result]))
    assert (about["format"], about["virtual-size"]) == ("qcow2", image.base.stat().st_size)
    disks.run(["qemu-img", "check", result])
    assert disks.digest_of(image.base) == image.before


def test_the_machine_ended_in_order(image):
    for described in image.super_blocks:
        assert "needs_recovery" not in described and "Filesystem state:         clean" in described
    disks.check(image.raw, *disks.extents(image.raw))


def test_the_record_names_what_was_made(image):
    (built,) = json.loads((image.work / "manifest.json").read_text())["builds"]
    (file,) = built["files"]
    assert image.work / file["name"] == pathlib.Path(image.said["result"])
    record = json.loads((image.work / "record.json").read_text())
    assert record["artifacts"] == image.said["artifacts"] == [
        {"builder": "qemu", "id": built["artifact_id"], "files": [file["name"]]}]
    (host,) = record["hosts"]
    assert host["outcome"] == "ok" and host["reboot"]["rebooted"] is True
    assert {name: sign["state"] for name, sign in host["fips"]["signs"].items()} == dict.fromkeys(
        host["fips"]["signs"], "yes")
    classes = {one["path"]: one["class"] for one in host["executables"]}
    assert classes["/usr/bin/kubelet"] == classes["/usr/bin/containerd"] == "goboring"


def test_the_image_starts_in_fips_mode(image):
    """Every boot entry takes its arguments from GRUB's environment (vm.py)."""
    listed = disks.run(["grub-editenv", image.tree / "boot/grub2/grubenv", "list"])
    arguments = next(line for line in listed.splitlines() if line.startswith("kernelopts=")).split()
    assert "fips=1" in arguments and f"boot=UUID={vm.BOOT_UUID}" in arguments
    entries = list((image.tree / "boot/loader/entries").iterdir())
    assert entries and all("options $kernelopts" in entry.read_text() for entry in entries)
    (initramfs,) = (image.tree / "boot").glob("initramfs-*.img")
    listed = vm.enter_chroot(image.tree, ["lsinitrd", "-m", f"/boot/{initramfs.name}"])
    assert "fips" in listed.split()


def test_fips_builds_are_in_it(image):
    for package in ("kubelet", "kubeadm", "kubectl", "containerd.io"):
        disks.run(["rpm", "--root", image.tree, "--dbpath", "/var/lib/rpm", "-q", package])
    inspected = product.run("konvoy-image", "inspect", "-o", "json", image.tree / "usr/bin/kubelet")
    assert inspected.returncode == 0, inspected.stderr
    assert '"goboring"' in inspected.stdout


def test_nothing_of_the_machine_is_left(image):
    assert image.read("etc/machine-id") == ""
    assert not list((image.tree / "etc/ssh").glob("ssh_host_*"))
    # Services that stop in order would write these once more.
    assert not (image.tree / "var/lib/systemd/random-seed").exists()
    assert image.read("var/log/wtmp") == ""
    # But what was done is told on board.
    (host,) = json.loads(image.read("var/lib/konvoy-image/record.json"))["hosts"]
    assert host["outcome"] == "ok"

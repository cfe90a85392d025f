"""Machine B once more, made by `build` itself: a disk image provisioned offline with
overrides/fips.yaml boots into FIPS mode, with FIPS builds on it, and passes `verify`."""

import json
import pathlib

import pytest

import disks
import openpgp
import product
import repository
import vm

# rpm knows nothing of Debian's own files: their EL names, as packages.
SYSTEM = ("dracut", "crypto-policies", "openssl")

pytestmark = pytest.mark.vm


def install_system_packages(testbed, root):
    """Packages that stand for what is there, signed with the key that the root trusts."""
    made = [repository.build_package(repository.Package(name, "1.0", "1.el8", arch="noarch"),
                                     root.parent / "work") for name in SYSTEM]
    repository.sign(testbed.repository, made)
    for rpm in made:
        (root / "var/tmp" / rpm.name).write_bytes(rpm.read_bytes())
    disks.run(["chroot", root, "sh", "-ec", "rpm -U /var/tmp/*.rpm; rm /var/tmp/*.rpm"])


def make_base(testbed, miniature, work):
    """The disk of machine B before anything is done, with a signed repository of FIPS builds."""
    root = work / "root"
    vm.make_root(testbed, root, separate_boot=False, initramfs=False)
    install_system_packages(testbed, root)
    for path in ("var/lib/konvoy-miniature", "etc/pki/rpm-gpg/RPM-GPG-KEY-miniature"):
        disks.run(["cp", "-a", miniature / path, root / path])
    (root / "etc/yum.repos.d/test.repo").unlink()
    disks.run(["chroot", root, "systemctl", "unmask", "chrony", "chronyd"])
    # EL's sshd makes its keys when it starts first.
    drop_in = root / "etc/systemd/system/ssh.service.d/keys.conf"
    drop_in.write_text("[Service]\nExecStartPre=\nExecStartPre=/usr/bin/ssh-keygen -A\n")
    vm.write_disk(root, work / "base.raw")
    return work / "base.raw"


class Node:
    """The image that was built, its manifest and the keys for that."""

    def __init__(self, testbed, miniature, work):
        self.base = make_base(testbed, miniature, work)
        self.before = disks.digest_of(self.base)
        keys = openpgp.Keys(work / "home")
        signer = keys.make("signer")
        self.answer = disks.build(
            "--overrides", "overrides/fips.yaml", "--base", self.base, "--result",
            work / "node.raw", "--extra-vars", "result.format=raw", "--manifest-sign", signer,
            cwd=work, environment={"GNUPGHOME": str(keys.home)})
        self.image = work / "node.raw"
        self.keyring = keys.export(work / "trusted.gpg", "signer")
        keys.close()


@pytest.fixture(scope="module")
def node(testbed, miniature, tmp_path_factory):
    return Node(testbed, miniature, tmp_path_factory.mktemp("vm-disk"))


def test_the_build_says_what_it_made(node):
    assert disks.digest_of(node.base) == node.before
    record = json.loads(pathlib.Path(node.answer["record"]).read_text())
    (host,) = record["hosts"]
    classes = {one["path"]: one["class"] for one in host["executables"]}
    assert classes["/usr/bin/kubelet"] == "goboring"
    assert {one["name"] for one in host["packages"]} >= {"kubelet", "kubeadm", "containerd.io"}
    states = {name: sign["state"] for name, sign in host["fips"]["signs"].items()}
    assert states == {"configured": "yes", "running": "unknown", "initramfs": "yes",
                      "policy": "yes", "module_files": "yes", "packages": "yes"}
    assert node.answer["manifest"] == node.answer["result"] + ".manifest.json.asc"


def test_the_image_boots_as_a_fips_node(node, testbed):
    with vm.Machine(node.image, testbed.key) as machine:
        machine.wait_for_ssh()
        assert machine.ssh("cat /proc/sys/crypto/fips_enabled").strip() == "1"
        assert "1.21.3-0" in machine.ssh("rpm -q kubelet")
        inside = json.loads(machine.ssh("cat /var/lib/konvoy-image/record.json"))
        digests = {one["path"]: one["sha256"] for one in inside["hosts"][0]["executables"]}
        seen = machine.ssh("sha256sum /usr/bin/kubelet").split()[0]
        assert digests["/usr/bin/kubelet"] == seen
        # Each machine has an identity of its own, not that of the builder or of the base.
        assert machine.ssh("cat /etc/machine-id").strip() not in ("", vm.MACHINE_ID)
        assert_verified(node, machine)


def assert_verified(node, machine):
    run = product.run(
        "konvoy-image", "verify", "-o", "json", "--host", f"root@127.0.0.1:{machine.port}",
        "--ssh-key", machine.key, "--ssh-accept-new", "--keyring", node.keyring,
        node.answer["manifest"])
    assert run.returncode == 0, run.stdout + run.stderr
    document = json.loads(run.stdout)
    assert document["result"] == "pass" and document["os"]["fips_enabled"] is True
    parts = {part["name"]: part["status"] for part in document["components"]}
    assert parts["/usr/bin/kubelet"] == "ok" and set(parts.values()) == {"ok"}

"""Machine B: an image without a /boot of its own is prepared offline and boots straight into FIPS
mode. Debian's kernel, GRUB and dracut in EL8's shape, real QEMU (vm.py)."""

import json
import os
import pathlib
import subprocess

import pytest

import vm

TOP = pathlib.Path(__file__).resolve().parents[2]
FIPS_STEPS = pathlib.Path(os.environ.get("KONVOY_BIN", TOP / "build/release/bin")) / "fips-steps"

pytestmark = pytest.mark.vm


def fips_steps(root, what):
    """The FIPS steps on an image root: what they print."""
    done = subprocess.run([FIPS_STEPS, root, what], capture_output=True, text=True, check=False,
                          timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prepared(testbed, tmp_path_factory):
    """An image root after the FIPS steps, its kernel, and what the steps said."""
    root = tmp_path_factory.mktemp("vm") / "root"
    release = vm.make_root(testbed, root, separate_boot=False, initramfs=False)
    changed = fips_steps(root, "apply").splitlines()
    return root, release, changed


def test_every_step_changes_the_image_once(prepared):
    root, release, changed = prepared
    assert changed == ["fips/system-fips", "fips/dracut", "fips/crypto-policy",
                       f"fips/initramfs-{release}", "fips/kernel-arguments"]
    assert fips_steps(root, "apply") == ""
    assert not list((root / "boot").glob(".konvoy-*"))


def test_grub_reads_the_environment_that_was_written(prepared):
    root = prepared[0]
    listed = subprocess.run(["grub-editenv", root / "boot/grub2/grubenv", "list"], text=True,
                            capture_output=True, check=True).stdout
    kernelopts = next(line for line in listed.splitlines() if line.startswith("kernelopts="))
    assert kernelopts.split()[-1] == "fips=1" and "boot=" not in kernelopts
    assert (root / "boot/grub2/grubenv").stat().st_size == 1024


def test_lsinitrd_finds_the_module(prepared):
    root, release, _ = prepared
    listed = vm.enter_chroot(root, ["lsinitrd", "-m", f"/boot/initramfs-{release}.img"])
    assert "fips" in listed.split()


def test_the_signs_of_the_image(prepared):
    signs = json.loads(fips_steps(prepared[0], "signs"))["signs"]
    states = {name: sign["state"] for name, sign in signs.items()}
    # Debian's packages are not in the rpm database: that sign stays no, and says what is missing.
    assert states == {"configured": "yes", "running": "unknown", "initramfs": "yes", "policy": "yes",
                      "module_files": "yes", "packages": "no"}


def test_the_image_boots_straight_into_fips_mode(prepared, testbed, tmp_path):
    image = tmp_path / "b.img"
    vm.write_disk(prepared[0], image)
    with vm.Machine(image, testbed.key) as machine:
        machine.wait_for_ssh()
        assert machine.ssh("cat /proc/sys/crypto/fips_enabled").strip() == "1"
        assert "fips=1" in machine.ssh("cat /proc/cmdline").split()
        journal = machine.ssh("journalctl -b --no-pager")
        assert "Checking integrity of kernel" in journal + machine.serial()
        assert "All initrd crypto checks done" in journal + machine.serial()
        # sshd offers what the policy allows, and we came in all the same.
        offered = machine.ssh("ps -o args= -p $(cat /run/sshd.pid)")
        assert "chacha20" not in offered and "-oCiphers=aes256-gcm@openssh.com" in offered

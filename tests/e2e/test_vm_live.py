"""Machine A: a running host with a /boot of its own is switched to FIPS mode over ssh and reboots.
Debian's kernel, GRUB and dracut in EL8's shape, real QEMU (vm.py)."""

import json
import os
import pathlib
import subprocess

import pytest

import vm

TOP = pathlib.Path(__file__).resolve().parents[2]
FIPS_STEPS = pathlib.Path(os.environ.get("KONVOY_BIN", TOP / "build/release/bin")) / "fips-steps"

pytestmark = pytest.mark.vm


def fips_steps(machine, what):
    """The FIPS steps over ssh: what they print."""
    where = f"{machine.port}:{machine.key}:{machine.known_hosts}"
    done = subprocess.run([FIPS_STEPS, where, what], capture_output=True, text=True, check=False,
                          timeout=1200)
    assert done.returncode == 0, done.stdout + done.stderr + machine.serial()[-2000:]
    return done.stdout


def signs_of(machine):
    signs = json.loads(fips_steps(machine, "signs"))["signs"]
    return {name: sign["state"] for name, sign in signs.items()}, signs


def test_a_live_host_is_switched_and_reboots_into_fips_mode(testbed, tmp_path):
    root, image = tmp_path / "root", tmp_path / "a.img"
    release = vm.make_root(testbed, root, separate_boot=True)
    vm.write_disk(root, image)
    with vm.Machine(image, testbed.key) as machine:
        before = machine.wait_for_ssh()
        states, _ = signs_of(machine)
        assert set(states.values()) == {"no"}

        changed = fips_steps(machine, "apply").splitlines()
        assert changed == ["fips/system-fips", "fips/dracut", "fips/crypto-policy",
                           f"fips/initramfs-{release}", "fips/kernel-arguments"]
        assert fips_steps(machine, "apply") == ""
        states, signs = signs_of(machine)
        assert states["running"] == "no" and states["configured"] == "yes", signs

        # ssh has learned the ed25519 key, which sshd does not show in FIPS mode: the others must be
        # learned while the connection is trusted, as `provision --reboot` does.
        learned = machine.known_hosts.read_text()
        assert "ssh-ed25519" in learned and "ecdsa" not in learned
        key = machine.ssh("cat /etc/ssh/ssh_host_ecdsa_key.pub").split()[:2]
        machine.known_hosts.write_text(f"{learned.split()[0]} {' '.join(key)}\n")
        machine.ssh("systemctl reboot", check=False)
        machine.wait_for_reboot(before)
        assert machine.ssh("cat /proc/sys/crypto/fips_enabled").strip() == "1"
        assert f"boot=UUID={vm.BOOT_UUID}" in machine.ssh("cat /proc/cmdline").split()
        console = machine.ssh("journalctl -b --no-pager") + machine.serial()
        assert "Checking integrity of kernel" in console
        assert "All initrd crypto checks done" in console
        # The policy holds sshd to EL8's FIPS algorithms, and everything still works over ssh.
        assert "-oKexAlgorithms=ecdh-sha2-nistp256" in machine.ssh(
            "ps -o args= -p $(cat /run/sshd.pid)")
        states, signs = signs_of(machine)
        # Debian's packages are not in the rpm database.
        assert states.pop("packages") == "no"
        assert set(states.values()) == {"yes"}, signs
        assert fips_steps(machine, "apply") == ""

"""A /boot that runs full while dracut writes: the old initramfs and the old arguments stay."""

import os
import pathlib
import shutil
import subprocess

import vm

TOP = pathlib.Path(__file__).resolve().parents[2]
FIPS_STEPS = pathlib.Path(os.environ.get("KONVOY_BIN", TOP / "build/release/bin")) / "fips-steps"

# In a mount namespace of its own, so that nothing stays mounted whatever happens.
SCRIPT = """
mount -t tmpfs -o size="$SIZE"k none "$ROOT/boot"
cp -a "$SAVED/." "$ROOT/boot"
"$FIPS_STEPS" "$ROOT" apply && echo "applied"
rm -rf "$SAVED"
cp -a "$ROOT/boot" "$SAVED"
"""


def _kilobytes(directory):
    return int(subprocess.run(["du", "-sk", directory], capture_output=True, text=True,
                              check=True).stdout.split()[0])


def test_the_old_initramfs_stays(testbed, tmp_path):
    root, saved = tmp_path / "root", tmp_path / "boot"
    release = vm.make_root(testbed, root, separate_boot=False, initramfs=False)
    # An initramfs so small that the room for another one like it is there, but not for a real one.
    old = b"old initramfs" * 1000
    (root / f"boot/initramfs-{release}.img").write_bytes(old)
    shutil.move(root / "boot", saved)
    (root / "boot").mkdir()
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-eu", "-c", SCRIPT], capture_output=True, text=True, check=True,
        timeout=900,
        env={"PATH": os.environ["PATH"], "ROOT": str(root), "SAVED": str(saved),
             "FIPS_STEPS": str(FIPS_STEPS), "SIZE": str(_kilobytes(saved) + 9000)})
    assert "applied" not in done.stdout
    assert "dracut" in done.stderr, done.stderr
    assert (saved / f"initramfs-{release}.img").read_bytes() == old
    assert b"fips=1" not in (saved / "grub2/grubenv").read_bytes()

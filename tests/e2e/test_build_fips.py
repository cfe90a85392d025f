"""A disk image that would not start in FIPS mode is not made: dracut, the boot entries and GRUB's
environment of the base are spoilt, each in one way. Machines that boot are test_vm_disk.py's."""

import shutil
import subprocess

import pytest

import disks
import repository
import vm
from miniature import REPOSITORY, build
from test_build_results import small
from test_openscap import INITRAMFS_FILES

KEPT = ("kubelet", "kubeadm", "kubectl", "containerd", "containerd-shim-runc-v2", "ctr", "runc",
        "macros", "rpmrc")
RELEASE = "4.18.0-305.el8.x86_64"
# Stands for dracut, which gives what was prepared; the last words of its command are a file and a kernel.
DRACUT = """\
#!/bin/sh
while [ $# -gt 2 ]; do shift; done
cp /usr/lib/prepared.img "$1"
"""
LSINITRD = "#!/bin/sh\ncat /usr/lib/listed\n"


def put(root, path, content, mode=0o644):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    file.chmod(mode)


def initramfs(files, work):
    """An archive with these names, and what lsinitrd says of it."""
    work.mkdir()
    for path in files:
        put(work, path, INITRAMFS_FILES[path])
    packed = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc"], cwd=work, check=True,
                            input="\n".join(files).encode(), capture_output=True).stdout
    return packed, "dracut modules:\nbase\nfips\n" + "\n".join(files) + "\n"


WHOLE = list(INITRAMFS_FILES)
WITHOUT_THE_CHECK = [path for path in WHOLE if "fips-boot" not in path]


def nothing_spoilt(root, work):
    pass


def dracut_leaves_a_part_out(root, work):
    packed, listed = initramfs(WITHOUT_THE_CHECK, work / "spoilt")
    put(root, "usr/lib/prepared.img", packed)
    put(root, "usr/lib/listed", listed)


def dracut_leaves_a_part_out_and_lsinitrd_does_not_see_it(root, work):
    put(root, "usr/lib/prepared.img", initramfs(WITHOUT_THE_CHECK, work / "spoilt")[0])


def dracut_writes_what_nobody_can_read(root, work):
    put(root, "usr/lib/prepared.img", b"neither an archive nor compressed" * 1000)


def the_boot_entry_is_cut(root, work):
    (entry,) = (root / "boot/loader/entries").iterdir()
    put(root, entry.relative_to(root), entry.read_bytes()[:60])


def the_environment_of_grub_is_overwritten(root, work):
    put(root, "boot/grub2/grubenv", bytes(1024))


def with_a_kernel(node, work):
    """The root of a node as a machine has it that starts by itself, not yet in FIPS mode."""
    root = small(node, work / "root", keep=KEPT)
    made = [repository.build_package(repository.Package(name, "1.0", "1.el8", arch="noarch"), work / "rpm")
            for name in ("dracut", "crypto-policies", "openssl")]
    for rpm in made:
        shutil.copy2(rpm, root / "var/tmp")
    disks.run(["chroot", root, "sh", "-ec", "rpm -U /var/tmp/*.rpm; rm /var/tmp/*.rpm"])
    put(root, f"lib/modules/{RELEASE}/kernel/crypto/tcrypt.ko", b"")
    put(root, f"lib/modules/{RELEASE}/modules.dep", "kernel/crypto/tcrypt.ko:\n")
    put(root, f"boot/vmlinuz-{RELEASE}", b"a kernel")
    put(root, f"boot/initramfs-{RELEASE}.img", b"an old initramfs")
    vm.make_boot(root, RELEASE, separate_boot=True, bls=True)
    vm.make_crypto_policies(root)
    (root / "etc/dracut.conf.d").mkdir(parents=True)
    put(root, "usr/bin/dracut", DRACUT, 0o755)
    put(root, "usr/bin/lsinitrd", LSINITRD, 0o755)
    packed, listed = initramfs(WHOLE, work / "whole")
    put(root, "usr/lib/prepared.img", packed)
    put(root, "usr/lib/listed", listed)
    return root


# What is spoilt, the exit code, and what is told about it.
SPOILT = {
    dracut_leaves_a_part_out: (3, "the new initramfs lacks -fips-boot.sh"),
    dracut_leaves_a_part_out_and_lsinitrd_does_not_see_it: (1, "lacks the hook fips-boot.sh"),
    dracut_writes_what_nobody_can_read: (1, "the sign 'initramfs' of FIPS mode is 'unknown'"),
    the_boot_entry_is_cut: (3, "has no options line"),
    the_environment_of_grub_is_overwritten: (3, "'/boot/grub2/grubenv' is damaged"),
}


@pytest.fixture(scope="module")
def node(built_disk, tmp_path_factory):
    return with_a_kernel(built_disk.node, tmp_path_factory.mktemp("node"))


def built(node, work, spoil, code):
    root = work / "root"
    disks.run(["cp", "-al", node, root])
    spoil(root, work)
    image = disks.plain(root, work / "base.raw", size_mb=600)
    return build("--overrides", "overrides/fips.yaml", disks.IMAGE, *REPOSITORY, "--extra-vars",
                 "result.free_mib=100", "--base", image, "--result", work / "node.qcow2", cwd=work,
                 code=code)


def test_an_image_that_would_start_in_fips_mode_is_made(node, tmp_path):
    built(node, tmp_path, nothing_spoilt, 0)
    assert (tmp_path / "node.qcow2").exists()


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_an_image_that_would_not_is_refused(node, tmp_path, spoil):
    code, says = SPOILT[spoil]
    done = built(node, tmp_path, spoil, code)
    assert says in done.stderr
    assert not (tmp_path / "node.qcow2").exists()
    assert list(tmp_path.glob(".konvoy-*")) == [] and disks.loops_of(tmp_path) == []

"""Disk images made of a root without booting anything: partitions, linear logical volumes, ext4, xfs.

    disks.plain(root, image)             a disk label, /boot and the root, both ext4
    disks.with_volumes(root, image)      GPT, /boot, and a volume group with the root and /var
    disks.with_xfs(root, image)          GPT and the root on xfs, which grows mounted only
    disks.read(image, offset, path)      a file of an ext4 file system, read without mounting it

Needs root, loop devices, and: fdisk e2fsprogs lvm2 xfsprogs.
"""

import contextlib
import hashlib
import json
import pathlib
import shutil
import subprocess

import miniature

MEBIBYTE = 1 << 20
ROOT_UUID = "4a1e8c60-0d8f-4b0b-9b0e-3f6a50c0aa01"
BOOT_UUID = "4a1e8c60-0d8f-4b0b-9b0e-3f6a50c0aa02"
VOLUME_GROUP = "rhel-x"  # a dash, which device mapper doubles


IMAGE = "images/disk/centos-8.yaml"


def run(argv, **options):
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, check=False,
                          **options)
    if done.returncode != 0:
        raise RuntimeError(f"{argv}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def _tree(root, beside, fstab):
    """The root with this fstab; its other files are shared with the original."""
    tree = pathlib.Path(f"{beside}.tree")
    run(["cp", "-al", root, tree])
    try:
        (tree / "etc/fstab").unlink(missing_ok=True)
        (tree / "etc/fstab").write_text(fstab)
        yield tree
    finally:
        shutil.rmtree(tree)


def _apart(tree, path):
    """Moves a directory out of the tree, as a file system of its own has it."""
    apart = pathlib.Path(f"{tree}.{path.replace('/', '-')}")
    (tree / path).rename(apart)
    (tree / path).mkdir()
    return apart


def _empty(image, size_mb, table):
    pathlib.Path(image).unlink(missing_ok=True)
    with open(image, "wb") as file:
        file.truncate(size_mb * MEBIBYTE)
    run(["sfdisk", "--quiet", image], input=table)


def _ext4(directory, image, offset, size, *more):
    run(["mkfs.ext4", "-q", "-F", *more, "-E", f"offset={offset}", "-d", directory, image,
         f"{size // 1024}k"])


def extents(image):
    """Offset and size in bytes of each partition."""
    table = json.loads(run(["sfdisk", "--json", image]))["partitiontable"]["partitions"]
    return [(part["start"] * 512, part["size"] * 512) for part in table]


def plain(root, image, size_mb=1400, more=""):
    """`more` are further lines of fstab."""
    _empty(image, size_mb, "label: dos\nsize=64MiB, bootable\n,\n")
    boot, system = extents(image)
    with _tree(root, image, f"UUID={ROOT_UUID} / ext4 defaults 0 1\n"
                            f"UUID={BOOT_UUID} /boot ext4 defaults 0 2\n"
                            "/dev/sdz9 none swap defaults 0 0\n" + more) as tree:
        apart = _apart(tree, "boot")
        _ext4(apart, image, *boot, "-U", BOOT_UUID)
        _ext4(tree, image, *system, "-U", ROOT_UUID)
        shutil.rmtree(apart)
    return pathlib.Path(image)


@contextlib.contextmanager
def loop(image, offset, size):
    device = run(["losetup", "--find", "--show", f"--offset={offset}", f"--sizelimit={size}",
                  image]).strip()
    try:
        yield device
    finally:
        run(["losetup", "--detach", device])


def _lvm(device, *words):
    """An lvm command on this device alone, without the kernel's device mapper."""
    config = (f'devices {{ filter=["a|^{device}$|","r|.*|"] use_devicesfile=0 hints="none" }} '
              "global { activation=0 } backup { backup=0 archive=0 }")
    return run([words[0], "--config", config, "--nolocking", "--driverloaded", "n", *words[1:]])


def volumes(image):
    """Offset and size in bytes of each logical volume on the last partition, by name."""
    offset, size = extents(image)[-1]
    with loop(image, offset, size) as device:
        start, unit = (int(n) for n in _lvm(device, "pvs", "--noheadings", "--units", "b",
                                            "--nosuffix", "-o", "pe_start,vg_extent_size").split())
        lines = _lvm(device, "lvs", "--segments", "--noheadings", "--units", "b", "--nosuffix", "-o",
                     "lv_name,seg_size,seg_pe_ranges").splitlines()
    found = {}
    for line in lines:
        name, length, extent = line.split()
        first = int(extent.split(":")[1].split("-")[0])
        found[name] = (offset + start + first * unit, int(length))
    return found


def with_volumes(root, image, size_mb=1600, var_mb=300):
    """The root is the last volume of its group: it can grow."""
    _empty(image, size_mb, "label: gpt\nsize=64MiB\ntype=lvm\n")
    boot, group = extents(image)
    with loop(image, *group) as device:
        _lvm(device, "pvcreate", "-y", device)
        _lvm(device, "vgcreate", VOLUME_GROUP, device)
        for name, size in (("var", ["-L", f"{var_mb}m"]), ("root", ["-l", "100%FREE"])):
            _lvm(device, "lvcreate", "-y", "-an", "-Zn", "-Wn", "-n", name, *size, VOLUME_GROUP)
    found = volumes(image)
    mapper = "/dev/mapper/" + VOLUME_GROUP.replace("-", "--")
    with _tree(root, image, f"{mapper}-root / ext4 defaults 0 0\nLABEL=boot /boot ext4 defaults 0 0\n"
                            f"/dev/{VOLUME_GROUP}/var /var ext4 defaults 0 0\n") as tree:
        parts = {"boot": boot, "var": found["var"]}
        for path, (offset, size) in parts.items():
            apart = _apart(tree, path)
            _ext4(apart, image, offset, size, "-L", path)
            shutil.rmtree(apart)
        _ext4(tree, image, *found["root"], "-L", "root")
    return pathlib.Path(image)


def with_xfs(root, image, size_mb=700):
    _empty(image, size_mb, "label: gpt\n,\n")
    (system,) = extents(image)
    with loop(image, *system) as device:
        run(["mkfs.xfs", "-q", "-m", f"uuid={ROOT_UUID}", device])
        with _tree(root, image, f"UUID={ROOT_UUID} / xfs defaults 0 0\n") as tree:
            run(["unshare", "--mount", "sh", "-ec",
                 'mount -t xfs "$0" "$1" && cp -a "$2/." "$1" && umount "$1"', device,
                 _mount_point(image), tree])
    return pathlib.Path(image)


def _mount_point(image):
    point = pathlib.Path(f"{image}.mount")
    point.mkdir(exist_ok=True)
    return point


def copy_out(image, directory):
    """What plain() puts into an image, as a directory again."""
    boot, system = extents(image)
    with loop(image, *boot) as boot_device, loop(image, *system) as system_device:
        run(["unshare", "--mount", "sh", "-ec",
             'mount -o ro "$1" "$3" && mount -o ro "$0" "$3/boot" && cp -a "$3/." "$2"; '
             'umount -R "$3"', boot_device, system_device, directory, _mount_point(image)])
    return pathlib.Path(directory)


def format_of(image):
    return json.loads(run(["qemu-img", "info", "--output=json", image]))["format"]


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(image, *found):
    """Fails when one of these ext4 file systems is damaged; changes nothing."""
    for offset, size in found:
        with loop(image, offset, size) as device:
            run(["e2fsck", "-f", "-n", device])


def read(image, offset, path):
    """The text of a file; empty when it is not there."""
    done = subprocess.run(["debugfs", "-R", f"cat {path}", f"{image}?offset={offset}"],
                          capture_output=True, text=True, check=True)
    return done.stdout


def names(image, offset, path):
    """What a directory holds."""
    listed = run(["debugfs", "-R", f"ls -p {path}", f"{image}?offset={offset}"])
    return {line.split("/")[5] for line in listed.splitlines() if line.count("/") >= 6} - {".", ".."}


def loops_of(directory):
    """The files below the directory that a loop device shows, deleted ones, too."""
    listed = run(["losetup", "--list", "--noheadings", "--raw", "--output", "BACK-FILE"])
    return [line for line in listed.splitlines() if line.startswith(f"{directory}/")]


def build(*words, cwd, **options):
    """A build of a disk image with packages from the repository inside it: the JSON it prints."""
    done = miniature.build(IMAGE, *miniature.REPOSITORY, "-o", "json", "--progress", "none", *words,
                           cwd=cwd, **options)
    return json.loads(done.stdout)


class Built:
    """A raw base with plain partitions, and what the builder made of it."""

    def __init__(self, root, work):
        self.work = work
        self.base = plain(root, work / "base.raw")
        self.base_digest = digest_of(self.base)
        self.answer = build("--base", self.base, "--result", work / "node.qcow2", cwd=work)
        self.raw = work / "node.raw"
        run(["qemu-img", "convert", "-O", "raw", self.answer["result"], self.raw])
        self.boot, self.system = (offset for offset, _ in extents(self.raw))
        # The node as a directory: builds on disks made of it are quick, for nothing is to be done.
        self.node = copy_out(self.raw, work / "node")

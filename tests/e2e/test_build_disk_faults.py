"""build with builder: disk where something is wrong: bases, the machine, the disk, and an end in the
middle. Nothing may be left, and the base never changes."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess

import pytest

import disks
from hosts import wait_until
from miniature import BIN, REPOSITORY, build


@pytest.fixture(scope="module")
def base(built_disk, tmp_path_factory):
    """A base on which nothing is to be done; it must be the same afterwards."""
    path = disks.with_volumes(built_disk.node, tmp_path_factory.mktemp("faults") / "base.raw")
    before = disks.digest_of(path)
    yield path
    assert disks.digest_of(path) == before


def refused(*words, cwd, code=2, **options):
    """What a build that fails says; it leaves nothing."""
    done = build(disks.IMAGE, *REPOSITORY, "--result", cwd / "result", *words, cwd=cwd, code=code,
                 **options)
    assert_nothing_is_left(cwd)
    return done.stderr


def assert_nothing_is_left(directory):
    assert not (directory / "result").exists()
    assert list(directory.glob(".konvoy-*")) == []
    assert disks.loops_of(directory) == []
    assert mounts_below(directory) == []


def mounts_below(directory):
    """Mounts of any process."""
    found = []
    for table in pathlib.Path("/proc").glob("[0-9]*/mountinfo"):
        with contextlib.suppress(OSError):
            found += [line for line in table.read_text().splitlines() if f" {directory}/" in line]
    return found


def test_a_damaged_qcow2_is_refused(base, tmp_path):
    image = tmp_path / "base.qcow2"
    disks.run(["qemu-img", "convert", "-O", "qcow2", base, image])
    with open(image, "r+b") as file:
        file.seek(65536)  # the table of reference counts
        file.write(b"\xff" * 4096)
    assert "is a damaged qcow2 image" in refused("--base", image, cwd=tmp_path)


def test_a_qcow2_that_takes_from_another_file_is_refused(base, tmp_path):
    for name, how in {"backed": ["-b", base, "-F", "raw"],
                      "apart": ["-o", f"data_file={tmp_path}/data"]}.items():
        image = tmp_path / f"{name}.qcow2"
        size = [] if name == "backed" else ["1G"]
        disks.run(["qemu-img", "create", "-q", "-f", "qcow2", *how, image, *size])
        assert "takes its data from another file" in refused("--base", image, cwd=tmp_path)


@pytest.mark.parametrize("name, make, says", [
    ("absent", lambda path: None, "there is no disk image"),
    ("empty", lambda path: path.touch(), "there is no disk image"),
    ("blank", lambda path: path.write_bytes(bytes(8 << 20)), "has no root file system"),
    ("damaged table", lambda path: path.write_bytes(os.urandom(1 << 20)), "has no root file system"),
])
def test_what_is_no_system_is_refused_by_name(name, make, says, tmp_path):
    path = tmp_path / f"{name}.raw"
    make(path)
    stderr = refused("--base", path, cwd=tmp_path)
    assert says in stderr and str(path) in stderr


def test_an_encrypted_disk_is_called_so(tmp_path):
    path = tmp_path / "luks.raw"
    path.write_bytes(bytes(32 << 20))
    # LUKS2 on-disk format: magic, version, then size, sequence number, label, checksum, salt, UUID.
    header = b"LUKS\xba\xbe" + (2).to_bytes(2, "big") + (16384).to_bytes(8, "big")
    uuid = b"4a1e8c60-0d8f-4b0b-9b0e-3f6a50c0aa03"
    with open(path, "r+b") as file:
        file.write(header.ljust(168, b"\0") + uuid)
    assert "is encrypted" in refused("--base", path, cwd=tmp_path)


def test_a_boot_that_is_elsewhere_is_refused(built_disk, tmp_path):
    image = disks.plain(built_disk.node, tmp_path / "base.raw",
                        more="UUID=00000000-0000-0000-0000-000000000000 /boot/efi vfat defaults 0 0\n")
    assert "fstab puts /boot/efi on UUID=0000" in refused("--base", image, cwd=tmp_path)


def test_a_mount_point_never_leads_out_of_the_image(built_disk, tmp_path):
    """The way to it goes through a link of the image that is absolute."""
    outside = tmp_path / "outside"
    (outside / "point").mkdir(parents=True)
    tree = tmp_path / "tree"
    disks.run(["cp", "-al", built_disk.node, tree])
    (tree / "way").symlink_to(outside)
    image = disks.plain(tree, tmp_path / "base.raw",
                        more=f"UUID={disks.BOOT_UUID} /way/point ext4 defaults 0 0\n")
    shutil.rmtree(tree)
    assert "'/way/point' of fstab is no directory" in refused("--base", image, cwd=tmp_path)


def test_too_little_space_is_found_before_anything_is_done(built_disk, tmp_path):
    image = disks.plain(built_disk.node, tmp_path / "base.raw", size_mb=600)
    stderr = refused("--base", image, cwd=tmp_path)
    assert "MiB free, the packages need 768 MiB" in stderr and "result.size_gib" in stderr
    assert "kubernetes/" not in stderr


def test_an_image_that_fills_up_says_what_to_make_larger(miniature, tmp_path):
    image = disks.plain(miniature, tmp_path / "base.raw", size_mb=600)
    inside = tmp_path / "inside"
    inside.mkdir()
    with disks.loop(image, *disks.extents(image)[1]) as device:
        disks.run(["mount", device, inside])
        about = os.statvfs(inside)
        filler = about.f_bavail * about.f_frsize - (8 << 20)
        disks.run(["fallocate", "-l", filler, inside / "filler"])
        disks.run(["umount", inside])
    stderr = refused("--base", image, "--extra-vars", "result.free_mib=1", cwd=tmp_path, code=3)
    assert "more space needed on the / filesystem" in stderr
    assert "hint: a file system of the image is full: make it larger with result.size_gib" in stderr


def test_without_root_rights_it_says_what_to_run(base, tmp_path_factory):
    # A directory that everybody may enter: pytest's own are ours alone.
    place = pathlib.Path(subprocess.check_output(["mktemp", "-d", "/tmp/konvoy-XXXXXX"], text=True).strip())
    try:
        place.chmod(0o777)
        program = shutil.copy2(BIN / "konvoy-image", place)
        for image in (disks.IMAGE, "images/root/centos-8.yaml"):
            done = subprocess.run(
                ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, "build",
                 image, "--base", place, "--result", place / "result"],
                cwd=place, capture_output=True, text=True, check=False,
                env={"PATH": os.environ["PATH"], "HOME": str(place)})
            assert done.returncode == 3, done.stderr
            assert "only by root" in done.stderr and "with sudo" in done.stderr
    finally:
        shutil.rmtree(place)


def test_without_loop_devices_it_says_so(base, tmp_path):
    script = ('mount -t tmpfs tmpfs /dev; for n in null zero urandom; do touch /dev/$n; done; '
              'mknod -m 666 /dev/null c 1 3 2>/dev/null; exec "$@"')
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", BIN / "konvoy-image", "build", disks.IMAGE,
         "--base", base, "--result", tmp_path / "result"],
        cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "there are no loop devices here" in done.stderr and "modprobe loop" in done.stderr
    assert_nothing_is_left(tmp_path)


class Started:
    """A build that tells its events; `until` gives the first one that fits."""

    def __init__(self, base, directory, *words):
        self.process = subprocess.Popen(
            [BIN / "konvoy-image", "build", disks.IMAGE, *REPOSITORY, "--base", base, "--result",
             directory / "result", "--progress", "json", *words],
            cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def until(self, step):
        for line in self.process.stderr:
            if line.startswith("{") and json.loads(line)["step"].startswith(step):
                return
        raise AssertionError(f"the build ended with {self.process.wait()} before '{step}'")

    def end(self):
        """The status; what it still says is thrown away."""
        for _ in self.process.stderr:
            pass
        return self.process.wait()


@contextlib.contextmanager
def small_disk(directory, megabytes):
    """A file system of this size, mounted at the directory in a loop-free way."""
    disks.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", directory])
    try:
        yield
    finally:
        disks.run(["umount", directory])


@pytest.mark.parametrize("when, megabytes", [("image/copy", 150), ("packages/all", 1200),
                                             ("image/write", 600)])
def test_a_full_disk_leaves_nothing(built_disk, tmp_path, when, megabytes):
    place = tmp_path / "place"
    place.mkdir()
    with small_disk(place, megabytes):
        started = Started(built_disk.base, place)
        started.until(when)
        if when != "image/copy":
            filler = place / "filler"
            with contextlib.suppress(OSError), open(filler, "wb") as file:
                while True:
                    file.write(bytes(1 << 20))
        said = started.process.stderr.read()
        assert started.process.wait() == 3, said
        assert "No space left" in said or "is full" in said
        assert_nothing_is_left(place)


@pytest.mark.parametrize("when", ["image/copy", "image/mount", "packages/all"])
def test_an_interrupt_leaves_nothing(built_disk, tmp_path, when):
    started = Started(built_disk.base, tmp_path)
    started.until(when)
    started.process.send_signal(signal.SIGINT)
    assert started.end() == 130
    assert_nothing_is_left(tmp_path)


def test_killed_in_every_phase_and_run_again(built_disk, tmp_path):
    base = disks.with_volumes(built_disk.node, tmp_path / "base.raw")
    before = disks.digest_of(base)
    grow = ["--extra-vars", "result.size_gib=2"]
    for phase in ("image/copy", "image/grow", "image/mount", "kubernetes/", "sysprep/",
                  "image/write"):
        started = Started(base, tmp_path, *grow)
        started.until(phase)
        if phase == "image/grow":
            stop_with_a_loop_device(started.process, tmp_path)
        started.process.kill()
        started.end()
        assert not (tmp_path / "result").exists()
        assert disks.digest_of(base) == before
        # The kernel takes the mounts away with their namespace, once its last process is gone.
        wait_until(lambda: mounts_below(tmp_path) == [], 10, f"no mount after {phase}")
        if phase == "image/grow":
            assert disks.loops_of(tmp_path) != []
    answer = disks.build("--base", base, "--result", tmp_path / "result", *grow, cwd=tmp_path)
    assert answer["digest"] == "sha256:" + disks.digest_of(tmp_path / "result")
    assert list(tmp_path.glob(".konvoy-*")) == [] and disks.loops_of(tmp_path) == []
    assert disks.digest_of(base) == before


def stop_with_a_loop_device(process, directory):
    """Halts the build at a moment when it holds a loop device."""
    def holds_one():
        process.send_signal(signal.SIGSTOP)
        if disks.loops_of(directory):
            return True
        process.send_signal(signal.SIGCONT)
        return False
    wait_until(holds_one, 30, "a loop device")

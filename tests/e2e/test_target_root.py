"""Image roots and the machine itself: the same calls, and nothing leaves the root."""

import hashlib
import os
import pathlib
import signal
import subprocess

import pytest

import hosts
import targets

EVERY_BYTE = bytes(range(256))


@pytest.fixture(scope="module")
def image(testbed, tmp_path_factory):
    return testbed.image_root("el8", tmp_path_factory.mktemp("image") / "root")


@pytest.fixture(scope="module")
def target(image):
    with targets.root(image) as one:
        assert one.opened == {"ready": True}
        yield one


def run(target, script, verb="run"):
    return target.call(verb, "sh", "-c", script)


def test_files_are_those_of_the_image(target, image):
    assert target.call("write", "/etc/bytes", EVERY_BYTE, "mode=0600")["status"] == 0
    assert (image / "etc/bytes").read_bytes() == EVERY_BYTE
    assert target.call("read", "/etc/bytes")["content"] == EVERY_BYTE
    assert target.call("read", "/etc/bytes", 250, 3) == {"content": b"\xfa\xfb\xfc", "truncated": True}
    assert target.call("digest", "/etc/bytes")["sha256"] == hashlib.sha256(EVERY_BYTE).hexdigest()
    stat = target.call("stat", "/etc/bytes")["stat"]
    assert (stat["type"], stat["mode"], stat["size"]) == (0, 0o600, 256)
    assert target.call("own", "/etc/bytes", "owner=centos", "group=centos")["status"] == 0
    stat = target.call("stat", "/etc/bytes")["stat"]
    assert stat["owner"] == "centos"  # a user that only the image has
    assert "no user 'nobody-7'" in target.call("own", "/etc/bytes", "owner=nobody-7")["message"]
    assert target.call("read", "/etc")["failure"] == "is a directory"
    assert target.call("read", "/etc/none") == {"content": None}
    assert target.call("list", "/etc/passwd") == {"failure": "is not a directory"}


def test_questions_are_answered(target):
    ask = 'for q in "Import" "Install $0"; do printf "%s [y/N]: " "$q"; read a; echo "$a"; done'
    done = target.call("asking", "sh", "-c", ask, "kubelet")
    assert (done["status"], done["out"]) == (0, b"Import [y/N]: y\nInstall kubelet [y/N]: y\n")
    done = target.call("asking", "sh", "-c", ask + "; exit 9", "Removing podman")
    assert done["message"] == "it would remove something"
    seen = target.call("command-environment", "VALUE", b"\xff x", "sh", "-c", 'printf %s "$VALUE"')
    assert seen["out"] == b"\xff x"


def test_hostile_links_stay_in_the_image(target, image, tmp_path):
    outside = tmp_path / "victim"
    outside.write_text("untouched")
    os.symlink(outside, image / "etc/absolute")
    os.symlink("../" * 30 + str(outside), image / "etc/climbing")
    os.symlink("/", image / "etc/root")
    os.symlink("/proc/self/root", image / "etc/magic-link")
    for path in ("/etc/absolute", "/etc/climbing", f"/etc/root{outside}", f"/etc/magic-link{outside}",
                 f"/../../..{outside}"):
        assert target.call("read", path) == {"content": None}
        target.call("write", path, b"hit", "follow")
        target.call("write", path, b"hit")
        target.call("own", path, "mode=0777")
        target.call("remove", path)
        assert outside.read_text() == "untouched"
        assert outside.stat().st_mode & 0o777 == 0o644
    target.call("remove-tree", "/etc/root")
    assert (image / "etc/passwd").exists()


def test_commands_run_inside_and_see_little(target, image):
    assert run(target, "cat /etc/redhat-release")["out"] == (image / "etc/redhat-release").read_bytes()
    assert run(target, "exit 7")["status"] == 7
    assert run(target, "kill -9 $$")["status"] == 137
    assert target.call("command", "no-such-command")["status"] == 127
    assert target.call("input", EVERY_BYTE, "cat")["out"] == EVERY_BYTE
    assert target.call("timeout", "1", "sleep", "10")["status"] == 124
    dev = set(run(target, "ls /dev")["out"].split())
    assert dev == {b"null", b"zero", b"full", b"random", b"urandom", b"tty", b"fd", b"stdin",
                   b"stdout", b"stderr", b"shm"}
    assert run(target, "echo x > /dev/null && head -c 4 /dev/zero | wc -c")["out"] == b"4\n"
    assert run(target, "ps -e | wc -l")["out"].strip() < b"7"
    assert b"HOME=/root" in run(target, "env")["out"]
    assert b"KONVOY_CANARY" not in run(target, "env")["out"]


def test_commands_cannot_change_the_builder(target):
    hostname = os.uname().nodename
    swappiness = pathlib.Path("/proc/sys/vm/swappiness").read_text()
    assert run(target, "hostname changed-in-the-image")["status"] == 0
    assert os.uname().nodename == hostname
    assert run(target, "echo 99 > /proc/sys/vm/swappiness")["status"] != 0
    assert pathlib.Path("/proc/sys/vm/swappiness").read_text() == swappiness
    assert run(target, "echo 1 > /sys/kernel/mm/ksm/run")["status"] != 0
    assert run(target, "mount -t tmpfs tmpfs /mnt && touch /mnt/inside")["status"] == 0
    assert not any("inside" in name for name in os.listdir("/mnt"))
    assert run(target, "kill -0 1 && kill -9 %d" % os.getpid())["status"] != 0


def test_commands_cannot_climb_out_by_a_second_chroot(target, image, tmp_path):
    marker = tmp_path / "outside"
    marker.write_text("x")
    climb = ("import os; os.makedirs('/tmp/jail', exist_ok=True); os.chroot('/tmp/jail')\n"
             "for _ in range(64): os.chdir('..')\n"
             f"os.chroot('.'); print(os.path.exists('{marker}'), os.path.exists('/etc/passwd'))")
    assert target.call("run", "python3", "-c", climb)["out"] == b"False True\n"


def test_commands_cannot_open_the_builders_devices_or_load_modules(target):
    assert run(target, "mknod /var/tmp/disk b 254 0 && head -c 1 /var/tmp/disk")["status"] != 0
    dropped = run(target, "sed -n 's/^CapBnd:.//p' /proc/self/status")["out"]
    for capability in (16, 17, 22, 25):  # SYS_MODULE, SYS_RAWIO, SYS_BOOT, SYS_TIME
        assert int(dropped, 16) >> capability & 1 == 0


def test_there_is_network_only_where_it_is_needed_and_not_offline(target, image):
    assert run(target, "ip -o link | wc -l")["out"] == b"1\n"
    assert int(run(target, "ip -o link | wc -l", "network")["out"]) > 1
    with targets.root(image, offline="1") as offline:
        assert offline.call("network", "sh", "-c", "ip -o link | wc -l")["out"] == b"1\n"


def test_what_a_command_leaves_behind_ends_with_it(target):
    assert run(target, "sleep 301.5 >/dev/null 2>&1 </dev/null & echo")["status"] == 0
    assert subprocess.run(["pgrep", "-f", "sleep 301.5"], check=False).returncode == 1


def test_nothing_stays_mounted_or_running_after_a_kill(image):
    before = pathlib.Path("/proc/self/mounts").read_text()
    killed = targets.root(image)
    killed.send("run", "sh", "-c", "mount -t tmpfs tmpfs /mnt; sleep 302.5")
    hosts.wait_until(lambda: subprocess.run(["pgrep", "-f", "^sleep 302.5"], check=False,
                                            capture_output=True).returncode == 0, what="the command")
    killed.process.send_signal(signal.SIGKILL)
    killed.process.wait()
    hosts.wait_until(lambda: subprocess.run(["pgrep", "-f", "^sleep 302.5"], check=False,
                                            capture_output=True).returncode == 1,
                     what="the end of the command")
    assert pathlib.Path("/proc/self/mounts").read_text() == before
    assert list((image / "proc").iterdir()) == []


def test_a_detached_command_is_claimed_in_an_image_too(target, image):
    words = ("detached", "image-1.step.1", "sh", "-c", "echo x >> /etc/count; echo told; exit 3")
    for _ in range(2):
        done = target.call(*words)
        assert (done["status"], done["out"]) == (3, b"told\n")
    assert (image / "etc/count").read_text() == "x\n"


def test_an_image_has_no_services_to_connect_to(target):
    assert "no system runs" in target.call("connect", "localhost", 22, b"")["message"]


def test_a_file_is_pushed_only_with_its_digest(target, image, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(EVERY_BYTE * 5000)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert "another SHA-256" in target.call("push", file, "/opt/file", "0" * 64)["message"]
    assert target.call("push", file, "/opt/file", digest)["status"] == 0
    assert (image / "opt/file").read_bytes() == file.read_bytes()
    assert "cannot read" in target.call("push", tmp_path / "none", "/opt/x", digest)["message"]


def test_a_package_is_installed_in_the_image(target, testbed):
    assert target.call("write", "/etc/yum.repos.d/test.repo",
                       (f"[test]\nname=test\nbaseurl={testbed.repository_url}/el8/x86_64/\nenabled=1\n"
                        "gpgcheck=1\nrepo_gpgcheck=1\n"
                        "gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-test\n").encode())["status"] == 0
    offline = target.call("run", "dnf", "-y", "--quiet", "install", "socat")
    assert offline["status"] != 0
    done = target.call("network", "dnf", "-y", "--quiet", "install", "socat")
    assert done["status"] == 0, done
    assert target.call("command", "rpm", "-q", "socat")["out"] == b"socat-2.0.0-1.el8.x86_64\n"


def test_the_machine_itself(tmp_path):
    with targets.root("/") as local:
        path = tmp_path / "file"
        assert local.call("write", path, b"x", "mode=0640")["status"] == 0
        assert path.stat().st_mode & 0o777 == 0o640
        assert local.call("command", "uname", "-n")["out"].decode().strip() == os.uname().nodename
        refused = local.call("connect", "127.0.0.1", 9, b"x")
        assert refused["error"] == "check"
        assert "connection refused" in refused["message"]


def test_a_root_that_is_not_there():
    with targets.root("/nowhere/at/all") as target:
        assert target.opened["error"] == "input"

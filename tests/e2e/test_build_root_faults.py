"""builder: root where the disk is full, where it is interrupted, and where it is killed in each of its
phases: no half-written result, no mounts, and a run that follows makes it."""

import contextlib
import json
import re
import signal
import subprocess

import pytest

import disks
from hosts import wait_until
from miniature import BIN, REPOSITORY, build
from test_build_disk_faults import assert_nothing_is_left, mounts_below, small_disk
from test_build_results import small

IMAGE = "images/root/centos-8.yaml"


@pytest.fixture(scope="module")
def light(built_disk, tmp_path_factory):
    """A small root on which nothing is to be done: its phases are short."""
    return small(built_disk.node, tmp_path_factory.mktemp("light") / "root")


@contextlib.contextmanager
def started(base, directory, form="tar.gz"):
    with subprocess.Popen(
            [BIN / "konvoy-image", "build", IMAGE, *REPOSITORY, "--base", base, "--result",
             directory / "result", "--extra-vars", f"result.format={form}", "--progress", "json"],
            cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        yield process


def until(process, step):
    """Reads the events of a build until one of this step is told."""
    for line in process.stderr:
        if line.startswith("{") and json.loads(line)["step"].startswith(step):
            return
    raise AssertionError(f"the build ended with {process.wait()} before '{step}'")


def killed(base, directory, phase, form):
    with started(base, directory, form) as process:
        until(process, phase)
        process.kill()
    assert not (directory / "result").exists()
    wait_until(lambda: mounts_below(directory) == [], 10, f"no mount after {phase}")
    assert list(directory.glob(".konvoy-*")) != [], "it was killed too late to leave anything"


def files_of(root):
    """Names, sizes, modes and times of change: a base that was written to has other ones."""
    return disks.run(["sh", "-ec", 'cd "$0"; find . -type f -printf "%P %s %C@ %m\\n" | sort', root])


def builds_again(base, directory, form):
    done = build(IMAGE, *REPOSITORY, "--base", base, "--result", directory / "result", "--extra-vars",
                 f"result.format={form}", "-o", "json", "--progress", "none", cwd=directory)
    assert json.loads(done.stdout)["digest"].startswith("sha256:")
    assert list(directory.glob(".konvoy-*")) == []
    assert mounts_below(directory) == []


def test_killed_while_packages_are_installed(miniature, tmp_path):
    before = files_of(miniature)
    killed(miniature, tmp_path, "packages/all", "directory")
    builds_again(miniature, tmp_path, "directory")
    assert (tmp_path / "result/usr/bin/kubelet").exists()
    assert files_of(miniature) == before


def test_a_base_that_knows_no_keys_gets_packages_over_the_network(testbed, miniature, tmp_path):
    """And whose dnf would ask nobody, or take no answer for yes."""
    base = tmp_path / "base"
    disks.run(["cp", "-a", miniature, base])
    disks.run(["chroot", base, "rpm", "-e", "--allmatches", "gpg-pubkey"])
    with (base / "etc/dnf/dnf.conf").open("a") as file:
        file.write("assumeyes=True\ndefaultyes=True\ndebuglevel=0\n")
    url = testbed.serve(base / "var/lib/konvoy-miniature/repository")
    key = testbed.serve(base / "etc/pki/rpm-gpg") + "/RPM-GPG-KEY-miniature"
    settings = {"kubernetes_rpm_repository_url": url, "docker_rpm_repository_url": url,
                "kubernetes_rpm_gpg_key_url": key, "docker_rpm_gpg_key_url": key}
    build(IMAGE, "--extra-vars", json.dumps(settings), "--extra-vars", "result.format=directory",
          "--base", base, "--result", tmp_path / "result", cwd=tmp_path)
    keys = disks.run(["chroot", tmp_path / "result", "rpm", "-q", "kubelet", "gpg-pubkey"])
    assert "kubelet-1.21.3-0" in keys and "gpg-pubkey-" in keys


def test_repositories_that_do_not_answer_are_named(testbed, miniature, tmp_path):
    base = tmp_path / "base"
    disks.run(["cp", "-a", miniature, base])
    (base / "etc/yum.repos.d/CentOS-Linux-BaseOS.repo").write_text(
        "[baseos]\nname=BaseOS\nmirrorlist=http://127.0.0.1:9/?release=8\n"
        f"[healthy]\nname=healthy\nbaseurl={testbed.serve(testbed.repository)}/el8/x86_64\n")
    done = build(IMAGE, *REPOSITORY, "--base", base, "--result", tmp_path / "result", cwd=tmp_path, code=3)
    assert "enabled repositories do not answer: baseos\n" in done.stderr
    assert "repositories.centos_vault: true" in done.stderr
    assert "trying again" not in done.stderr
    assert_nothing_is_left(tmp_path)


def test_killed_in_each_other_phase(light, tmp_path):
    before = files_of(light)
    for phase in ("image/unpack", "repository/", "sysprep/"):
        killed(light, tmp_path, phase, "tar.gz")
    builds_again(light, tmp_path, "tar.gz")
    assert files_of(light) == before


@pytest.mark.parametrize("form", ["tar.gz", "directory", "oci"])
def test_killed_while_the_result_is_written(light, tmp_path, form):
    killed(light, tmp_path, "image/write", form)
    builds_again(light, tmp_path, form)


@pytest.mark.parametrize("when, megabytes, says", [
    ("image/unpack", 30, "no space left"), ("image/write", 100, "no space left|wrote only")])
def test_a_full_disk_leaves_nothing(light, tmp_path, when, megabytes, says):
    place = tmp_path / "place"
    place.mkdir()
    with small_disk(place, megabytes):
        with started(light, place) as process:
            until(process, when)
            if when != "image/unpack":
                with contextlib.suppress(OSError), open(place / "filler", "wb") as file:
                    while True:
                        file.write(bytes(1 << 20))
            said = process.stderr.read()
        assert process.returncode == 3, said
        assert re.search(says, said, re.IGNORECASE), said
        assert "hint: the file system of the result is full" in said, said
        assert_nothing_is_left(place)


@pytest.mark.parametrize("base, when", [("light", "image/unpack"), ("miniature", "packages/all")])
def test_an_interrupt_leaves_nothing(request, tmp_path, base, when):
    with started(request.getfixturevalue(base), tmp_path) as process:
        until(process, when)
        process.send_signal(signal.SIGINT)
        process.stderr.read()
    assert process.returncode == 130
    assert_nothing_is_left(tmp_path)

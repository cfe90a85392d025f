"""Packages, repositories and package managers that are not as they must be: `provision` says what is
the matter, and nothing of it is installed."""

import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile

import pytest

import repository
from hosts import wait_until
from inventories import konvoy_json, yaml_inventory
from targets import program
from test_killed_provision import transactions_of
from test_provision import IMAGE

KUBELET = repository.Package("kubelet", "1.21.3", program="/usr/bin/kubelet")
LOCK_HOLDER = """\
import sys, dnf, dnf.lock
configuration = dnf.Base().conf
with dnf.lock.build_rpmdb_lock(configuration.persistdir, True):
    print("held", flush=True)
    sys.stdin.read()
"""


def rpm_of(source):
    return source / "el8/x86_64" / f"{KUBELET.nevra}.rpm"


def put(source, rpm):
    """Another file in place of the kubelet's, which shares its blocks with the original."""
    rpm_of(source).unlink()
    rpm_of(source).write_bytes(rpm)


def unsigned(source):
    put(source, repository.build_package(KUBELET, source / "work").read_bytes())
    repository.publish(source, "el8")


def signed_by_a_stranger(source):
    """One who has a key with the same name."""
    rpm = repository.build_package(KUBELET, source / "work")
    with tempfile.TemporaryDirectory() as stranger:  # a short path: gpg's agent has a socket there
        keys = pathlib.Path(stranger, "gnupg")
        keys.mkdir(mode=0o700)
        subprocess.run(["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key",
                        f"konvoy test <{repository.KEY_ID}>", "rsa3072", "sign", "never"],
                       check=True, env={**os.environ, "GNUPGHOME": str(keys)})
        repository.sign(stranger, [rpm])
        repository.end_agent(stranger)
    put(source, rpm.read_bytes())
    repository.publish(source, "el8")


def flipped(rpm):
    """A byte of the packed files is another."""
    data = bytearray(rpm.read_bytes())
    data[-40] ^= 1
    return bytes(data)


def tampered_with(source):
    """By someone who can make the metadata go with it."""
    put(source, flipped(rpm_of(source)))
    repository.publish(source, "el8")


def metadata_cut(source):
    (primary,) = (source / "el8/x86_64/repodata").glob("*-primary.xml.*")
    os.truncate(primary, primary.stat().st_size // 2)


def metadata_that_is_a_page(source):
    """What a proxy that wants a login answers to everything."""
    (source / "el8/x86_64/repodata/repomd.xml").write_text("<html><body>Please log in</body></html>\n")


def no_metadata(source):
    (source / "el8/x86_64/repodata/repomd.xml").unlink()


class Run:
    """`provision` of the packages of a node, from one repository alone."""

    def __init__(self, testbed, host, directory, source, overrides=""):
        self.host, self.work = host, directory / "work"
        host.run(["rm", "-f", "/etc/yum.repos.d/test.repo"])
        self.words = ["provision", "--inventory-file",
                      yaml_inventory(directory / "inventory.yaml", [host]), "--overrides",
                      repository.overrides(testbed.serve(source), directory / "overrides.yaml",
                                            overrides),
                      "--work-dir", self.work, "--only", "repository,kubernetes/packages", IMAGE]

    def result(self, status=0):
        (result,) = konvoy_json(*self.words, status=status)["hosts"]
        return result

    def problems(self):
        """All that the record says about the step that failed."""
        (own,) = json.loads((self.work / "record.json").read_text())["hosts"]
        (step,) = [one for one in own["steps"] if one["outcome"] == "failed"]
        return json.dumps(step["problems"])

    @contextlib.contextmanager
    def started(self):
        """The run as a process, and its events; it must end well."""
        with subprocess.Popen([program("konvoy-image"), *map(str, self.words), "--progress", "json"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            yield process, (json.loads(line) for line in process.stderr if line.startswith("{"))
            rest = process.stderr.read()
        assert process.returncode == 0, rest


# What was done to the repository, and what is told about it.
SPOILT = {
    unsigned: f"Package {KUBELET.nevra}.rpm is not signed",
    signed_by_a_stranger: "are not correct for this package",
    tampered_with: f"Problem opening package {KUBELET.nevra}.rpm",
    metadata_cut: "checksum doesn't match",
    metadata_that_is_a_page: "Bad repomd file",
    no_metadata: "Cannot download repomd.xml",
}


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_what_is_not_right_is_not_installed(testbed, tmp_path, source, spoil):
    spoil(source)
    with testbed.host("el8") as host:
        run = Run(testbed, host, tmp_path, source)
        before = host.run(["rpm", "-qa"]).stdout
        result = run.result(status=3)
        assert (result["outcome"], result["failed_step"]) == ("failed", "kubernetes/packages")
        assert SPOILT[spoil] in run.problems()
        assert host.run(["rpm", "-qa"]).stdout == before
        assert not host.exists("/usr/bin/kubelet")


LEGACY = repository.Package("legacy", "1", program="/usr/bin/legacy")


def replaces_legacy(source):
    """A kubelet that takes another package away when it is installed; gives that package."""
    legacy = repository.build_package(LEGACY, source / "work")
    replacing = dataclasses.replace(KUBELET, obsoletes=("legacy",))
    rpm = repository.build_package(replacing, source / "work")
    repository.sign(source, [rpm])
    put(source, rpm.read_bytes())
    repository.publish(source, "el8")
    return legacy.read_bytes()


def test_what_takes_another_package_away_is_not_installed(testbed, tmp_path, source):
    legacy = replaces_legacy(source)
    with testbed.host("el8") as host:
        host.write("/root/legacy.rpm", legacy)
        host.run(["rpm", "-i", "--nosignature", "/root/legacy.rpm"])
        result = Run(testbed, host, tmp_path, source).result(status=3)
        assert (result["outcome"], result["failed_step"]) == ("failed", "kubernetes/packages")
        assert result["error"] == "the transaction would remove legacy"
        assert host.exists("/usr/bin/legacy") and not host.exists("/usr/bin/kubelet")


def test_nor_into_an_image(testbed, tmp_path, source):
    """Where it is judged while dnf waits for the answer."""
    root = testbed.image_root("el8", tmp_path / "root")
    (root / "root/legacy.rpm").write_bytes(replaces_legacy(source))
    subprocess.run(["chroot", root, "rpm", "-i", "--nosignature", "/root/legacy.rpm"], check=True)
    (root / "etc/yum.repos.d/test.repo").unlink()
    done = subprocess.run(
        [program("konvoy-image"), "build", "--overrides",
         repository.overrides(testbed.serve(source), tmp_path / "overrides.yaml",
                              'containerd_version: "1.4.11"\n'), "--base", root,
         "--result", tmp_path / "result", "images/root/centos-8.yaml"],
        cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "the transaction would remove legacy" in done.stderr
    assert not (tmp_path / "result").exists()


def test_metadata_that_must_be_signed(testbed, tmp_path, source):
    setting = "repositories: {check_metadata: true}\n"
    metadata = source / "el8/x86_64/repodata/repomd.xml"
    signed = metadata.read_bytes()
    metadata.write_bytes(signed + b"<!-- by somebody else -->\n")
    with testbed.host("el8") as host:
        run = Run(testbed, host, tmp_path, source, setting)
        refused = run.result(status=3)
        assert (refused["outcome"], refused["failed_step"]) == ("failed", "kubernetes/packages")
        assert "repomd.xml GPG signature verification error: Bad GPG signature" in run.problems()
        assert not host.exists("/usr/bin/kubelet")
        metadata.write_bytes(signed)
        assert run.result()["outcome"] == "ok"
        assert b"repo_gpgcheck=1\n" in host.read("/etc/yum.repos.d/kubernetes.repo")
        assert host.run(["rpm", "-V", "kubelet"]).stdout == b""
        assert run.result()["changed"] == 0


def test_a_package_that_was_damaged_on_the_way_is_fetched_again(testbed, tmp_path, source):
    """The metadata tells the good one's digest. The mirror is well again when that was noticed."""
    good = rpm_of(source).read_bytes()
    put(source, flipped(rpm_of(source)))
    with testbed.host("el8") as host:
        run = Run(testbed, host, tmp_path, source)
        with run.started() as (_, events):
            next(one for one in events if "trying again" in one.get("detail", ""))
            assert not host.exists("/usr/bin/kubelet")
            put(source, good)
        assert host.run(["rpm", "-V", "kubelet"]).stdout == b""


def test_a_connection_that_is_cut_in_a_transaction(testbed, tmp_path, source):
    with testbed.host("el8") as host:
        run = Run(testbed, host, tmp_path, source)
        with run.started():
            running = host.directory / "upper/var/lib/konvoy-image/actions"
            (action,) = wait_until(lambda: list(running.glob("*.kubernetes.packages.*")), 60,
                                   "the transaction")
            log = (run.work / f"{host.name}.log").read_text()
            assert f"[action {action.name}]" in log, "it was started before it was noted"
            host.cut()
            assert not (action / "status").exists(), "it was over before the connection was cut"
        assert host.run(["rpm", "-V", "kubelet", "kubeadm", "kubectl"]).stdout == b""
        assert set(transactions_of(host, tmp_path / "history").values()) == {1}
        assert run.result()["changed"] == 0


def test_a_lock_that_is_held_is_waited_for(testbed, tmp_path, source):
    """Another one's lock, as dnf takes it."""
    with testbed.host("el8") as host:
        run = Run(testbed, host, tmp_path, source)
        holder = host.start(["python3", "-c", LOCK_HOLDER])
        assert holder.stdout.readline() == b"held\n"
        pid = host.read("/var/lib/dnf/rpmdb_lock.pid").decode()
        with run.started() as (_, events):
            told = next(one for one in events if "waiting" in one.get("detail", ""))
            assert told["detail"] == f"waiting for the package manager: python3 (process {pid})"
            assert not host.exists("/usr/bin/kubelet")
            holder.stdin.close()
            assert holder.wait() == 0
        assert host.exists("/usr/bin/kubelet")

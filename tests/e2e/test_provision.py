"""`konvoy-image plan` and `provision` on real hosts and in image roots."""

import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import termios

import pytest

import repository
from hosts import wait_until
from inventories import konvoy_image, konvoy_json, yaml_inventory
from targets import program

CANARY = "canary-7f3a9c51"
IMAGE = "images/generic/centos-8.yaml"
# What the roles that need no packages write.
OURS = ("etc/modules-load.d/kubernetes.conf", "etc/sysctl.d/90-kubernetes.conf", "etc/host.conf",
        "etc/crictl.yaml", "etc/sysconfig/kubelet",
        "etc/systemd/system/kubelet.service.d/20-konvoy-image.conf")


def overrides(testbed, path, extra=""):
    return repository.overrides(testbed.repository_url, path,
                                f'containerd_version: "1.4.11"\n{extra}')


def text_of(host, path):
    return host.read(path).decode()


class Setting:
    """A host, its inventory and a configuration."""

    def __init__(self, testbed, host, directory, extra=""):
        self.host = host
        self.directory = directory
        self.words = ("--inventory-file", yaml_inventory(directory / "inventory.yaml", [host]),
                      "--overrides", overrides(testbed, directory / "overrides.yaml", extra), IMAGE)

    def provision(self, *more, status=0):
        document = konvoy_json("provision", *self.words, "--work-dir", self.directory / "work",
                               *more, status=status)
        (result,) = document["hosts"]
        return result

    def plan(self, *more, status=0):
        (result,) = konvoy_json("plan", *self.words, *more, status=status)["hosts"]
        return result


@pytest.mark.parametrize("flavour", ["el8", "el7"])
def test_a_bare_host_becomes_a_node_once(testbed, tmp_path, flavour):
    with testbed.host(flavour) as host:
        setting = Setting(testbed, host, tmp_path)
        changes = setting.plan("--detailed-exitcode", status=2)["changes"]
        planned = {change["step"] for change in changes}
        assert {"repository/kubernetes", "packages/all", "containerd/config"} <= planned
        assert not host.exists("/etc/containerd/config.toml")

        first = setting.provision()
        assert (first["outcome"], first["reboot_required"]) == ("ok", False)
        assert first["changed"] > 10
        installed = host.run(["rpm", "-q", "kubelet", "kubeadm", "kubectl", "containerd.io"])
        assert installed.stdout.decode().split() == [
            "kubelet-1.21.3-0.x86_64", "kubeadm-1.21.3-0.x86_64", "kubectl-1.21.3-0.x86_64",
            "containerd.io-1.4.11-3.1.el8.x86_64"]
        assert "gpgcheck=1" in text_of(host, "/etc/yum.repos.d/kubernetes.repo")
        assert not host.exists("/var/lib/kubelet/config.yaml")

        second = setting.provision()
        assert (second["outcome"], second["changed"]) == ("ok", 0)
        assert second["unchanged"] == first["changed"] + first["unchanged"]
        assert setting.plan("--detailed-exitcode")["changes"] == []

        record = json.loads(text_of(host, "/var/lib/konvoy-image/record.json"))
        (own,) = record["hosts"]
        assert len(own["configuration_sha256"]) == 64
        assert not host.exists("/var/lib/konvoy-image/lock")
        assert own["name"] == host.name
        assert all(len(one["key_id"]) == 16 for one in own["packages"] if one["name"] == "kubelet")


def test_drift_is_repaired_where_it_is(testbed, tmp_path):
    with testbed.host("el8") as host:
        setting = Setting(testbed, host, tmp_path)
        setting.provision()
        host.write("/etc/crictl.yaml", "runtime-endpoint: elsewhere\n")
        host.write("/etc/dnf/plugins/versionlock.list", "kubelet-0:1.20.9-0.*\nmine-0:1-1.*\n")
        changes = setting.plan()["changes"]
        assert {change["step"] for change in changes} == {
            "containerd/crictl", "containerd/lock", "kubernetes/lock"}
        diffs = "".join(change.get("diff", "") for change in changes)
        assert "-runtime-endpoint: elsewhere" in diffs
        assert setting.provision()["changed"] == 3
        locks = text_of(host, "/etc/dnf/plugins/versionlock.list")
        assert "mine-0:1-1.*" in locks and "1.20.9" not in locks
        assert setting.provision()["changed"] == 0


def test_a_downgrade_is_refused_before_anything_runs(testbed, tmp_path):
    with testbed.host("el8") as host:
        host.run(["dnf", "-y", "install", "kubelet-1.21.5-0"])
        result = Setting(testbed, host, tmp_path).provision(status=3)
        assert (result["outcome"], result["failed_step"]) == ("failed", "packages/all")
        assert "would be a downgrade" in result["error"]
        assert b"1.21.5" in host.run(["rpm", "-q", "kubelet"]).stdout


def test_a_program_that_is_no_fips_build_fails_the_run(testbed, tmp_path):
    with testbed.host("el8") as host:
        extra = "fips: {enabled: true, configure: false}\n"
        result = Setting(testbed, host, tmp_path, extra).provision(status=3)
        assert "'/usr/bin/kubelet' is no FIPS build, it is not-elf" in result["error"]
        kubeadm = text_of(host, "/etc/kubernetes/kubeadm-fips.yaml")
        assert "tls-min-version: VersionTLS12" in kubeadm
        assert kubeadm.index("AES_256_GCM_SHA384") < kubeadm.index("AES_128_GCM_SHA256")


def test_no_secret_gets_out(testbed, tmp_path):
    extra = (f"image_registries_with_auth:\n- host: registry.invalid\n  username: me\n"
             f"  password: {CANARY}\n")
    with testbed.host("el8") as host:
        setting = Setting(testbed, host, tmp_path, extra)
        shown = konvoy_image("plan", *setting.words, "-v", "6")
        done = konvoy_image("provision", *setting.words, "--work-dir", tmp_path / "work",
                            "--progress", "json", "-v", "6")
        for output in (shown, done):
            assert output.returncode == 0
            assert CANARY not in str(output.stdout) + str(output.stderr)
        # Only the configuration itself, and containerd's on the host, may hold it.
        holders = [path.name for path in (tmp_path / "work").rglob("*")
                   if path.is_file() and CANARY in path.read_text(errors="replace")]
        assert holders == ["config.yaml"]
        assert (tmp_path / "work" / "config.yaml").stat().st_mode & 0o077 == 0
        assert CANARY in text_of(host, "/etc/containerd/config.toml")
        assert CANARY not in text_of(host, "/var/lib/konvoy-image/record.json")


def test_hosts_that_are_gone_are_resumed(testbed, tmp_path):
    with testbed.host("el8") as host:
        setting = Setting(testbed, host, tmp_path)
        only = ("--only", "network,containerd/crictl")
        inventory = pathlib.Path(tmp_path / "inventory.yaml")
        text = inventory.read_text()
        inventory.write_text(text.replace(host.address, "10.98.255.254"))
        assert setting.provision(*only, status=4)["outcome"] == "unreachable"
        inventory.write_text(text)
        assert setting.provision(*only, "--resume")["outcome"] == "ok"
        document = konvoy_json("provision", *setting.words, "--work-dir", tmp_path / "work",
                               *only, "--resume")
        assert document["hosts"] == []


@pytest.mark.parametrize("flavour", ["el8", "el7"])
def test_packages_come_into_an_image_root_over_the_network(testbed, tmp_path, flavour):
    image = testbed.image_root(flavour, tmp_path / "image")
    (image / "etc/yum.repos.d/test.repo").unlink()
    more = overrides(testbed, tmp_path / "overrides.yaml")
    words = ("provision", "--root", image, "--overrides", more, IMAGE, "--work-dir", tmp_path / "work",
             "--only", "repository,kubernetes/packages")
    assert konvoy_json(*words)["hosts"][0]["outcome"] == "ok"
    assert (image / "usr/bin/kubelet").exists()
    assert konvoy_json(*words)["hosts"][0]["changed"] == 0


def test_the_same_plan_gives_the_same_files_in_an_image_root(testbed, tmp_path):
    image = testbed.image_root("el8", tmp_path / "image")
    with testbed.host("el8") as host:
        setting = Setting(testbed, host, tmp_path)
        only = ("--only", "kernel,network,containerd/crictl,kubernetes/kubelet-arguments,"
                "kubernetes/drop-in-directory,kubernetes/drop-in,kubernetes/sysconfig-directory")
        setting.provision(*only)
        (result,) = konvoy_json("provision", "--root", image, *setting.words[2:], "--work-dir",
                                tmp_path / "image-work", *only)["hosts"]
        assert result["outcome"] == "ok"
        for name in OURS:
            path = image / name
            of_host = host.run(["cat", f"/{name}"]).stdout
            mode = int(host.run(["stat", "-c", "%a", f"/{name}"]).stdout, 8)
            assert path.stat().st_mode & 0o7777 == mode, name
            # Parameters that only some kernels have are written into every image.
            if not name.endswith("90-kubernetes.conf"):
                assert path.read_bytes() == of_host, name


LOCK = "/var/lib/konvoy-image/lock/holder"


def test_two_runs_at_once_and_one_that_was_killed(testbed, tmp_path):
    with testbed.host("el8") as host:
        setting = Setting(testbed, host, tmp_path)
        first = subprocess.Popen(
            [str(program("konvoy-image")), "provision", *map(str, setting.words), "--work-dir",
             str(tmp_path / "first")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: host.exists(LOCK), what="the lock of the first run")
        result = setting.provision("--only", "network", status=3)
        assert f"'{host.name}' is locked by run" in result["error"]
        assert f"(process {first.pid})" in result["error"]
        # Its holder is on this machine and gone: nobody has to remove what it left.
        first.kill()
        first.wait()
        assert host.exists(LOCK)
        assert setting.provision("--only", "network")["outcome"] == "ok"
        assert not host.exists(LOCK)


def _on_a_terminal(words, directory):
    """What a terminal of 100 columns was sent, and the exit status."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    with subprocess.Popen([program("konvoy-image"), *map(str, words)], stdin=subprocess.DEVNULL,
                          stdout=side, stderr=side, cwd=directory) as running:
        os.close(side)
        sent = b""
        with contextlib.suppress(OSError):  # EIO: the other side is closed
            while piece := os.read(main, 65536):
                sent += piece
    os.close(main)
    return sent.decode(), running.returncode


def test_on_a_terminal_each_host_has_one_line(testbed, tmp_path):
    with testbed.host("el8") as one, testbed.host("el8") as two:
        inventory = yaml_inventory(tmp_path / "inventory.yaml", [one, two])
        sent, status = _on_a_terminal(
            ["provision", "--inventory-file", inventory, "--overrides",
             overrides(testbed, tmp_path / "overrides.yaml"), "--only", "kernel",
             "--work-dir", tmp_path / "work", pathlib.Path(__file__).parents[2] / IMAGE], tmp_path)
    assert status == 0, sent
    frames = re.split(r"\x1b\[\d+A\x1b\[J", sent)
    assert any(one.name in frame and two.name in frame and "kernel/" in frame for frame in frames)
    # What is left when all is done: each host's last word, and the table.
    left = frames[-1].replace("\r\n", "\n")
    assert left.startswith("HOST ") and "record and logs" in left
    for host in (one, two):
        assert re.search(rf"{host.name}: ok, \d+ changed, \d+ unchanged\r\n", sent)
    assert all(len(line) < 100 for frame in frames[:-1] for line in frame.split("\r\n"))


def test_a_run_takes_what_generate_wrote(testbed, tmp_path):
    work = tmp_path / "generated"
    image = testbed.image_root("el8", tmp_path / "image")
    more = overrides(testbed, tmp_path / "overrides.yaml", "kubernetes_version: 1.21.6\n")
    assert konvoy_image("generate", "--work-dir", work, "--overrides", more, IMAGE).returncode == 0
    for words in ([IMAGE], []):
        done = konvoy_image("plan", "--root", image, "--work-dir", work, *words)
        assert f"using {work}/config.yaml" in done.stderr
        assert "kubelet-0:1.21.6-0.*" in done.stdout
    # What this run says still counts.
    done = konvoy_image("plan", "--root", image, "--work-dir", work, "--kubernetes-version", "1.21.5")
    assert "kubelet-0:1.21.5-0.*" in done.stdout
    refused = konvoy_image("build", "--work-dir", tmp_path / "none")
    assert refused.returncode == 2 and "'build' needs IMAGE" in refused.stderr

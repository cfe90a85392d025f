"""containerd from an archive, on real hosts and in an image root."""

import hashlib
import io
import json
import tarfile

import pytest

from inventories import konvoy_image, konvoy_json, yaml_inventory
from test_provision import IMAGE, overrides, text_of

UNIT = """\
[Unit]
Description=containerd for tests
[Service]
ExecStart=/usr/local/bin/containerd run
[Install]
WantedBy=multi-user.target
"""
TRUSTING = """\
[Service]
ExecStartPre=/bin/sh -c 'cat /etc/fapolicyd/trust.d/* > /run/trusted || true'
ExecStart=/bin/sleep infinity
"""
PROGRAM = "#!/bin/sh\nif [ \"$1\" = run ]; then exec sleep infinity; fi\necho {name} {version}\n"


def members(version="1.4.11"):
    """The layout of cri-containerd-cni-*.tar.gz, with scripts for programs."""
    programs = [f"usr/local/bin/{name}" for name in
                ("containerd", "containerd-shim-runc-v2", "ctr", "crictl")]
    programs += ["usr/local/sbin/runc", "opt/cni/bin/bridge"]
    files = {path: (PROGRAM.format(name=path, version=version), 0o755) for path in programs}
    files["etc/systemd/system/containerd.service"] = (UNIT, 0o644)
    files["etc/crictl.yaml"] = ("runtime-endpoint: theirs\n", 0o644)
    files["etc/cni/net.d/10-containerd-net.conflist"] = ("{}\n", 0o644)
    # Larger than a frame, so that it is streamed.
    files["opt/containerd/data"] = ("0123456789abcdef" * 65536, 0o644)
    return files


def pack(path, files, mode="gz", extra=()):
    with tarfile.open(path, f"w:{mode}") as archive:
        for name, (text, bits) in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text), bits
            archive.addfile(entry, io.BytesIO(text.encode()))
        for entry in extra:
            archive.addfile(entry)
    return path


def digest_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Setting:
    """A host that gets containerd from an archive."""

    def __init__(self, testbed, host, directory, extra):
        self.directory = directory
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(directory),
                            "XDG_CACHE_HOME": str(directory / "cache")}
        self.words = ("--inventory-file", yaml_inventory(directory / "inventory.yaml", [host]),
                      "--overrides", overrides(testbed, directory / "overrides.yaml",
                                               "containerd_form: archive\n" + extra), IMAGE)

    def run(self, command, *more):
        return konvoy_image(command, *self.words, *more, "-o", "json", env=self.environment)

    def provision(self, *more, status=0):
        # chronyd does not stay up in a container: it may not set the clock.
        done = self.run("provision", "--work-dir", self.directory / "work", "--skip", "time", *more)
        assert done.returncode == status, done.stderr
        (result,) = json.loads(done.stdout)["hosts"]
        return result

    def changes(self):
        """What the last run changed."""
        record = json.loads((self.directory / "work" / "record.json").read_text())
        return [step for step in record["hosts"][0]["steps"] if step["outcome"] == "changed"]

    def artifacts(self):
        record = json.loads((self.directory / "work" / "record.json").read_text())
        return record["hosts"][0]["artifacts"]


def test_a_service_runs_from_the_archive_and_a_second_run_changes_nothing(testbed, tmp_path):
    archive = pack(tmp_path / "containerd.tar.gz", members())
    served = testbed.repository / f"containerd-{tmp_path.name}.tar.gz"
    served.write_bytes(archive.read_bytes())
    extra = (f"containerd_url: {testbed.repository_url}/{served.name}\n"
             f"containerd_sha256: {digest_of(archive)}\n")
    try:
        with testbed.host("el8", systemd=True) as host:
            # Stands for fapolicyd, which needs a kernel that lets it watch all of the machine.
            host.run(["mkdir", "-p", "/etc/fapolicyd/trust.d"])
            host.write("/etc/systemd/system/fapolicyd.service", TRUSTING)
            host.run(["systemctl", "start", "fapolicyd"])
            setting = Setting(testbed, host, tmp_path, extra)
            first = setting.provision()
            assert first["outcome"] == "ok"
            assert host.run(["/usr/local/bin/containerd"]).stdout.split()[1] == b"1.4.11"
            assert host.run(["systemctl", "is-active", "containerd"]).stdout == b"active\n"
            assert host.run(["stat", "-c", "%U:%G %a", "/usr/local/sbin/runc"]
                            ).stdout == b"root:root 755\n"
            assert not host.exists("/etc/cni/net.d/10-containerd-net.conflist")
            assert not host.exists("/usr/local/bin/crictl")
            assert "theirs" not in text_of(host, "/etc/crictl.yaml")
            assert text_of(host, "/run/trusted") == text_of(
                host, "/etc/fapolicyd/trust.d/konvoy-image-containerd")
            trusted = dict(line.split(" ", 1) for line in
                           text_of(host, "/etc/fapolicyd/trust.d/konvoy-image-containerd"
                                   ).splitlines())
            runc = members()["usr/local/sbin/runc"][0].encode()
            assert trusted["/usr/local/sbin/runc"] == (
                f"{len(runc)} {hashlib.sha256(runc).hexdigest()}")
            assert setting.artifacts() == [{"source": f"{testbed.repository_url}/{served.name}",
                                            "sha256": digest_of(archive), "sha256_known": True}]
            assert setting.provision()["changed"] == 0, setting.changes()

            host.write("/usr/local/sbin/runc", "broken\n", mode="0700")
            assert setting.provision()["changed"] > 0
            assert host.run(["/usr/local/sbin/runc"]).stdout.split()[1] == b"1.4.11"
            assert setting.provision()["changed"] == 0
    finally:
        served.unlink()


@pytest.mark.parametrize("mode", ["xz", "gz"])
def test_a_local_archive_without_digest(testbed, tmp_path, mode):
    archive = pack(tmp_path / "containerd.tar", members(), mode)
    with testbed.host("el7") as host:
        setting = Setting(testbed, host, tmp_path, f"containerd_local_bundle_file: {archive}\n")
        refused = setting.run("provision", "--strict", "--work-dir", tmp_path / "work")
        assert refused.returncode != 0
        assert "is used without knowing its SHA-256" in refused.stdout + refused.stderr
        assert not host.exists("/usr/local/bin/containerd")
        planned = setting.run("plan")
        assert "is used without knowing its SHA-256" in planned.stderr
        only = ("--only", "containerd/archive")
        assert setting.provision(*only)["changed"] == 1
        assert setting.artifacts() == [{"source": str(archive), "sha256": digest_of(archive),
                                        "sha256_known": False}]
        assert setting.provision(*only)["changed"] == 0


@pytest.fixture(scope="module")
def untouched(testbed, tmp_path_factory):
    """An image root that nothing may reach."""
    return testbed.image_root("el8", tmp_path_factory.mktemp("untouched") / "root")


def entry(name, **fields):
    made = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(made, field, value)
    return made


@pytest.mark.parametrize("hostile", [
    entry("/etc/cron.d/evil"), entry("usr/../../etc/evil"),
    entry("etc/evil", type=tarfile.SYMTYPE, linkname="/etc/shadow"),
    entry("etc/evil", type=tarfile.SYMTYPE, linkname="../../etc/shadow"),
    entry("etc/evil", type=tarfile.LNKTYPE, linkname="../etc/shadow"),
    entry("dev/evil", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
    entry("run/evil", type=tarfile.FIFOTYPE),
], ids=lambda made: f"{made.name}-{made.type.decode()}-{made.linkname}".replace("/", "_"))
def test_a_hostile_archive_reaches_no_machine(testbed, untouched, tmp_path, hostile):
    archive = pack(tmp_path / "containerd.tar.gz", members(), extra=[hostile])
    before = sorted(str(path) for path in untouched.rglob("*"))
    more = overrides(testbed, tmp_path / "overrides.yaml",
                     f"containerd_local_bundle_file: {archive}\n")
    document = konvoy_json("provision", "--root", untouched, "--overrides", more, IMAGE, "--work-dir",
                           tmp_path / "work", status=2)
    assert document["hosts"][0]["error"].startswith("the archive holds '")
    assert sorted(str(path) for path in untouched.rglob("*")) == before


def test_an_image_root_gets_the_same_files(testbed, tmp_path):
    archive = pack(tmp_path / "containerd.tar.xz", members(), "xz")
    image = testbed.image_root("el8", tmp_path / "image")
    more = overrides(testbed, tmp_path / "overrides.yaml",
                     f"containerd_local_bundle_file: {archive}\n"
                     f"containerd_tar_sha256: {digest_of(archive)}\n")
    words = ("provision", "--root", image, "--overrides", more, IMAGE, "--work-dir",
             tmp_path / "work", "--only", "containerd/archive")
    assert konvoy_json(*words)["hosts"][0]["changed"] == 1
    for name, (text, bits) in members().items():
        path = image / name
        ours = not name.startswith(("etc/c", "opt/cni", "usr/local/bin/crictl"))
        assert path.exists() == ours, name
        if ours:
            assert path.read_text() == text
            assert path.stat().st_mode & 0o7777 == bits
    assert konvoy_json(*words)["hosts"][0]["changed"] == 0

"""Hosts without network: packages and images come as bundles from the controller."""

import hashlib
import pathlib
import subprocess
import tarfile

import pytest

import oci
from inventories import konvoy_json
from test_archive import Setting as ArchiveSetting
from test_archive import pack
from test_provision import IMAGE, Setting, overrides, text_of

# Whoever asks this repository fails.
DEAD = "[dead]\nname=dead\nbaseurl=http://127.0.0.1:9/\nenabled=1\ngpgcheck=1\n"
ETCD = "docker.io/mesosphere/etcd:v3.4.13_fips.0"
ROLES = ("--only", "repository", "--only", "packages", "--only", "kubernetes", "--only", "containerd")


def package_bundle(repository, path, flavour, without=()):
    """What konvoy-image-builder's create-package-bundle makes of a repository, with its key."""
    files = {"RPM-GPG-KEY-test": repository / "RPM-GPG-KEY-test"}
    source = repository / flavour / "x86_64"
    files |= {str(file.relative_to(source)): file for file in source.rglob("*") if file.is_file()}
    with tarfile.open(path, "w:gz") as bundle:
        for name, file in sorted(files.items()):
            if file.name not in without:
                bundle.add(file, f"offline-repo/{name}")
    return path


def configuration(bundle):
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    return f"os_packages_local_bundle_file: {bundle}\nos_packages_local_bundle_sha256: {digest}\n"


@pytest.mark.parametrize("flavour", ["el8", "el7"])
def test_packages_come_from_the_bundle_alone(testbed, tmp_path, flavour):
    bundle = package_bundle(testbed.repository, tmp_path / "packages.tar.gz", flavour)
    with testbed.host(flavour) as host:
        host.write("/etc/yum.repos.d/dead.repo", DEAD)
        setting = Setting(testbed, host, tmp_path, configuration(bundle))
        assert setting.provision(*ROLES)["outcome"] == "ok"
        installed = host.run(["rpm", "-q", "kubelet", "containerd.io", "socat"]).stdout.decode()
        assert "kubelet-1.21.3-0" in installed and "containerd.io-1.4.11" in installed
        assert not host.exists("/etc/yum.repos.d/kubernetes.repo")
        written = text_of(host, "/etc/yum.repos.d/konvoy-image-offline.repo")
        assert "enabled=0" in written and "\ngpgcheck=1" in written
        assert setting.provision(*ROLES)["changed"] == 0


def test_without_a_key_nothing_of_a_bundle_is_installed(testbed, tmp_path):
    """Its packages are signed, but nobody says by which key that is to be trusted."""
    bundle = package_bundle(testbed.repository, tmp_path / "packages.tar.gz", "el8", ("RPM-GPG-KEY-test",))
    with testbed.host("el8") as host:
        host.run(["rpm", "-e", "--allmatches", "gpg-pubkey"])
        failed = Setting(testbed, host, tmp_path, configuration(bundle)).provision(*ROLES, status=3)
        assert failed["failed_step"] == "packages/all"
        assert host.run(["rpm", "-q", "socat"], check=False).returncode == 1


def test_a_bundle_without_index_reaches_no_host(testbed, tmp_path):
    bundle = package_bundle(testbed.repository, tmp_path / "packages.tar.gz", "el8", ("repomd.xml",))
    with testbed.host("el8") as host:
        failed = Setting(testbed, host, tmp_path, configuration(bundle)).provision(status=2)
        assert failed["error"] == f"'{bundle}' has no 'offline-repo/repodata/repomd.xml'"
        assert not host.exists("/opt/dkp")


# --- images -------------------------------------------------------------------------------------

UNIT = """\
[Service]
ExecStart=/usr/local/bin/containerd
[Install]
WantedBy=multi-user.target
"""


def real_containerd(path):
    """An archive in the form of cri-containerd-cni-*.tar.gz, with the containerd of this machine."""
    programs = {f"usr/local/{place}/{name}": pathlib.Path("/usr", place, name)
                for place, name in (("bin", "containerd"), ("bin", "ctr"), ("sbin", "runc"),
                                    ("bin", "containerd-shim-runc-v2"))}
    pack(path, {"etc/systemd/system/containerd.service": (UNIT, 0o644)}, "")
    with tarfile.open(path, "a") as archive:
        for name, file in programs.items():
            archive.add(file, name)
    return path


def saved_images(directory):
    """A directory with one archive, and the settings for it and for a containerd that can read it."""
    images = directory / "images"
    images.mkdir()
    layout = oci.Layout(directory / "etcd", ETCD, {"/usr/local/bin/etcd": b"etcd"})
    saved = layout.archive(images / "etcd.tar")
    (images / "SHA256SUMS").write_text(f"{hashlib.sha256(saved.read_bytes()).hexdigest()}  etcd.tar\n")
    return (f"containerd_local_bundle_file: {real_containerd(directory / 'containerd.tar')}\n"
            f"images_local_bundle_dir: {images}\n")


def test_images_come_from_files_and_only_once(testbed, tmp_path):
    extra = saved_images(tmp_path)
    with testbed.host("el8", systemd=True) as host:
        setting = ArchiveSetting(testbed, host, tmp_path, extra)
        first = setting.provision()
        assert first["outcome"] == "ok", first
        listed = host.run(["/usr/local/bin/ctr", "--namespace", "k8s.io", "images", "list", "-q"]).stdout.decode()
        assert ETCD in listed.split()
        assert not host.exists("/opt/dkp/images/etcd.tar"), "it is there twice"
        assert {artifact["source"]: artifact["sha256_known"] for artifact in setting.artifacts()
                }[str(tmp_path / "images/etcd.tar")] is True
        assert setting.provision()["changed"] == 0, setting.changes()
        host.run(["/usr/local/bin/ctr", "--namespace", "k8s.io", "images", "rm", ETCD])
        assert setting.provision()["changed"] == 1


# What a node started from the image does; the answer goes to stdout.
LIST = """containerd --address /run/c.sock --state /run/c >/run/c.log 2>&1 &
for i in $(seq 100); do ctr --address /run/c.sock version >/dev/null 2>&1 && break; sleep 0.1; done
ctr --address /run/c.sock -n k8s.io images list -q
ctr --address /run/c.sock -n k8s.io images check
kill $!; wait
"""


def test_images_come_into_an_image(testbed, tmp_path):
    """Its own containerd is started for that, and nothing of it stays."""
    image = testbed.image_root("el8", tmp_path / "image")
    more = overrides(testbed, tmp_path / "overrides.yaml",
                     "containerd_form: archive\n" + saved_images(tmp_path))
    words = ("provision", "--root", image, "--overrides", more, IMAGE, "--work-dir", tmp_path / "work",
             "--only", "containerd/archive,images")
    (first,) = konvoy_json(*words)["hosts"]
    assert (first["outcome"], first["changed"]) == ("ok", 2)
    assert not (image / "opt/dkp/images/etcd.tar").exists()
    assert list((image / "tmp").iterdir()) == []
    assert konvoy_json(*words)["hosts"][0]["changed"] == 0
    listed = subprocess.run(["unshare", "--mount", "--pid", "--fork", "sh", "-c",
                             'mount -t proc proc "$0/proc"; exec chroot "$0" sh -c "$1"', image, LIST],
                            capture_output=True, text=True, check=True).stdout
    assert ETCD in listed.split()
    assert "complete" in listed

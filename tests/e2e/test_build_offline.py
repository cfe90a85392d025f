"""overrides/offline.yaml: what runs in the image while it is built has no network at all."""

import json
import pathlib
import socket
import tarfile

import pytest

import disks
import hosts
import oci
import repository
from miniature import build
from test_archive import digest_of, members, pack

IMAGE = "images/root/centos-8.yaml"
PLACE = "/var/lib/spied"
# What a scriptlet can see and reach, written into the image.
SPY = f"""\
%post
python3 - <<'END'
import socket
found = [line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line]
for address in ADDRESSES:
    try:
        socket.create_connection(address, 3).close()
        found.append("reached " + address[0])
    except OSError:
        found.append("no way to " + address[0])
open("{PLACE}/seen", "w").write("\\n".join(found))
END
"""


class Spying(repository.Package):
    """A package that looks round when it is installed."""
    addresses = ()

    def spec(self):
        return super().spec() + SPY.replace("ADDRESSES", repr(self.addresses))


@pytest.fixture(scope="module")
def servers(testbed):
    """Two servers that would answer: on this machine's loopback and on its network."""
    listening = []
    for address in ("127.0.0.1", hosts.GATEWAY):
        server = socket.create_server((address, 0))
        listening.append(server)
    yield tuple(server.getsockname() for server in listening)
    for server in listening:
        server.close()


@pytest.fixture(scope="module")
def base(testbed, miniature, servers, tmp_path_factory):
    """A root with a repository inside it in which one of the packages spies."""
    work = tmp_path_factory.mktemp("spied")
    source = work / "repository"
    repository.copy(testbed.repository, source)
    spying = Spying("socat", "9.0", "1.el8", program="/usr/bin/socat")
    spying.addresses = servers
    repository.add_package(source, "el8", spying)
    repository.end_agent(source)
    root = work / "root"
    disks.run(["cp", "-al", miniature, root])
    (root / PLACE[1:]).mkdir()
    disks.run(["cp", "-a", source / "el8/x86_64", root / PLACE[1:] / "repository"])
    (root / "usr/lib/systemd/system/chronyd.service").write_text("[Service]\nExecStart=/bin/true\n")
    disks.run(["cp", source / "RPM-GPG-KEY-test", root / "etc/pki/rpm-gpg"])
    return root


def seen_by_the_spy(base, work, *words):
    url, key = f"file://{PLACE}/repository", "file:///etc/pki/rpm-gpg/RPM-GPG-KEY-test"
    extra = {"kubernetes_rpm_repository_url": url, "docker_rpm_repository_url": url,
             "kubernetes_rpm_gpg_key_url": key, "docker_rpm_gpg_key_url": key,
             "kubernetes_cni_version": "0.8.7", "crictl_version": "1.13.0",
             "containerd_version": "1.4.11", "result": {"format": "directory"}}
    build(*words, "--extra-vars", json.dumps(extra), IMAGE, "--base", base, "--result", work / "node",
          cwd=work, environment={"XDG_CACHE_HOME": str(work / "cache")})
    return (work / f"node{PLACE}/seen").read_text().split("\n")


def test_a_spy_in_a_package_reaches_servers_where_there_is_a_network(base, tmp_path):
    seen = seen_by_the_spy(base, tmp_path)
    assert {"reached 127.0.0.1", f"reached {hosts.GATEWAY}", hosts.BRIDGE} <= set(seen)


def test_offline_it_reaches_nothing(base, tmp_path):
    bundles = tmp_path / "artifacts"
    (bundles / "images").mkdir(parents=True)
    oci.Layout(tmp_path / "pause", "registry.k8s.io/pause:3.4.1", {"/pause": b"pause"}).archive(
        bundles / "images/pause.tar")
    with tarfile.open(bundles / "1.21.3_centos_8.4_x86_64.tar.gz", "w:gz") as packages:
        packages.add(base / PLACE[1:] / "repository", "offline-repo")
        packages.add(base / "etc/pki/rpm-gpg/RPM-GPG-KEY-test", "offline-repo/RPM-GPG-KEY-test")
    containerd = pack(bundles / "containerd.tar.gz", members())
    seen = seen_by_the_spy(base, tmp_path, "--overrides", "overrides/offline.yaml", "--extra-vars",
                           f"containerd_tar_file={containerd.name}", "--extra-vars",
                           f"containerd_tar_sha256={digest_of(containerd)}")
    assert seen == ["lo", "no way to 127.0.0.1", f"no way to {hosts.GATEWAY}"]
    assert pathlib.Path(tmp_path / "node/usr/local/bin/containerd").exists()
    assert pathlib.Path(tmp_path / "node/usr/bin/kubelet").exists()

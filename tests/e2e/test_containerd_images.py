"""Container images in the content store of a real containerd, against a signed manifest."""

import json
import pathlib
import subprocess

import pytest

import oci
import openpgp
import product
import targets
from hosts import wait_until

ETCD = "docker.io/mesosphere/etcd:v3.4.13_fips.0"
STORE = pathlib.Path("/var/lib/containerd/io.containerd.content.v1.content/blobs/sha256")
# Its directories are those of a node, in a mount namespace of their own.
START = ("mkdir -p /var/lib/containerd /run/containerd; mount -t tmpfs none /var/lib/containerd; "
         "mount -t tmpfs none /run/containerd; exec containerd")


class Containerd:
    """A running containerd with one image, and a signed manifest of that."""

    def __init__(self, directory):
        self.log = open(directory / "containerd.log", "wb")
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-ec", START],
            stdout=self.log, stderr=self.log)
        wait_until(lambda: self.run("ctr", "version", check=False).returncode == 0,
                   what="an answer of containerd")
        self.layout = oci.Layout(directory / "etcd", ETCD, {"/usr/local/bin/etcd": b"etcd"})
        archive = self.layout.archive(directory / "etcd.tar")
        self.run("ctr", "--namespace", "k8s.io", "images", "import", "--no-unpack", archive)
        keys = openpgp.Keys(directory / "gpg")
        signer = keys.make("signer")
        self.manifest = directory / "manifest.json.asc"
        made = product.run("konvoy-image", "manifest", "create", "--from", "/", "--sign", signer,
                           "--image-archive", archive, self.manifest)
        assert made.returncode == 0, made.stderr
        self.keyring = keys.export(directory / "trusted.gpg", "signer")
        keys.close()

    def run(self, *command, check=True):
        return subprocess.run(["nsenter", "--mount", f"--target={self.process.pid}",
                               *map(str, command)], capture_output=True, text=True, check=check)

    def found(self):
        """What dkp-fips-tool says of the image."""
        done = self.run(targets.program("dkp-fips-tool"), "--json", "--keyring", self.keyring,
                        self.manifest, check=False)
        (image,) = (part for part in json.loads(done.stdout)["components"]
                    if part["kind"] == "image")
        return image

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


@pytest.fixture
def containerd(tmp_path, monkeypatch):
    monkeypatch.setenv("GNUPGHOME", str(tmp_path / "gpg"))
    running = Containerd(tmp_path)
    yield running
    running.stop()


def test_an_image_is_what_the_manifest_says_until_a_byte_is_changed(containerd):
    assert containerd.found()["status"] == "ok", containerd.found()
    blob = STORE / containerd.layout.layer.removeprefix("sha256:")
    containerd.run("sh", "-ec", 'chmod u+w "$0"; printf x | dd of="$0" bs=1 seek=600 conv=notrunc', blob)
    found = containerd.found()
    assert found["status"] == "mismatch" and "was changed" in found["detail"]


def test_an_image_that_is_not_there(containerd):
    containerd.run("ctr", "--namespace", "k8s.io", "images", "rm", ETCD)
    found = containerd.found()
    assert found["status"] == "missing" and ETCD in found["detail"]

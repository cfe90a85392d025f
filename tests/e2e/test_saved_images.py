"""Container images in archives, against a signed manifest that was made of them."""

import hashlib
import json
import pathlib

import pytest

import oci
import product

ETCD = "docker.io/mesosphere/etcd:v3.4.13_fips.0"
PROXY = "docker.io/mesosphere/kube-proxy:v1.21.6_fips.0"
PROGRAM = b"#!/bin/sh\necho etcd\n"


@pytest.fixture
def keys(keys, tmp_path):
    keys.export(tmp_path / "trusted.gpg", "signer")
    return keys


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    for directory in ("etc", "usr/bin", "var/lib/rpm"):
        (root / directory).mkdir(parents=True)
    (root / "etc/os-release").write_text('ID="rhel"\nVERSION_ID="8.4"\nNAME="Red Hat"\n')
    (root / "usr/bin/sh").write_bytes(pathlib.Path("/bin/sh").read_bytes())
    (root / "bin").symlink_to("usr/bin")
    return root


@pytest.fixture
def layouts(tmp_path):
    return {"etcd": oci.Layout(tmp_path / "etcd", ETCD, {"/usr/local/bin/etcd": PROGRAM}),
            "kube-proxy": oci.Layout(tmp_path / "proxy", PROXY, {"/proxy": b"proxy"})}


def create(tmp_path, keys, root, *archives):
    path = tmp_path / "manifest.json.asc"
    named = [word for archive in archives for word in ("--image-archive", archive)]
    made = product.run("konvoy-image", "manifest", "create", "--from", root, "--sign",
                       keys.fingerprints["signer"], *named, path)
    return made, path


def images(tmp_path, root, path, *archives, tool="dkp-fips-tool"):
    named = [word for archive in archives for word in ("--image-archive", archive)]
    command = ["dkp-fips-tool", "--json"] if tool == "dkp-fips-tool" else [
        "konvoy-image", "verify", "-o", "json"]
    run = product.run(*command, "--keyring", tmp_path / "trusted.gpg", "--root", root, *named, path)
    assert run.stdout, run.stderr
    return {part["name"]: part for part in json.loads(run.stdout)["components"]
            if part["kind"] == "image"}


@pytest.mark.parametrize("tool", ["dkp-fips-tool", "konvoy-image"])
def test_an_archive_and_a_directory(tmp_path, keys, root, layouts, tool):
    archives = [layouts["etcd"].archive(tmp_path / "etcd.tar"), layouts["kube-proxy"].directory]
    made, path = create(tmp_path, keys, root, *archives)
    assert made.returncode == 0, made.stderr
    shown = json.loads(product.run("konvoy-image", "manifest", "show", "-o", "json", "--keyring",
                                   tmp_path / "trusted.gpg", path).stdout)
    assert {image["ref"]: image["digest"] for image in shown["images"]} == {
        ETCD: layouts["etcd"].digest, PROXY: layouts["kube-proxy"].digest}
    found = images(tmp_path, root, path, *archives, tool=tool)
    assert {name: part["status"] for name, part in found.items()} == {
        "etcd": "ok", "kube-proxy": "ok"}
    # Without the archives they are looked for in the root's containerd, which has none.
    assert images(tmp_path, root, path, tool=tool)["etcd"]["status"] == "missing"
    assert images(tmp_path, root, path, archives[1], tool=tool)["etcd"]["status"] == "missing"


@pytest.mark.parametrize("what", ["layer", "digest"])
def test_one_byte_is_another(tmp_path, keys, root, layouts, what):
    layout = layouts["etcd"]
    _, path = create(tmp_path, keys, root, layout.directory)
    blob = layout.blob(getattr(layout, what))
    content = bytearray(blob.read_bytes())
    content[-1] ^= 1
    blob.write_bytes(content)
    found = images(tmp_path, root, path, layout.archive(tmp_path / "changed.tar"))["etcd"]
    assert found["status"] == "mismatch"
    assert "was changed" in found["detail"]


def test_another_image_of_that_name(tmp_path, keys, root, layouts):
    _, path = create(tmp_path, keys, root, layouts["etcd"].directory)
    other = oci.Layout(tmp_path / "other", ETCD, {"/usr/local/bin/etcd": b"another"})
    found = images(tmp_path, root, path, other.directory)["etcd"]
    assert found["status"] == "mismatch"
    assert other.digest in found["detail"] and layouts["etcd"].digest in found["detail"]


@pytest.mark.parametrize("digest, status", [(hashlib.sha256(PROGRAM).hexdigest(), "ok"),
                                            (hashlib.sha256(b"x").hexdigest(), "mismatch")])
def test_the_program_in_an_image(tmp_path, keys, root, layouts, digest, status):
    layout = layouts["etcd"]
    document = {"api_version": "fips.manifest/v1", "created": "2026-01-01T00:00:00Z",
                "os": {"id": "rhel", "version": "8.4", "arch": "x86_64"}, "files": [],
                "images": [{"name": "etcd", "ref": ETCD, "digest": layout.digest,
                            "binary": "/usr/local/bin/etcd", "sha256": digest}]}
    path = tmp_path / "manifest.json.asc"
    path.write_bytes(keys.sign("signer", json.dumps(document).encode() + b"\n"))
    assert images(tmp_path, root, path, layout.directory)["etcd"]["status"] == status


def test_what_is_no_archive_of_images(tmp_path, keys, root):
    (tmp_path / "text").write_text("no archive\n")
    (tmp_path / "empty").mkdir()
    for name, why in (("text", "text'"), ("empty", "has no index.json"), ("none", "none'")):
        made, path = create(tmp_path, keys, root, tmp_path / name)
        assert made.returncode == 2, made.stderr
        assert why in made.stderr
        assert not path.exists()

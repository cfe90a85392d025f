"""dkp-fips-tool as it is dropped on a node: what it is, and what it does on one in FIPS mode.

This machine's kernel has no FIPS mode. A mount namespace whose /proc/sys/crypto says that it has
shows which programs do the work there; the openssl in it is the machine's own, and writes down what
it is asked. A kernel in FIPS mode is in test_vm_offline.py.
"""

import hashlib
import json
import pathlib
import subprocess

import pytest

import oci
import product
import targets

MEBIBYTE = 1 << 20

# /proc/sys as a node in FIPS mode shows it, for one process and its children.
FIPS_NODE = """
mount -t tmpfs tmpfs /proc/sys && mkdir /proc/sys/crypto /proc/sys/kernel &&
echo 1 >/proc/sys/crypto/fips_enabled && exec "$@"
"""

OPENSSL = """#!/bin/sh
echo "$*" >>{log}
exec /usr/bin/openssl "$@"
"""


@pytest.fixture
def signed(tmp_path, keys):
    """A manifest of one file of this machine, whose signature is by a key of 4096 bits."""
    private = tmp_path / "files.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096",
                    "-out", private], check=True, capture_output=True)
    program = tmp_path / "program"
    program.write_bytes(b"#!/bin/sh\necho program\n")

    def make(*more):
        path = tmp_path / "manifest.json.asc"
        made = product.run("konvoy-image", "manifest", "create", "--from", "local", "--sign",
                           keys.fingerprints["signer"], "--file-key", private, "--file", program,
                           *more, path)
        assert made.returncode == 0, made.stderr
        return path, program, keys.export(tmp_path / "trusted.gpg", "signer")

    return make


def on_fips_node(tmp_path, keyring, manifest, *more):
    """The report, and what the node's openssl was asked."""
    log, programs = tmp_path / "openssl.log", tmp_path / "bin"
    programs.mkdir()
    (programs / "openssl").write_text(OPENSSL.format(log=log))
    (programs / "openssl").chmod(0o755)
    run = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", FIPS_NODE, "sh",
         str(targets.program("dkp-fips-tool")), "--json", "--keyring", str(keyring),
         *map(str, more), str(manifest)],
        capture_output=True, text=True, check=False, timeout=120,
        env={"PATH": f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"})
    assert run.returncode == 1, run.stdout + run.stderr
    return json.loads(run.stdout), log.read_text().splitlines()


def component(document, path):
    return next(part for part in document["components"] if part["name"] == str(path))


@pytest.mark.parametrize("scheme", ["PKCS1v15", "PSS"])
def test_the_nodes_own_openssl_judges_where_it_is_the_validated_one(tmp_path, signed, scheme):
    manifest, program, keyring = signed("--scheme", scheme)
    document, asked = on_fips_node(tmp_path, keyring, manifest)
    found = component(document, program)
    assert document["os"]["fips_enabled"] is True
    # The machine has no FIPS mode configured, whatever its kernel says.
    assert document["result"] == "fail"
    assert found["status"] == "ok", found
    assert found["digest_by"] == found["signature_by"] == "the node's openssl"
    assert any(line.startswith("dgst -sha256") for line in asked), asked
    assert any(line.startswith("dgst -sha512 -verify") for line in asked), asked
    assert "gpgv" in document["manifest"]["verified_by"]


def test_the_nodes_own_openssl_digests_images(tmp_path, signed):
    layout = oci.Layout(tmp_path / "etcd", "example.org/etcd:v3", {"/etcd": b"etcd"})
    archive = ("--image-archive", layout.directory)
    manifest, _, keyring = signed(*archive)
    document, asked = on_fips_node(tmp_path, keyring, manifest, *archive)
    found = component(document, "etcd")
    assert found["status"] == "ok", found
    assert found["digest_by"] == "the node's openssl"
    for digest in (layout.layer, layout.digest):
        assert any(str(layout.blob(digest)) in line for line in asked), asked


def test_the_nodes_openssl_finds_a_changed_file(tmp_path, signed):
    manifest, program, keyring = signed()
    program.write_bytes(program.read_bytes().replace(b"program", b"PROGRAM"))
    document, asked = on_fips_node(tmp_path, keyring, manifest)
    assert component(document, program)["status"] == "mismatch"
    assert asked


def test_one_static_file_for_an_old_kernel():
    path = targets.program("dkp-fips-tool")
    content = path.read_bytes()
    assert len(content) <= 10 * MEBIBYTE
    headers = subprocess.run(["readelf", "--program-headers", "--dynamic", "--notes", path],
                             capture_output=True, text=True, check=True).stdout
    assert "INTERP" not in headers and "NEEDED" not in headers
    version = headers.partition("OS: Linux, ABI: ")[2].split()[0]
    assert tuple(map(int, version.split("."))) <= (3, 10, 0), "EL7's kernel is 3.10"
    digest, name = pathlib.Path(f"{path}.sha256").read_text().split()
    assert (digest, name) == (hashlib.sha256(content).hexdigest(), "dkp-fips-tool")

"""File signatures with a key in a PKCS#11 token: SoftHSM stands in for the smart card.

openssl, which knows the public half only, is the judge of the signature.
"""

import base64
import json
import os
import pathlib
import subprocess

import pytest

import product

SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "731942"
ADDRESS = "pkcs11:token=konvoy;object=files;type=private"
KUBELET = b"#!/bin/sh\necho kubelet\n"


@pytest.fixture
def token(tmp_path, monkeypatch):
    """A token with an RSA key of 4096 bits; gives the file with its public half."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))
    monkeypatch.setenv("PKCS11_MODULE_PATH", SOFTHSM)
    private, public = tmp_path / "files.pem", tmp_path / "files.pub"
    for command in (
            ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096", "-out",
             private],
            ["openssl", "pkey", "-in", private, "-pubout", "-out", public],
            ["softhsm2-util", "--init-token", "--free", "--label", "konvoy", "--pin", PIN,
             "--so-pin", PIN],
            ["softhsm2-util", "--import", private, "--token", "konvoy", "--label", "files", "--id",
             "01", "--pin", PIN]):
        subprocess.run(command, check=True, capture_output=True)
    private.unlink()
    (tmp_path / "pin").write_text(PIN + "\n")
    return public


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    for directory in ("etc", "usr/bin", "var/lib/rpm"):
        (root / directory).mkdir(parents=True)
    (root / "etc/os-release").write_text('ID="rhel"\nVERSION_ID="8.4"\nNAME="Red Hat"\n')
    (root / "usr/bin/kubelet").write_bytes(KUBELET)
    (root / "usr/bin/sh").write_bytes(pathlib.Path("/bin/sh").read_bytes())
    (root / "bin").symlink_to("usr/bin")
    return root


def create(keys, root, path, *key):
    return product.run("konvoy-image", "manifest", "create", "--from", root, "--sign",
                       keys.fingerprints["signer"], *key, path)


@pytest.mark.parametrize("how", ["pin from a file", "pin in the address"])
def test_files_are_signed_by_the_token(tmp_path, token, keys, root, how):
    path = tmp_path / "made.json.asc"
    if how == "pin from a file":
        key = ["--file-key", ADDRESS, "--file-key-passphrase-file", tmp_path / "pin"]
    else:
        key = ["--file-key", f"{ADDRESS}?pin-value={PIN}"]
    made = create(keys, root, path, *key)
    assert made.returncode == 0, made.stderr
    assert PIN not in made.stdout + made.stderr
    keyring = keys.export(tmp_path / "trusted.gpg", "signer")
    shown = json.loads(product.run("konvoy-image", "manifest", "show", "-o", "json", "--keyring",
                                   keyring, path).stdout)
    kubelet = next(f for f in shown["files"] if f["path"] == "/usr/bin/kubelet")
    (tmp_path / "signature").write_bytes(base64.b64decode(kubelet["signature"]))
    padding = ["-sigopt", "rsa_padding_mode:pss"] if "pss" in json.dumps(shown).lower() else []
    judge = subprocess.run(
        ["openssl", "dgst", "-sha512", "-verify", token, *padding, "-signature",
         tmp_path / "signature", root / "usr/bin/kubelet"],
        capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    assert "Verified OK" in judge.stdout, judge.stdout + judge.stderr


@pytest.mark.parametrize("address", [ADDRESS + "?pin-value=999999", ADDRESS,
                                     ADDRESS.replace("files", "none") + f"?pin-value={PIN}"])
def test_a_token_that_does_not_open_is_an_error_without_its_pin(tmp_path, token, keys, root,
                                                               address):
    made = create(keys, root, tmp_path / "made.json.asc", "--file-key", address)
    assert made.returncode == 2, made.stderr
    assert PIN not in made.stderr and "999999" not in made.stderr
    assert not (tmp_path / "made.json.asc").exists()

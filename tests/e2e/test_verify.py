"""`konvoy-image verify` on hosts reached over ssh, where nothing is installed for it."""

import json
import subprocess

import pytest

import openpgp
import product

PROGRAM = b"#!/bin/sh\necho kubelet\n"


@pytest.fixture(scope="module")
def host(testbed):
    with testbed.host("el8") as host:
        host.write("/usr/bin/kubelet", PROGRAM, mode="0755")
        yield host


@pytest.fixture(scope="module")
def signed(tmp_path_factory, host):
    """A manifest that was made of the host itself, and the keyring for it."""
    folder = tmp_path_factory.mktemp("signed")
    keys = openpgp.Keys(folder / "home")
    keys.make("signer")
    path = folder / "manifest.json.asc"
    made = subprocess.run(
        [str(product.targets.program("konvoy-image")), "manifest", "create", "--from",
         f"root@{host.address}", *reach(host), "--sign", keys.fingerprints["signer"], str(path)],
        capture_output=True, text=True, check=False, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                                                          "GNUPGHOME": str(keys.home)})
    assert made.returncode == 0, made.stderr
    yield path, keys.export(folder / "trusted.gpg", "signer")
    keys.close()


def reach(host):
    return ["--ssh-key", str(host.testbed.key), "--ssh-accept-new"]


def verify(host, signed, *more, hosts=None):
    path, keyring = signed
    named = [word for name in hosts or [f"root@{host.address}"] for word in ("--host", name)]
    return product.run("konvoy-image", "verify", "-o", "json", *named, *reach(host), "--keyring",
                       keyring, *more, path)


def component(document):
    return next(part for part in document["components"] if part["name"] == "/usr/bin/kubelet")


def test_a_host_is_as_its_manifest_says_but_not_in_fips_mode(host, signed):
    run = verify(host, signed)
    assert run.returncode == 1, run.stderr
    document = json.loads(run.stdout)
    assert component(document)["status"] == "ok"
    assert document["manifest"]["problems"] == []
    assert document["os"]["fips_enabled"] is False
    assert document["result"] == "fail"
    assert {service["status"] for service in document["services"]} == {"not-running"}


def test_forwarding_that_is_refused_means_unknown(host, signed):
    """sshd_config may forbid it; here the options of the key do."""
    keys_file = "/root/.ssh/authorized_keys"
    before = host.read(keys_file)
    text = before if isinstance(before, str) else before.decode()
    host.write(keys_file, "no-port-forwarding " + text.lstrip(), mode="0600")
    try:
        # sshd itself listens: what is refused is the way to it.
        document = json.loads(verify(host, signed, "--service", "sshd=localhost:22").stdout)
    finally:
        host.write(keys_file, before, mode="0600")
    states = {service["name"]: service["status"] for service in document["services"]}
    assert states["sshd"] == "unknown"
    assert states["kube-apiserver"] == "not-running"
    assert component(document)["status"] == "ok"


def test_a_file_that_was_changed(host, signed):
    host.write("/usr/bin/kubelet", PROGRAM.replace(b"kubelet", b"KUBELET"), mode="0755")
    try:
        document = json.loads(verify(host, signed).stdout)
    finally:
        host.write("/usr/bin/kubelet", PROGRAM, mode="0755")
    assert component(document)["status"] == "mismatch"


def test_a_host_that_is_not_there_does_not_stop_the_others(host, signed):
    run = verify(host, signed, hosts=[f"root@{host.address}", "root@127.0.0.1:1"])
    assert run.returncode == 4, run.stderr
    documents = json.loads(run.stdout)["hosts"]
    assert component(documents[0])["status"] == "ok"
    assert "error" in documents[1]

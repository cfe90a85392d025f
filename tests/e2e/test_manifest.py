"""Signed manifests with real keys: what is taken, what is refused, and why.

Every case of a signature runs with this machine's gpgv and with a stub that knows as little as
EL7's. The files that a manifest names are in an image root.
"""

import datetime
import hashlib
import json
import pathlib
import subprocess
import time

import jsonschema
import pytest

import openpgp
import product


def moment(days):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def manifest(files=(), **more):
    return {
        "api_version": "fips.manifest/v1",
        "created": moment(-1),
        "os": {"id": "rhel", "version": "8.4", "arch": "x86_64"},
        "files": [{"path": path, "size": len(content),
                   "sha256": hashlib.sha256(content).hexdigest()} for path, content in files],
        **more,
    }


KUBELET = b"#!/bin/sh\necho kubelet\n"
TEXT = json.dumps(manifest([("/usr/bin/kubelet", KUBELET)]), indent=1).encode() + b"\n"


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    keys = openpgp.Keys(tmp_path_factory.mktemp("gpg") / "home")
    keys.make("good")
    keys.make("stranger")
    keys.make("expired", expires="2020-06-01", at="20200101T000000!")
    keys.make("revoked")
    yield keys
    keys.close()


@pytest.fixture(scope="session")
def keyring(keys, tmp_path_factory):
    # Signed first, revoked then: a signature that was good once.
    signed = keys.sign("revoked", TEXT)
    keys.revoke("revoked")
    path = keys.export(tmp_path_factory.mktemp("keyring") / "trusted.gpg",
                       "good", "expired", "revoked")
    path.with_name("revoked.asc").write_bytes(signed)
    return path


@pytest.fixture(params=["gpgv", "old gpgv"])
def gpgv(request, tmp_path):
    """What to put in front of PATH."""
    return openpgp.old_gpgv(tmp_path / "bin") if request.param == "old gpgv" else None


def check(tmp_path, keyring, signed, gpgv=None, extra=()):
    path = tmp_path / "manifest.json.asc"
    path.write_bytes(signed)
    return product.run("konvoy-image", "manifest", "verify", "-o", "json", "--keyring", keyring,
                       *extra, path, path=gpgv)


def assert_good(run):
    assert run.returncode == 0, run.stderr
    document = json.loads(run.stdout)
    assert document["result"] == "pass"
    return document


def assert_refused(run, why):
    assert run.returncode == 2, run.stdout + run.stderr
    document = json.loads(run.stdout)
    assert document["result"] == "fail"
    assert why in "\n".join(document["problems"]) + run.stderr


# --- signatures ---------------------------------------------------------------------------------

def test_clear_signed(tmp_path, keys, keyring, gpgv):
    document = assert_good(check(tmp_path, keyring, keys.sign("good", TEXT), gpgv))
    assert document["signature"]["fingerprint"] == keys.fingerprints["good"]
    assert document["signature"]["hash"].startswith("SHA-")


def test_a_line_that_begins_with_a_dash(tmp_path, keys, keyring, gpgv):
    text = TEXT.rstrip()[:-1] + b', "deep": [0,\n-1]}\n'
    signed = keys.sign("good", text)
    assert b"\n- -1]" in signed
    assert_good(check(tmp_path, keyring, signed, gpgv))


def test_an_armored_keyring(tmp_path, keys, gpgv):
    armored = keys.export(tmp_path / "trusted.asc", "stranger", "good", armor=True)
    assert_good(check(tmp_path, armored, keys.sign("good", TEXT), gpgv))


def test_an_armored_message(tmp_path, keys, keyring):
    assert_good(check(tmp_path, keyring, keys.sign("good", TEXT, "--armor", "--sign")))


def test_an_armored_message_needs_a_gpgv_that_writes(tmp_path, keys, keyring):
    stub = openpgp.old_gpgv(tmp_path / "bin")
    assert_refused(check(tmp_path, keyring, keys.sign("good", TEXT, "--armor", "--sign"), stub),
                   "cannot write out the text")


@pytest.mark.parametrize("how", [("--detach-sign",), ("--armor", "--detach-sign")])
def test_a_signature_beside_the_manifest(tmp_path, keys, keyring, gpgv, how):
    path = tmp_path / "manifest.json"
    path.write_bytes(TEXT)
    signature = tmp_path / "manifest.json.sig"
    signature.write_bytes(keys.sign("good", TEXT, *how))
    arguments = ["manifest", "verify", "-o", "json", "--keyring", keyring, path]
    assert_good(product.run("konvoy-image", *arguments, path=gpgv))
    path.write_bytes(TEXT.replace(b"kubelet", b"kubeadm"))
    assert_refused(product.run("konvoy-image", *arguments, path=gpgv), "does not fit the text")
    signature.unlink()
    assert_refused(product.run("konvoy-image", *arguments, path=gpgv), "is not signed")


def test_a_key_that_is_not_in_the_keyring(tmp_path, keys, keyring, gpgv):
    assert_refused(check(tmp_path, keyring, keys.sign("stranger", TEXT), gpgv),
                   "a key that the keyring does not hold")


def test_a_fingerprint_that_did_not_sign(tmp_path, keys, keyring, gpgv):
    signed = keys.sign("good", TEXT)
    good = keys.fingerprints["good"]
    assert_good(check(tmp_path, keyring, signed, gpgv, ["--fingerprint", good.lower()]))
    assert_refused(check(tmp_path, keyring, signed, gpgv,
                         ["--fingerprint", keys.fingerprints["stranger"]]),
                   "not one of the trusted fingerprints")


def test_an_expired_key(tmp_path, keys, keyring, gpgv):
    signed = keys.sign("expired", TEXT, at="20200301T000000!")
    assert_refused(check(tmp_path, keyring, signed, gpgv), "has expired")


def test_an_expired_signature(tmp_path, keys, keyring, gpgv):
    signed = keys.sign("good", TEXT, "--default-sig-expire", "seconds=1", "--clearsign")
    time.sleep(2.5)
    assert_refused(check(tmp_path, keyring, signed, gpgv), "the signature has expired")


def test_a_revoked_key(tmp_path, keyring, gpgv):
    signed = keyring.with_name("revoked.asc").read_bytes()
    assert_refused(check(tmp_path, keyring, signed, gpgv), "is revoked")


@pytest.mark.parametrize("digest", ["SHA1", "RIPEMD160"])
def test_a_weak_hash(tmp_path, keys, keyring, gpgv, digest):
    signed = keys.sign("good", TEXT, "--digest-algo", digest, "--clearsign")
    assert_refused(check(tmp_path, keyring, signed, gpgv), "which is not accepted")


def test_a_changed_text(tmp_path, keys, keyring, gpgv):
    signed = keys.sign("good", TEXT).replace(b"/usr/bin/kubelet", b"/usr/bin/kubeadm")
    assert_refused(check(tmp_path, keyring, signed, gpgv), "does not fit the text")


def test_a_changed_signature(tmp_path, keys, keyring, gpgv):
    lines = keys.sign("good", TEXT).split(b"\n")
    start = lines.index(b"-----BEGIN PGP SIGNATURE-----")
    line = lines[start + 4]
    lines[start + 4] = line[:10] + (b"A" if line[10:11] != b"A" else b"B") + line[11:]
    run = check(tmp_path, keyring, b"\n".join(lines), gpgv)
    assert run.returncode == 2, run.stderr


OUTSIDE = json.dumps(manifest([("/usr/bin/evil", b"evil")])).encode() + b"\n"


@pytest.mark.parametrize("where", ["before", "after"])
def test_text_outside_the_signed_part_is_never_read(tmp_path, keys, keyring, where):
    signed = keys.sign("good", TEXT)
    signed = OUTSIDE + b"\n" + signed if where == "before" else signed + OUTSIDE
    path = tmp_path / "manifest.json.asc"
    path.write_bytes(signed)
    run = product.run("konvoy-image", "manifest", "show", "-o", "json", "--keyring", keyring, path)
    if run.returncode == 0:
        assert [file["path"] for file in json.loads(run.stdout)["files"]] == ["/usr/bin/kubelet"]
    else:
        assert run.returncode == 2, run.stderr
    assert "evil" not in run.stdout
    stub = openpgp.old_gpgv(tmp_path / "bin")
    run = check(tmp_path, keyring, signed, stub)
    assert run.returncode == 2, run.stderr


def test_two_signatures(tmp_path, keys, keyring, gpgv):
    keys.gpg("--local-user", keys.fingerprints["good"], "--local-user",
             keys.fingerprints["stranger"], "--output", str(tmp_path / "two"), "--clearsign",
             stdin=TEXT)
    assert check(tmp_path, keyring, (tmp_path / "two").read_bytes(), gpgv).returncode == 2
    both = keys.export(tmp_path / "both.gpg", "good", "stranger")
    assert_refused(check(tmp_path, both, (tmp_path / "two").read_bytes(), gpgv),
                   "more than one signature")


def test_two_signed_texts(tmp_path, keys, keyring, gpgv):
    signed = keys.sign("good", TEXT) + keys.sign("good", OUTSIDE)
    assert check(tmp_path, keyring, signed, gpgv).returncode == 2


def test_no_signature_at_all(tmp_path, keyring, gpgv):
    assert_refused(check(tmp_path, keyring, TEXT, gpgv), "is not signed")


@pytest.mark.parametrize("bytes_", [b"", b"\n \n", b"garbage\n", bytes(range(256)) * 8],
                         ids=["empty", "blank", "words", "binary"])
def test_no_manifest(tmp_path, keyring, gpgv, bytes_):
    assert check(tmp_path, keyring, bytes_, gpgv).returncode == 2


def test_a_truncated_manifest(tmp_path, keys, keyring, gpgv):
    signed = keys.sign("good", TEXT)
    for share in (0.2, 0.5, 0.8, 0.95):
        run = check(tmp_path, keyring, signed[: int(len(signed) * share)], gpgv)
        assert run.returncode == 2, f"{share}: {run.stdout}"


def test_fifty_megabytes(tmp_path, keys, keyring):
    text = TEXT + b" " * 70 + b"\n" * (50 << 20)
    run = check(tmp_path, keyring, text)
    assert run.returncode == 2
    assert "longer than" in run.stderr


def test_a_keyring_that_is_not_there(tmp_path, keys):
    assert_refused(check(tmp_path, tmp_path / "none.gpg", keys.sign("good", TEXT)),
                   "cannot read the keyring")


def test_an_empty_keyring(tmp_path, keys):
    (tmp_path / "empty.gpg").write_bytes(b"")
    assert_refused(check(tmp_path, tmp_path / "empty.gpg", keys.sign("good", TEXT)), "empty")


# --- the text that is signed --------------------------------------------------------------------

@pytest.mark.parametrize("text, why", [
    (b"{", "manifest.json.asc"),
    (b"[]", "$: expected an object, got list"),
    (b'{"files": 1}', "$.files: expected a list, got integer '1'"),
    (json.dumps(manifest([("usr/bin/x", b"")])).encode(), "$.files[0].path: expected an absolute"),
    (json.dumps({**manifest(), "api_version": "fips.manifest/v2"}).encode(), "is not understood"),
    (TEXT.replace(b'"os"', b'"files": [], "os"'), "files"),
], ids=["cut off", "a list", "files no list", "relative path", "unknown version", "a key twice"])
def test_a_signed_text_that_is_no_manifest(tmp_path, keys, keyring, text, why):
    assert_refused(check(tmp_path, keyring, keys.sign("good", text + b"\n")), why)


@pytest.mark.parametrize("dates, why", [
    ({"created": moment(2)}, "in the future"),
    ({"created": moment(-9), "not_after": moment(-2)}, "was good until"),
], ids=["tomorrow's", "expired"])
def test_a_manifest_of_another_day(tmp_path, keys, keyring, dates, why):
    text = json.dumps({**manifest([("/usr/bin/kubelet", KUBELET)]), **dates}).encode()
    assert_refused(check(tmp_path, keyring, keys.sign("good", text)), why)


# --- the node -----------------------------------------------------------------------------------

@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    for directory in ("etc", "usr/bin", "usr/lib", "var/lib/rpm", "proc", "sys", "dev", "tmp", "boot"):
        (root / directory).mkdir(parents=True)
    (root / "etc/os-release").write_text('ID="rhel"\nVERSION_ID="8.4"\nNAME="Red Hat"\n')
    (root / "etc/redhat-release").write_text("Red Hat Enterprise Linux release 8.4 (Ootpa)\n")
    (root / "usr/bin/kubelet").write_bytes(KUBELET)
    # What tells the architecture of an image.
    (root / "usr/bin/sh").write_bytes(pathlib.Path("/bin/sh").read_bytes())
    (root / "bin").symlink_to("usr/bin")
    return root


def validate(tmp_path, keys, keyring, root, document, *more):
    path = tmp_path / "node.json.asc"
    path.write_bytes(keys.sign("good", json.dumps(document).encode() + b"\n"))
    run = product.run("dkp-fips-tool", "--json", "--keyring", keyring, "--root", root, *more, path)
    assert run.returncode in (0, 1), run.stderr
    return run.returncode, json.loads(run.stdout)


def component(document, name="/usr/bin/kubelet"):
    return next(part for part in document["components"] if part["name"] == name)


def test_a_file_as_the_manifest_says(tmp_path, keys, keyring, root):
    _, document = validate(tmp_path, keys, keyring, root, manifest([("/usr/bin/kubelet", KUBELET)]))
    assert component(document)["status"] == "ok"
    assert document["manifest"]["verified"] is True
    assert document["manifest"]["problems"] == []
    assert document["os"]["fips_enabled"] is None


def test_files_that_are_not_as_the_manifest_says(tmp_path, keys, keyring, root):
    (root / "usr/bin/kubeadm").write_bytes(b"changed")
    (root / "usr/bin/runc").symlink_to("kubelet")
    (root / "usr/bin/ctr").symlink_to("/etc/shadow")
    (root / "usr/bin/crictl").write_bytes(b"more than before")
    (root / "usr/bin/etcd").mkdir()
    named = [("/usr/bin/kubeadm", b"expired"), ("/usr/bin/kubectl", b"x"),
             ("/usr/bin/runc", KUBELET), ("/usr/bin/ctr", b"x"), ("/usr/bin/crictl", b"before"),
             ("/usr/bin/etcd", b"x")]
    status, document = validate(tmp_path, keys, keyring, root, manifest(named))
    assert status == 1
    assert document["result"] == "fail"
    found = {part["name"].rpartition("/")[2]: part["status"] for part in document["components"]}
    assert found == {"kubeadm": "mismatch", "kubectl": "missing", "runc": "mismatch",
                     "ctr": "mismatch", "crictl": "mismatch", "etcd": "mismatch"}
    assert "symbolic link" in component(document, "/usr/bin/runc")["detail"]
    assert document["extra_executables"] == ["/usr/bin/kubelet"]


@pytest.mark.parametrize("system, why", [
    ({"id": "rhel", "version": "7.9", "arch": "x86_64"}, "rhel 7.9"),
    ({"id": "centos", "version": "8.4", "arch": "x86_64"}, "centos 8.4"),
    ({"id": "rhel", "version": "8.4", "arch": "aarch64"}, "aarch64"),
])
def test_a_manifest_of_another_system(tmp_path, keys, keyring, root, system, why):
    document = manifest([("/usr/bin/kubelet", KUBELET)], os=system)
    status, report = validate(tmp_path, keys, keyring, root, document)
    assert status == 1
    assert any(why in problem for problem in report["manifest"]["problems"])


def test_this_machine_is_not_in_fips_mode_and_never_passes(tmp_path, keys, keyring):
    assert not pathlib.Path("/proc/sys/crypto/fips_enabled").exists(), "this test needs none"
    path = tmp_path / "here.json.asc"
    text = json.dumps(manifest([("/bin/true", b"x")])).encode()
    path.write_bytes(keys.sign("good", text + b"\n"))
    run = product.run("dkp-fips-tool", "--json", "--keyring", keyring, path)
    assert run.returncode == 1, run.stderr
    document = json.loads(run.stdout)
    assert document["result"] == "fail"
    assert document["os"]["fips_enabled"] is False


def test_exit_codes_of_misuse(tmp_path, keyring):
    assert product.run("dkp-fips-tool").returncode == 2
    assert product.run("dkp-fips-tool", "--nonsense", "x").returncode == 2
    assert product.run("dkp-fips-tool", tmp_path / "none.asc").returncode == 2
    assert product.run("dkp-fips-tool", "--help").returncode == 0


# --- making manifests ---------------------------------------------------------------------------

def file_key(tmp_path):
    path = tmp_path / "files.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096",
                    "-aes256", "-pass", "pass:secret words", "-out", str(path)], check=True,
                   capture_output=True)
    (tmp_path / "passphrase").write_text("secret words\n")
    return path


@pytest.mark.parametrize("scheme", ["PKCS1v15", "PSS"])
def test_a_manifest_that_is_made_verifies(tmp_path, keys, keyring, root, scheme, monkeypatch):
    monkeypatch.setenv("GNUPGHOME", str(keys.home))
    path = tmp_path / "made.json.asc"
    made = product.run("konvoy-image", "manifest", "create", "--from", root, "--sign",
                       keys.fingerprints["good"], "--file-key", file_key(tmp_path),
                       "--file-key-passphrase-file", tmp_path / "passphrase", "--scheme", scheme,
                       "-o", "json", path)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout) == {"path": str(path)}
    assert "secret words" not in made.stdout + made.stderr
    run = product.run("dkp-fips-tool", "--json", "--keyring", keyring, "--root", root, path)
    part = component(json.loads(run.stdout))
    assert part["status"] == "ok"
    assert part["detail"] == "Signature Validated"

    document = json.loads(product.run("konvoy-image", "manifest", "show", "-o", "json", "--keyring",
                                      keyring, path).stdout)
    document.pop("signature")
    # A file and a digest that fit each other, and a signature that is of neither.
    other = KUBELET.replace(b"kubelet", b"KUBELET")
    (root / "usr/bin/kubelet").write_bytes(other)
    document["files"][0]["sha256"] = hashlib.sha256(other).hexdigest()
    status, report = validate(tmp_path, keys, keyring, root, document)
    assert status == 1
    assert "signature" in component(report)["detail"]
    assert component(report)["status"] == "mismatch"


def test_the_schema_fits_what_is_made(tmp_path, keys, keyring, root, monkeypatch):
    monkeypatch.setenv("GNUPGHOME", str(keys.home))
    path = tmp_path / "made.json.asc"
    made = product.run("konvoy-image", "manifest", "create", "--from", root, "--sign",
                       keys.fingerprints["good"], path)
    assert made.returncode == 0, made.stderr
    schema = json.loads(product.run("konvoy-image", "manifest", "schema").stdout)
    shown = json.loads(product.run("konvoy-image", "manifest", "show", "-o", "json", "--keyring",
                                   keyring, path).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(shown, schema)


def test_a_key_that_is_not_there_does_not_sign(tmp_path, keys, root, monkeypatch):
    monkeypatch.setenv("GNUPGHOME", str(keys.home))
    made = product.run("konvoy-image", "manifest", "create", "--from", root, "--sign",
                       "nobody@example.org", tmp_path / "made.asc")
    assert made.returncode == 2, made.stderr
    assert "nobody@example.org" in made.stderr
    assert not (tmp_path / "made.asc").exists()

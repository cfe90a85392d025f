"""New ssh host keys where sshd's configuration has them, with the real ssh-keygen and sshd."""

import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
FIPS_STEPS = pathlib.Path(os.environ.get("KONVOY_BIN", TOP / "build/release/bin")) / "fips-steps"


def make(root, path, kind, bits="256"):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    for old in (file, pathlib.Path(f"{file}.pub")):
        old.unlink(missing_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "", "-C", "", "-f", file],
                   check=True)
    return public(root, path)


def public(root, path):
    return " ".join((root / f"{path}.pub").read_text().split()[:2])


def renew(root):
    done = subprocess.run([FIPS_STEPS, root, "host-keys"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return sorted(" ".join(line.split()[:2]) for line in done.stdout.splitlines())


def test_keys_of_the_configuration_are_made_anew(testbed, tmp_path):
    root = testbed.image_root("el8", tmp_path / "root")
    paths = ["etc/ssh/ssh_host_rsa_key", "etc/ssh/keys/node", "etc/ssh/keys/second"]
    old = [make(root, paths[0], "rsa", "2048"), make(root, paths[1], "ecdsa", "256"),
           make(root, paths[2], "rsa", "2048")]
    make(root, "etc/ssh/keys/edwards", "ed25519")
    (root / "etc/ssh/ssh_host_ecdsa_key").unlink(missing_ok=True)
    (root / "etc/ssh/sshd_config").write_text("".join(
        f"HostKey /{path}\n" for path in [*paths, "etc/ssh/keys/edwards"]))
    now = renew(root)
    assert now == sorted(public(root, path) for path in paths)
    assert not set(now) & set(old)
    assert not (root / "etc/ssh/keys/edwards").exists()
    assert not (root / "etc/ssh/ssh_host_ecdsa_key").exists(), "sshd would not use it"
    assert not list(root.glob("etc/ssh/**/*konvoy*"))
    for path in paths:
        assert (root / path).stat().st_mode & 0o777 in (0o600, 0o640)
        assert (root / f"{path}.pub").stat().st_mode & 0o777 == 0o644
        size, *_ = subprocess.run(["ssh-keygen", "-l", "-f", root / path], check=True, text=True,
                                  capture_output=True).stdout.split()
        assert size == ("256" if path.endswith("node") else "3072")


def test_usual_keys_are_made_where_there_are_none(testbed, tmp_path):
    root = testbed.image_root("el8", tmp_path / "root")
    for key in root.glob("etc/ssh/ssh_host_*"):
        key.unlink()
    make(root, "etc/ssh/ssh_host_ed25519_key", "ed25519")
    (root / "etc/ssh/sshd_config").write_text("PermitRootLogin yes\n")
    assert renew(root) == sorted(public(root, f"etc/ssh/ssh_host_{kind}_key")
                                 for kind in ("rsa", "ecdsa"))
    assert sorted(path.name for path in root.glob("etc/ssh/ssh_host_*")) == [
        f"ssh_host_{kind}_key{end}" for kind in ("ecdsa", "rsa") for end in ("", ".pub")]

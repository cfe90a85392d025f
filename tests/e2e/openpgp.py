"""OpenPGP keys for tests, made by the real gpg in a home of their own."""

import os
import pathlib
import subprocess

# A gpgv like EL7's 2.0.22: it knows neither --weak-digest nor --output.
OLD_GPGV = """#!/bin/sh
for word; do
  case $word in
    --weak-digest|--output|-o) echo "gpgv: invalid option \\"$word\\"" >&2; exit 2 ;;
    --version) echo "gpgv (GnuPG) 2.0.22"; exit 0 ;;
  esac
done
exec /usr/bin/gpgv "$@"
"""


class Keys:
    """A GnuPG home with keys named by what is the matter with them."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.home.mkdir(mode=0o700)
        self.fingerprints = {}

    def gpg(self, *arguments, stdin=b"", at=None):
        faked = ["--faked-system-time", at] if at else []
        run = subprocess.run(
            ["gpg", "--homedir", str(self.home), "--batch", "--yes", "--pinentry-mode", "loopback",
             "--passphrase", "", *faked, *arguments],
            input=stdin, capture_output=True, check=False,
            env={**os.environ, "GNUPGHOME": str(self.home)})
        assert run.returncode == 0, run.stderr.decode()
        return run.stdout

    def make(self, name, expires="never", at=None):
        self.gpg("--quick-generate-key", f"{name} <{name}@example.org>", "rsa2048", "sign", expires,
                 at=at)
        listing = self.gpg("--with-colons", "--list-keys", f"{name}@example.org").decode()
        self.fingerprints[name] = next(
            line.split(":")[9] for line in listing.splitlines() if line.startswith("fpr:"))
        return self.fingerprints[name]

    def revoke(self, name):
        fingerprint = self.fingerprints[name]
        text = (self.home / "openpgp-revocs.d" / f"{fingerprint}.rev").read_text()
        self.gpg("--import", stdin=text.replace(":-----BEGIN", "-----BEGIN").encode())

    def sign(self, name, text, *how, at=None):
        how = how or ("--clearsign",)
        return self.gpg("--local-user", self.fingerprints[name], "--output", "-", *how,
                        stdin=text, at=at)

    def export(self, path, *names, armor=False):
        form = ["--armor"] if armor else []
        path.write_bytes(self.gpg(*form, "--export", *(self.fingerprints[name] for name in names)))
        return path

    def close(self):
        """Ends the agent that gpg started for this home."""
        subprocess.run(["gpgconf", "--homedir", str(self.home), "--kill", "all"], check=False)


def old_gpgv(directory):
    """A directory for the front of PATH that holds the stub."""
    directory.mkdir()
    stub = directory / "gpgv"
    stub.write_text(OLD_GPGV)
    stub.chmod(0o755)
    return directory

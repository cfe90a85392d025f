"""The miniature EL 8 root as a base for builds, with a signed repository in it: rpm, dnf, their
signatures and the compiled executables are real (lib/miniature/data/make-root.sh)."""

import json
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("KONVOY_BIN", TOP / "build/release/bin"))
MAKE_ROOT = TOP / "lib/miniature/data/make-root.sh"

PACKAGES = {
    "chrony": "3.5-1.el8", "conntrack-tools": "1.4-1.el8", "ebtables": "2.0-1.el8",
    "ethtool": "5.8-1.el8", "socat": "1.7-1.el8", "containerd.io": "1.4.7-3.1.el8",
    "kubelet": "1.21.3-0", "kubeadm": "1.21.3-0", "kubectl": "1.21.3-0",
    "kubernetes-cni": "0.9.1-0", "cri-tools": "1.20.0-0"}

# What a build on this root is given, so that its packages come from inside it.
REPOSITORY = ["--extra-vars", json.dumps({
    "kubernetes_rpm_repository_url": "file:///var/lib/konvoy-miniature/repository",
    "docker_rpm_repository_url": "file:///var/lib/konvoy-miniature/repository",
    "kubernetes_rpm_gpg_key_url": "file:///etc/pki/rpm-gpg/RPM-GPG-KEY-miniature",
    "docker_rpm_gpg_key_url": "file:///etc/pki/rpm-gpg/RPM-GPG-KEY-miniature"})]


def make(work):
    """The root, in a directory below `work`."""
    packages = work / "packages"
    packages.write_text("".join(f"{name} {version}\n" for name, version in PACKAGES.items()))
    subprocess.run(["bash", MAKE_ROOT, work / "root", packages], check=True, timeout=300,
                   capture_output=True)
    return work / "root"


def build(*words, cwd, environment=None, code=0):
    """`konvoy-image build`, which must end with `code`."""
    done = subprocess.run([BIN / "konvoy-image", "build", *map(str, words)], cwd=cwd,
                          capture_output=True, text=True, timeout=600, check=False,
                          env={**os.environ, **(environment or {})})
    assert done.returncode == code, done.stderr
    return done

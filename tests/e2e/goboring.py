"""A signed package repository whose Kubernetes and containerd are real goboring programs.

packages(testbed), or small_packages(testbed) -> directory with
    el7/x86_64/, el8/x86_64/   as repository.py makes them, with the packages below added
    real/                      the packages below alone
    RPM-GPG-KEY-test

The programs are those of ../shared/data/goboring beside the source tree; where that is not, and in
small_packages, small Go programs with the same module in them stand for them.
"""

import functools
import lzma
import os
import pathlib
import shutil

import repository
from go_programs import TOP, GoPrograms

REAL = TOP.parent / "shared" / "data" / "goboring"
KUBERNETES = "1.20.2"
CONTAINERD = "1.6.20"
SHIM = "containerd-shim-runc-v2"


def _program(name, work, go, real):
    packed = REAL / f"{name}.xz"
    if not real or not packed.exists():
        return go.path("boring_fips_only")
    out = work / name
    with lzma.open(packed) as source, open(out, "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    out.chmod(0o755)
    return out


def _packages(work, real):
    go = GoPrograms(work / "go")
    program = functools.partial(_program, work=work, go=go, real=real)
    # A stand-in ends at once; the real one stays.
    stays = real and (REAL / "containerd.xz").exists()
    starts = "/usr/bin/containerd" if stays else "/usr/bin/sleep infinity"

    def kubernetes(name, **more):
        return repository.Package(name, KUBERNETES, programs={f"/usr/bin/{name}": program(name)}, **more)
    return [
        kubernetes("kubelet", unit=True, starts="/usr/bin/kubelet",
                   requires=("kubernetes-cni >= 0.8.7", "iptables >= 1.4.21", "socat", "conntrack")),
        kubernetes("kubeadm", requires=("kubelet >= 1.13.0", "kubectl >= 1.13.0", "cri-tools >= 1.13.0")),
        kubernetes("kubectl"),
        repository.Package(
            "containerd.io", CONTAINERD, "3.1.el8", unit=True, starts=starts,
            requires=("container-selinux >= 2:2.74", "libseccomp"),
            programs={f"/usr/bin/{name}": program(name)
                      for name in ("containerd", SHIM, "ctr", "runc")}),
    ]


def _make(testbed, real, directory):
    repository.copy(testbed.repository, directory)
    work = directory / "work"
    rpms = [repository.build_package(package, work) for package in _packages(work, real)]
    repository.sign(directory, rpms)
    alone = directory / "real"
    alone.mkdir()
    for rpm in rpms:
        shutil.move(rpm, alone)
    for flavour in ("el7", "el8"):
        for rpm in alone.iterdir():
            os.link(rpm, directory / flavour / "x86_64" / rpm.name)
        repository.publish(directory, flavour)
    shutil.rmtree(work)
    repository.end_agent(directory)


def packages(testbed):
    """Made once (40 seconds) and kept until what it is made of changes."""
    return _cached(testbed, "goboring", True)


def small_packages(testbed):
    """The same for machines under emulation, where 400 MB of programs take minutes to digest."""
    return _cached(testbed, "goboring-small", False)


def _cached(testbed, name, real):
    made_from = pathlib.Path(__file__).read_text() + testbed.repository.name + str(
        sorted(path.name for path in REAL.glob("*.xz")))
    return testbed.cached(name, functools.partial(_make, testbed, real), made_from)


def overrides(url, path, extra=""):
    """An overrides file for these packages at an address."""
    return repository.overrides(url, path, f"""\
kubernetes_version: "{KUBERNETES}"
containerd_version: "{CONTAINERD}"
download_images: false
{extra}""")

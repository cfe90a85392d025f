"""A signed package repository of our own making: real rpms, real signatures, real metadata.

build(directory) leaves there
    el7/x86_64/, el8/x86_64/   rpms and repodata, with repomd.xml.asc
    RPM-GPG-KEY-test           the public key (RSA: EL's rpm cannot check EdDSA)
    gnupg/                     the key ring that signs, for tests that add packages of their own

Package(...) and add_package() let a test add, or spoil, packages.
"""

import dataclasses
import os
import pathlib
import shutil
import subprocess
import textwrap

KEY_ID = "konvoy-test@example.invalid"
SYSTEM_PROVIDES = [
    "bash = 4.4.20", "/bin/sh", "/usr/bin/sh", "/bin/bash", "systemd = 239", "iproute = 5.12",
    "util-linux = 2.32", "policycoreutils = 2.9", "glibc = 2.28", "coreutils = 8.30",
    "rpm = 4.14.3", "dnf = 4.7.0", "yum = 4.7.0", "python3 = 3.6.8", "openssh-server = 8.0p1",
    "sudo = 1.8.29", "kernel = 4.18.0", "dracut = 049",
]


@dataclasses.dataclass
class Package:
    """One package. With `program` it holds a small script there; with `unit` also a service."""
    name: str
    version: str
    release: str = "0"
    requires: tuple = ()
    provides: tuple = ()
    obsoletes: tuple = ()
    program: str = ""
    unit: bool = False
    epoch: int = 0
    arch: str = "x86_64"
    files: dict = dataclasses.field(default_factory=dict)  # path -> text
    programs: dict = dataclasses.field(default_factory=dict)  # path -> an executable here
    starts: str = ""  # what the service starts, instead of the script

    @property
    def nevra(self):
        return f"{self.name}-{self.version}-{self.release}.{self.arch}"

    def spec(self):
        lines = [f"Name: {self.name}", f"Version: {self.version}", f"Release: {self.release}",
                 f"Summary: {self.name} for tests", "License: Apache-2.0", "AutoReqProv: no"]
        if self.epoch:
            lines.append(f"Epoch: {self.epoch}")
        if self.arch == "noarch":
            lines.append("BuildArch: noarch")
        lines += [f"Requires: {one}" for one in self.requires]
        lines += [f"Provides: {one}" for one in self.provides]
        lines += [f"Obsoletes: {one}" for one in self.obsoletes]
        lines += ["%description", f"{self.name} for tests", "%install"]
        listed = []
        for path, text in self._contents().items():
            lines.append(f"install -d %{{buildroot}}{os.path.dirname(path)}")
            lines.append(f"cat > %{{buildroot}}{path} <<'END_OF_FILE'\n{text}END_OF_FILE")
            mode = "0755" if path == self.program else "0644"
            lines.append(f"chmod {mode} %{{buildroot}}{path}")
            listed.append(path)
        for path, source in self.programs.items():
            lines.append(f"install -D -m 0755 {source} %{{buildroot}}{path}")
            listed.append(path)
        lines += ["%files", *listed]
        return "\n".join(lines) + "\n"

    def _contents(self):
        contents = dict(self.files)
        if self.program:
            contents[self.program] = textwrap.dedent(f"""\
                #!/bin/sh
                if [ "$1" = run ]; then exec sleep infinity; fi
                echo "{self.name} {self.version}"
                """)
        if self.unit:
            service = self.name.removesuffix(".io")
            contents[f"/usr/lib/systemd/system/{service}.service"] = textwrap.dedent(f"""\
                [Unit]
                Description={self.name} for tests
                [Service]
                ExecStart={self.starts or self.program + " run"}
                Restart=always
                [Install]
                WantedBy=multi-user.target
                """)
        return contents


def kubernetes_packages():
    """What a Kubernetes node of this project's time is made of."""
    packages = []
    for version in ("1.20.9", "1.21.3", "1.21.5", "1.21.6"):
        packages += [
            Package("kubelet", version, program="/usr/bin/kubelet", unit=True,
                    requires=("kubernetes-cni >= 0.8.7", "iptables >= 1.4.21", "socat", "conntrack",
                              "ebtables", "ethtool", "iproute", "util-linux")),
            Package("kubectl", version, program="/usr/bin/kubectl"),
            Package("kubeadm", version, program="/usr/bin/kubeadm",
                    requires=("kubelet >= 1.13.0", "kubectl >= 1.13.0", "cri-tools >= 1.13.0",
                              "kubernetes-cni >= 0.8.6")),
        ]
    packages += [
        Package("kubernetes-cni", "0.8.7", program="/opt/cni/bin/bridge", requires=("kubelet",)),
        Package("cri-tools", "1.13.0", program="/usr/bin/crictl"),
        Package("container-selinux", "2.167.0", "1.el8", epoch=2, requires=("policycoreutils",),
                files={"/usr/share/containers/selinux/contexts": "test\n"}),
        Package("conntrack-tools", "2.0.0", "1.el8", provides=("conntrack",),
                program="/usr/sbin/conntrack"),
        Package("yum-plugin-versionlock", "4.0.21", "3.el8",
                files={"/usr/share/doc/versionlock": "test\n"}),
    ]
    for version in ("1.4.9", "1.4.11", "1.4.13"):
        packages.append(Package("containerd.io", version, "3.1.el8", program="/usr/bin/containerd",
                                unit=True, requires=("container-selinux >= 2:2.74", "libseccomp")))
    for name in ("socat", "ebtables", "ethtool", "chrony", "libseccomp", "iptables", "audit",
                 "dracut-fips", "dracut-fips-aesni", "nfs-utils", "cloud-utils-growpart",
                 "open-vm-tools", "azure-cli"):
        packages.append(Package(name, "2.0.0", "1.el8", program=f"/usr/libexec/{name}-test"))
    packages.append(Package("cloud-init", "22.1", "5.el8", files=_cloud_init_files()))
    return packages


def _cloud_init_files():
    """cloud-init's units, and its features as EL8's release has them; EL7's has none."""
    files = {f"/usr/lib/systemd/system/{unit}.service":
             "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n"
             for unit in ("cloud-init-local", "cloud-init", "cloud-config", "cloud-final")}
    files["/usr/lib/python3.6/site-packages/cloudinit/features.py"] = (
        "ERROR_ON_USER_DATA_FAILURE = True\n"
        "try:\n    from cloudinit.feature_overrides import *\nexcept ImportError:\n    pass\n")
    return files


def system_packages():
    """The system itself as packages, so that requirements resolve and $releasever is found."""
    def release(name, version, rel, *provides):
        return Package(name, version, rel, arch="noarch", provides=provides)
    return {
        "base": Package("el-base", "1", "1", arch="noarch", provides=tuple(SYSTEM_PROVIDES)),
        "centos8": release("centos-linux-release", "8.4", "1.2105.el8", "centos-release = 8.4",
                           "redhat-release = 8.4", "system-release = 8.4",
                           "system-release(releasever) = 8"),
        "centos7": release("centos-release", "7", "9.2009.1.el7.centos", "redhat-release = 7.9",
                           "system-release = 7.9", "system-release(releasever) = 7"),
        "rhel8": release("redhat-release", "8.4", "0.6.el8", "system-release = 8.4",
                         "system-release(releasever) = 8"),
        "rhel7": release("redhat-release-server", "7.9", "3.el7", "redhat-release = 7.9",
                         "system-release = 7.9", "system-release(releasever) = 7"),
    }


def _run(argv, **options):
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{argv[0]} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _environment(directory):
    return {**os.environ, "GNUPGHOME": str(pathlib.Path(directory) / "gnupg"), "LC_ALL": "C"}


def build_package(package, work):
    """The path of the unsigned rpm of `package`."""
    work = pathlib.Path(work)
    (work / "SPECS").mkdir(parents=True, exist_ok=True)
    spec = work / "SPECS" / f"{package.nevra}.spec"
    spec.write_text(package.spec())
    _run(["rpmbuild", "--quiet", "--target", "x86_64", "-bb",
          "--define", f"_topdir {work}", "--define", "debug_package %{nil}",
          "--define", "_build_id_links none", "--define", "_binary_payload w1.gzdio",
          # Programs are packed as they are, not stripped.
          "--define", "__os_install_post %{nil}",
          "--define", f"_rpmfilename {package.nevra}.rpm", spec], cwd=work)
    return work / "RPMS" / f"{package.nevra}.rpm"


def sign(directory, rpms):
    """Signs rpms with the test key."""
    _run(["rpmsign", "--define", f"_gpg_name {KEY_ID}", "--define", "_gpg_digest_algo sha256",
          "--define", "__gpg /usr/bin/gpg", "--addsign", *rpms], env=_environment(directory))


def publish(directory, flavour):
    """Makes the metadata of el7 or el8 anew and signs it."""
    packages = pathlib.Path(directory) / flavour / "x86_64"
    _run(["createrepo_c", "--quiet", packages])
    metadata = packages / "repodata" / "repomd.xml"
    _run(["gpg", "--batch", "--yes", "--armor", "--detach-sign", "-u", KEY_ID, metadata],
         env=_environment(directory))


def add_package(directory, flavour, package, signed=True):
    """Builds a package, puts it into a repository and publishes that; gives the rpm's path."""
    directory = pathlib.Path(directory)
    made = build_package(package, directory / "work")
    if signed:
        sign(directory, [made])
    path = pathlib.Path(shutil.copy2(made, directory / flavour / "x86_64"))
    publish(directory, flavour)
    return path


def copy(source, target):
    """A repository to add to, with the other's packages and key. gpg's sockets belong to the one."""
    def link_packages(path, to):
        (os.link if path.endswith(".rpm") else shutil.copy2)(path, to)

    shutil.copytree(source, target, copy_function=link_packages,
                    ignore=shutil.ignore_patterns("work", "S.*", "random_seed"))
    (pathlib.Path(target) / "work").mkdir()


def overrides(url, path, more):
    """An overrides file for a repository that is served at `url`; `more` is added to it."""
    flavour = f"{url}/el{{{{ ansible_distribution_major_version }}}}/x86_64"
    path.write_text(f"""\
kubernetes_cni_version: "0.8.7"
crictl_version: "1.13.0"
kubernetes_rpm_repository_url: "{flavour}"
kubernetes_rpm_gpg_key_url: {url}/RPM-GPG-KEY-test
docker_rpm_repository_url: "{flavour}"
docker_rpm_gpg_key_url: {url}/RPM-GPG-KEY-test
{more}""")
    return path


def end_agent(directory):
    """Ends the agent that gpg started to sign."""
    _run(["gpgconf", "--kill", "gpg-agent"], env=_environment(directory))


def build(directory):
    """Everything, from nothing; about 15 seconds."""
    directory = pathlib.Path(directory)
    gnupg = directory / "gnupg"
    gnupg.mkdir(parents=True, mode=0o700)
    environment = _environment(directory)
    _run(["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key",
          f"konvoy test <{KEY_ID}>", "rsa3072", "sign", "never"], env=environment)
    (directory / "RPM-GPG-KEY-test").write_text(
        _run(["gpg", "--batch", "--armor", "--export", KEY_ID], env=environment))
    packages = kubernetes_packages() + list(system_packages().values())
    rpms = [build_package(package, directory / "work") for package in packages]
    sign(directory, rpms)
    for flavour in ("el7", "el8"):
        target = directory / flavour / "x86_64"
        target.mkdir(parents=True)
        for rpm in rpms:
            shutil.copy2(rpm, target)
        publish(directory, flavour)
    end_agent(directory)

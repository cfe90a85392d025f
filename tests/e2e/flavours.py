"""Debian made to look like EL7 and EL8: the roots that hosts.py starts."""

import dataclasses
import os
import pathlib
import shutil
import subprocess

KEEPER_PASSWORD = "keeper word 7"

BASE_PACKAGES = ",".join("""
    bzip2 ca-certificates chrony createrepo-c curl dbus dnf dnf-plugins-core dracut gnupg
    grub-pc-bin grub2-common gzip iproute2 iputils-ping kmod less openssh-server policycoreutils
    procps python3 rpm selinux-utils sudo systemd systemd-sysv tar xz-utils busybox
    """.split())


@dataclasses.dataclass(frozen=True)
class Flavour:
    ident: str
    name: str
    version: str
    pretty: str
    like: str
    cpe: str
    release: str      # text of /etc/redhat-release
    repository: str   # el7 or el8
    packages: tuple   # the system as packages, see repository.system_packages()


FLAVOURS = {
    "el8": Flavour("centos", "CentOS Linux", "8", "CentOS Linux 8", "rhel fedora",
                   "cpe:/o:centos:centos:8", "CentOS Linux release 8.4.2105", "el8",
                   ("el-base-1-1.noarch", "centos-linux-release-8.4-1.2105.el8.noarch")),
    "el7": Flavour("centos", "CentOS Linux", "7", "CentOS Linux 7 (Core)", "rhel fedora",
                   "cpe:/o:centos:centos:7", "CentOS Linux release 7.9.2009 (Core)", "el7",
                   ("el-base-1-1.noarch", "centos-release-7-9.2009.1.el7.centos.noarch")),
    "rhel8": Flavour("rhel", "Red Hat Enterprise Linux", "8.4",
                     "Red Hat Enterprise Linux 8.4 (Ootpa)", "fedora",
                     "cpe:/o:redhat:enterprise_linux:8.4:GA",
                     "Red Hat Enterprise Linux release 8.4 (Ootpa)", "el8",
                     ("el-base-1-1.noarch", "redhat-release-8.4-0.6.el8.noarch")),
    "rhel7": Flavour("rhel", "Red Hat Enterprise Linux Server", "7.9",
                     "Red Hat Enterprise Linux Server 7.9 (Maipo)", "fedora",
                     "cpe:/o:redhat:enterprise_linux:7.9:GA:server",
                     "Red Hat Enterprise Linux Server release 7.9 (Maipo)", "el7",
                     ("el-base-1-1.noarch", "redhat-release-server-7.9-3.el7.noarch")),
}


def _run(argv, **options):
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{argv[0]}: {done.stdout[-3000:]}{done.stderr[-3000:]}")


def make_debian(packages, directory):
    """A minimal Debian with these packages (names with commas); needs the Debian mirror."""
    sources = "/etc/apt/sources.list.d/debian.sources"
    if not os.path.exists(sources):
        sources = "/etc/apt/sources.list"
    _run(["mmdebstrap", "--variant=minbase", "--mode=root",
          '--aptopt=Apt::Install-Recommends "false"', f"--include={packages}",
          "bookworm", directory, sources],
         env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"})


def _put(root, path, text, mode=0o644):
    file = pathlib.Path(root) / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink() or file.exists():
        file.unlink()
    file.write_text(text)
    file.chmod(mode)


def _link(root, path, to):
    file = pathlib.Path(root) / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink() or file.exists():
        file.unlink()
    file.symlink_to(to)


def make_template(flavour_name, base, repository, key, root):
    """A copy of the base that looks like EL, with users, keys and the package repository."""
    flavour = FLAVOURS[flavour_name]
    _run(["cp", "-a", "--reflink=auto", base, root])
    _identity(root, flavour)
    _package_manager(root, flavour, repository)
    _kernel_modules(root)
    _tools(root)
    _users(root, key)


def _identity(root, flavour):
    for name in ("etc/debian_version", "etc/issue", "usr/lib/os-release", "etc/os-release"):
        (pathlib.Path(root) / name).unlink(missing_ok=True)
    major = flavour.version.split(".")[0]
    _put(root, "/usr/lib/os-release",
         f'NAME="{flavour.name}"\nVERSION="{flavour.version}"\nID="{flavour.ident}"\n'
         f'ID_LIKE="{flavour.like}"\nVERSION_ID="{flavour.version}"\n'
         f'PLATFORM_ID="platform:el{major}"\nPRETTY_NAME="{flavour.pretty}"\n'
         f'CPE_NAME="{flavour.cpe}"\n')
    _link(root, "/etc/os-release", "../usr/lib/os-release")
    _put(root, "/etc/redhat-release", flavour.release + "\n")
    if flavour.ident == "centos":
        _put(root, "/etc/centos-release", flavour.release + "\n")
    _link(root, "/etc/system-release", "redhat-release")
    _put(root, "/etc/machine-id", "")


def _package_manager(root, flavour, repository):
    # Debian's rpm keeps its database in the home directory, its dnf is more forgiving than EL's.
    _put(root, "/etc/rpm/macros",
         f"%_dbpath /var/lib/rpm\n%_db_backend sqlite\n%dist .{flavour.repository}\n")
    _put(root, "/etc/dnf/plugins/local.conf", "[main]\nenabled = false\n")
    _put(root, "/etc/dnf/dnf.conf",
         "[main]\ngpgcheck=1\ninstallonly_limit=3\nclean_requirements_on_remove=True\nbest=True\n"
         "skip_if_unavailable=False\n")
    _put(root, "/etc/yum.repos.d/test.repo",
         "[test]\nname=test packages\nbaseurl=@REPOSITORY@/$basearch/\nenabled=1\ngpgcheck=1\n"
         "repo_gpgcheck=1\ngpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-test\n")
    pathlib.Path(root, "etc/dnf/vars").mkdir(parents=True, exist_ok=True)
    _put(root, "/etc/pki/rpm-gpg/RPM-GPG-KEY-test",
         (pathlib.Path(repository) / "RPM-GPG-KEY-test").read_text())
    pathlib.Path(root, "var/lib/rpm").mkdir(parents=True, exist_ok=True)
    packages = pathlib.Path(root, "var/tmp/packages")
    packages.mkdir()
    for name in flavour.packages:
        shutil.copy2(pathlib.Path(repository) / flavour.repository / "x86_64" / f"{name}.rpm",
                     packages)
    _run(["chroot", root, "sh", "-ec", "rpm --import /etc/pki/rpm-gpg/RPM-GPG-KEY-test;"
          "rpm -U /var/tmp/packages/*.rpm"])
    shutil.rmtree(packages)


def _kernel_modules(root):
    # The machine's kernel has everything built in: with this modprobe answers truthfully.
    release = os.uname().release
    directory = f"/lib/modules/{release}"
    _put(root, f"{directory}/modules.builtin",
         "kernel/net/bridge/br_netfilter.ko\nkernel/fs/overlayfs/overlay.ko\n"
         "kernel/net/netfilter/nf_conntrack.ko\n")
    _put(root, f"{directory}/modules.order", "")
    subprocess.run(["chroot", root, "depmod", release], capture_output=True, check=False)


def _tools(root):
    _link(root, "/usr/bin/yum", "dnf-3")
    _link(root, "/usr/bin/grub2-editenv", "grub-editenv")
    _link(root, "/usr/sbin/grub2-mkconfig", "grub-mkconfig")
    _put(root, "/etc/ssh/sshd_config.d/test.conf",
         "UseDNS no\nMaxStartups 100:30:200\nMaxSessions 100\nPasswordAuthentication yes\n")


def _users(root, key):
    public = pathlib.Path(f"{key}.pub").read_text()
    _put(root, "/root/.ssh/authorized_keys", public, 0o600)
    pathlib.Path(root, "root/.ssh").chmod(0o700)
    for user in ("centos", "keeper", "terminal"):
        _run(["chroot", root, "useradd", "--create-home", "--shell", "/bin/bash", user])
        _put(root, f"/home/{user}/.ssh/authorized_keys", public, 0o600)
        pathlib.Path(root, f"home/{user}/.ssh").chmod(0o700)
        _run(["chroot", root, "chown", "-R", f"{user}:{user}", f"/home/{user}/.ssh"])
    _run(["chroot", root, "chpasswd"], input=f"keeper:{KEEPER_PASSWORD}\n")
    _put(root, "/etc/sudoers.d/test",
         "centos ALL=(ALL) NOPASSWD: ALL\nkeeper ALL=(ALL) ALL\n"
         "terminal ALL=(ALL) NOPASSWD: ALL\nDefaults:terminal requiretty\n", 0o440)
    _run(["chroot", root, "sh", "-ec",
          "rm -f /etc/ssh/ssh_host_*; ssh-keygen -A >/dev/null; mkdir -p /run/sshd;"
          "systemctl enable ssh >/dev/null 2>&1;"
          "systemctl mask systemd-firstboot systemd-resolved >/dev/null 2>&1;"
          "ln -sf ssh.service /etc/systemd/system/sshd.service"])

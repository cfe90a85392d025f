"""Repositories that are gone, and the vault that took their place."""

import contextlib
import functools
import http.server
import os
import threading

import pytest

from hosts import GATEWAY, locked
from test_provision import Setting, text_of

DEAD = """\
[baseos]
name=CentOS Linux $releasever - BaseOS
mirrorlist=http://mirrorlist.centos.org/?release=$releasever&arch=$basearch&repo=BaseOS
#baseurl=http://mirror.centos.org/centos/$releasever/BaseOS/$basearch/os/
gpgcheck=1
enabled=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-test
"""
OTHER = """\
[appstream]
name=CentOS Linux $releasever - AppStream
baseurl=http://mirror.centos.org/centos/$releasever/AppStream/$basearch/os/
enabled=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-test
"""
ROLES = ("--only", "repository", "--only", "packages")


@contextlib.contextmanager
def served_vault(testbed, repository, top):
    """vault.centos.org, for hosts that look for it at the gateway; of one test at a time."""
    for name in ("BaseOS", "AppStream"):
        directory = top / "centos" / "8" / name / "x86_64"
        directory.mkdir(parents=True)
        os.symlink(repository / "el8" / "x86_64", directory / "os")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(top))
    with (locked(testbed.cache / "lock-vault"),
          http.server.ThreadingHTTPServer((GATEWAY, 80), handler) as server):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@pytest.fixture
def vault(testbed, tmp_path):
    with served_vault(testbed, testbed.repository, tmp_path / "vault"):
        yield


def centos(host):
    # Nobody listens for the mirrors: quicker than a name that no server knows.
    host.write("/etc/hosts", "127.0.0.1 localhost mirror.centos.org mirrorlist.centos.org\n"
                             f"{GATEWAY} vault.centos.org\n")
    host.write("/etc/yum.repos.d/CentOS-Linux-BaseOS.repo", DEAD)
    host.write("/etc/yum.repos.d/CentOS-Linux-AppStream.repo", OTHER)


def test_dead_mirrors_are_named_and_the_vault_mends_them(testbed, tmp_path, vault):
    with testbed.host("el8") as host:
        centos(host)
        refused = Setting(testbed, host, tmp_path).provision(*ROLES, status=3)
        assert refused["failed_step"] == "repository/answers"
        assert refused["error"] == "enabled repositories do not answer: appstream, baseos"
        assert "repositories.centos_vault: true" in (tmp_path / "work/record.json").read_text()
        assert not host.exists("/etc/yum.repos.d/kubernetes.repo")

        setting = Setting(testbed, host, tmp_path, "repositories: {centos_vault: true}\n")
        assert setting.provision(*ROLES)["outcome"] == "ok"
        assert "\nbaseurl=http://vault.centos.org/centos/" in text_of(
            host, "/etc/yum.repos.d/CentOS-Linux-BaseOS.repo")
        assert host.run(["rpm", "-q", "socat"]).returncode == 0
        assert setting.provision(*ROLES)["changed"] == 0


def test_a_repository_that_may_be_missing_is_only_told(testbed, tmp_path):
    with testbed.host("el8") as host:
        host.write("/etc/yum.repos.d/extra.repo",
                   "[extra]\nname=extra\nbaseurl=http://127.0.0.1:9/\nskip_if_unavailable=1\n")
        setting = Setting(testbed, host, tmp_path)
        result = setting.provision(*ROLES)
        assert result["outcome"] == "ok"
        assert "repositories that do not answer: extra" in (
            tmp_path / "work" / "record.json").read_text()

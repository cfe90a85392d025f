"""A machine that runs in FIPS mode is not changed for packages that its rpm can't verify, wherever they
come from."""

import contextlib

import repository
import test_offline
import test_repositories
import test_subscription
from inventories import konvoy_json
from test_provision import Setting


def without_sha256_of_the_header(rpm):
    """As rpmbuild before 4.14 wrote packages: the tag of this digest (rpmtag.h, RPMSIGTAG_SHA256)
    is in no index any more. The lead has 96 bytes, the signature's index 16 for each entry."""
    data = bytearray(rpm)
    intro = 96
    assert data[intro:intro + 3] == b"\x8e\xad\xe8"
    for entry in range(int.from_bytes(data[intro + 8:intro + 12], "big")):
        at = intro + 16 + 16 * entry
        if int.from_bytes(data[at:at + 4], "big") == 273:
            data[at:at + 4] = (999).to_bytes(4, "big")
            return bytes(data)
    raise AssertionError("there is no such digest")


@contextlib.contextmanager
def flawed(source, name):
    """The repository while one of its packages has no such digest."""
    (path,) = (source / "el8/x86_64").glob(f"{name}.rpm")
    good = path.read_bytes()
    for content in (without_sha256_of_the_header(good), good):
        path.unlink()  # it shares its blocks with the original
        path.write_bytes(content)
        repository.publish(source, "el8")
        if content != good:
            yield


class FipsNode:
    """A host that runs in FIPS mode: its kernel has none, this is what says so to everybody."""

    ROLES = ("--only", "repository", "--only", "packages", "--only", "kubernetes/packages")

    def __init__(self, testbed, host, directory, source, extra=""):
        self.host, self.source, self.directory = host, source, directory
        host.run(["rm", "-f", "/etc/yum.repos.d/test.repo"])
        host.run(["rpm", "-e", "--allmatches", "gpg-pubkey"])  # they come with the repositories
        host.run(["sh", "-ec", "read -r boot < /proc/sys/kernel/random/boot_id;"
                               "mount -t tmpfs tmpfs /proc/sys; cd /proc/sys;"
                               "mkdir -p crypto kernel/random; echo 1 > crypto/fips_enabled;"
                               "echo $boot > kernel/random/boot_id"])
        self.setting = Setting(testbed, host, directory, extra)
        self.from_url(testbed.serve(source), extra)

    def from_url(self, url, extra=""):
        repository.overrides(url, self.directory / "overrides.yaml",
                             f'containerd_version: "1.4.11"\n{extra}')

    def state(self):
        return self.host.run(["sh", "-c", "cat /etc/dnf/dnf.conf /etc/yum.repos.d/*; rpm -qa"]).stdout

    def refuses(self, package):
        """Before anything but what makes packages visible; what that changed is up to the caller."""
        refused = self.setting.provision(*self.ROLES, status=3)
        assert (refused["outcome"], refused["failed_step"]) == ("failed", "packages/digests")
        assert refused["error"].startswith(f"rpm in FIPS mode can't verify {package}: no SHA-256")
        return refused

    def converges(self):
        self.host.run(["sh", "-c", "rm -rf /var/cache/dnf/*"])
        assert self.setting.provision(*self.ROLES)["outcome"] == "ok"
        assert self.host.run(["rpm", "-V", "kubelet", "socat"]).stdout == b""
        assert self.setting.provision(*self.ROLES)["changed"] == 0


def newer_socat(source):
    """What only this repository has, where others have one, too."""
    package = repository.Package("socat", "2.0.1", "1.el8", program="/usr/bin/socat")
    repository.add_package(source, "el8", package)
    return package.nevra


def test_from_repositories_to_come(testbed, tmp_path, source):
    with testbed.host("el8") as host:
        node = FipsNode(testbed, host, tmp_path, source)
        with flawed(source, "kubelet-1.21.3-0.x86_64"):
            before = node.state()
            (planned,) = konvoy_json("plan", *node.setting.words, *node.ROLES)["hosts"]
            assert planned["changes"][0]["step"] == "packages/digests"
            node.refuses("kubelet")
            assert node.state() == before
        node.converges()


def test_from_repositories_with_a_login(testbed, tmp_path, source):
    with testbed.host("el8") as host:
        node = FipsNode(testbed, host, tmp_path, source)
        node.from_url(testbed.serve(source, "me:canary-4b1d").replace("://", "://me:canary-4b1d@"))
        with flawed(source, "kubelet-1.21.3-0.x86_64"):
            before = node.state()
            node.refuses("kubelet")
            assert node.state() == before
            # The configuration is written as it is, for its owner alone.
            assert [path.name for path in (tmp_path / "work").rglob("*")
                    if path.is_file() and "canary-4b1d" in path.read_text()] == ["config.yaml"]
            assert (tmp_path / "work/config.yaml").stat().st_mode & 0o777 == 0o600
        node.converges()


def test_from_a_bundle(testbed, tmp_path, source):
    """Its files are on the host then, in their own directory."""
    with testbed.host("el8") as host, flawed(source, "socat-*"):
        bundle = test_offline.package_bundle(source, tmp_path / "flawed.tar.gz", "el8")
        node = FipsNode(testbed, host, tmp_path, source, test_offline.configuration(bundle))
        before = node.state()
        assert node.refuses("socat")["changed"] == 1
        assert node.state() == before
        assert host.exists("/opt/dkp/packages/offline-repo/repodata/repomd.xml")
    with testbed.host("el8") as host:
        bundle = test_offline.package_bundle(source, tmp_path / "good.tar.gz", "el8")
        FipsNode(testbed, host, tmp_path, source, test_offline.configuration(bundle)).converges()


def test_from_the_vault(testbed, tmp_path, source):
    with testbed.host("el8") as host, test_repositories.served_vault(testbed, source, tmp_path / "vault"):
        node = FipsNode(testbed, host, tmp_path, source, "repositories: {centos_vault: true}\n")
        node.from_url(testbed.repository_url, "repositories: {centos_vault: true}\n")
        test_repositories.centos(host)
        with flawed(source, newer_socat(source)):
            before = node.state()
            node.refuses("socat")
            assert node.state() == before
        node.converges()


def test_from_repositories_of_a_registration(testbed, tmp_path, monkeypatch, source):
    monkeypatch.setenv("RHSM_USER", "me")
    monkeypatch.setenv("RHSM_PASS", test_subscription.SECRET)
    with testbed.host("rhel8") as host:
        node = FipsNode(testbed, host, tmp_path, source)
        node.from_url(testbed.repository_url)
        test_subscription.with_manager(host, offers=f"{testbed.serve(source)}/el8/x86_64")
        with flawed(source, newer_socat(source)):
            assert node.refuses("socat")["changed"] == 1
            assert not host.exists("/etc/yum.repos.d/kubernetes.repo")
            assert host.exists(test_subscription.STATE)
        node.converges()

"""OpenSCAP with ComplianceAsCode's own content judges image roots: fail before, pass after.

enable_fips_mode as a whole cannot pass in a root: it looks at sysctl and uname, which OpenSCAP does
not evaluate offline. Its parts that are files are looked at here: the rules it extends, and
/boot/grub2/grubenv. "notapplicable" (no rpm database, no release package) counts as a failure.
"""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

import repository
import vm

TOP = pathlib.Path(__file__).resolve().parents[2]
FIPS_STEPS = pathlib.Path(os.environ.get("KONVOY_BIN", TOP / "build/release/bin")) / "fips-steps"
CONTENT = pathlib.Path("/usr/share/xml/scap/ssg/content")
RULE = "xccdf_org.ssgproject.content_rule_"
# What an initramfs with dracut's fips module holds; whether a real one does is test_vm_offline's.
INITRAMFS_FILES = {
    "usr/lib/dracut/modules.txt": "base\nfips\n", "usr/sbin/fips.sh": "", "etc/fipsmodules": "",
    "usr/lib/dracut/hooks/pre-trigger/01-fips-boot.sh": "",
    "usr/lib/dracut/hooks/pre-pivot/01-fips-noboot.sh": "", "usr/bin/sha512hmac": "",
    "etc/system-fips": "",
}


class Judge:
    """oscap on one root, with the values that a profile selects."""

    def __init__(self, root, content, profile, home):
        self.root, self.content, self.profile, self.home = root, content, profile, home
        # Debian's rpm would look for the database in the home directory.
        home.mkdir()
        (home / ".rpmmacros").write_text("%_dbpath /var/lib/rpm\n")

    def result(self, rule):
        """"pass", "fail", "notapplicable", ..."""
        done = subprocess.run(
            ["oscap", "xccdf", "eval", "--profile", f"xccdf_org.ssgproject.content_profile_"
             f"{self.profile}", "--rule", RULE + rule, CONTENT / self.content],
            env={**os.environ, "HOME": str(self.home), "OSCAP_PROBE_ROOT": str(self.root)},
            capture_output=True, check=False, timeout=300)
        results = re.findall(rb"^Result\r?\t(\w+)$", done.stdout, re.MULTILINE)
        assert len(results) == 1, done.stdout + done.stderr
        return results[0].decode()


def _put_initramfs(root, release, work):
    for path, text in INITRAMFS_FILES.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)
    packed = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc"], cwd=work, check=True,
                            input="\n".join(INITRAMFS_FILES).encode(), capture_output=True).stdout
    (root / f"boot/initramfs-{release}.img").write_bytes(packed)


def _apply(root):
    done = subprocess.run([FIPS_STEPS, root, "apply"], capture_output=True, text=True, check=False,
                          timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def make_root(testbed, tmp_path):
    def make(flavour):
        root = tmp_path / "root"
        release = vm.make_root(testbed, root, separate_boot=True, flavour=flavour, initramfs=False)
        _put_initramfs(root, release, tmp_path / "initramfs")
        return root
    return make


def _install(root, rpm):
    shutil.copy2(rpm, root / "var/tmp/one.rpm")
    vm.enter_chroot(root, ["rpm", "-U", "/var/tmp/one.rpm"])


def test_release_8(make_root, testbed, tmp_path):
    root = make_root("rhel8")
    judge = Judge(root, "ssg-rhel8-ds.xml", "ospp", tmp_path / "home")
    rules = ["enable_dracut_fips_module", "configure_crypto_policy"]
    if judge.result("configure_crypto_policy") == "notapplicable":
        pytest.fail("the root is not taken for release 8")
    assert [judge.result(rule) for rule in rules] == ["fail", "fail"]
    assert b"fips=1" not in (root / "boot/grub2/grubenv").read_bytes()
    _apply(root)
    # The profile's policy is FIPS:OSPP, which only update-crypto-policies can set: plain FIPS is
    # judged by the profile that selects it.
    judge.profile = "stig"
    assert judge.result("enable_dracut_fips_module") == "pass"
    assert b"fips=1 boot=UUID=" in (root / "boot/grub2/grubenv").read_bytes()
    assert judge.result("configure_crypto_policy") == "pass"


def test_release_7(make_root, testbed, tmp_path):
    packages = tmp_path / "packages"
    repository.copy(testbed.repository, packages)
    for name in ("dracut-fips", "dracut-fips-aesni"):
        files = {"/etc/system-fips": "", "/usr/lib/dracut/dracut.conf.d/40-fips.conf":
                 'add_dracutmodules+=" fips "\n'} if name == "dracut-fips" else {}
        repository.add_package(packages, "el7",
                               repository.Package(name, "033", "572.el7", files=files))
    root = make_root("rhel7")
    shutil.copytree(packages / "el7", root / "var/tmp/packages")
    (root / "etc/yum.repos.d/test.repo").write_text(
        "[test]\nname=test\nbaseurl=file:///var/tmp/packages/$basearch/\nenabled=1\ngpgcheck=1\n"
        "gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-test\n")
    _install(root, repository.add_package(packages, "el7",
                                          repository.Package("grub2-common", "2.02", "0.87.el7")))
    judge = Judge(root, "ssg-rhel7-ds.xml", "ospp", tmp_path / "home")
    rules = ["grub2_enable_fips_mode", "package_dracut-fips_installed"]
    assert [judge.result(rule) for rule in rules] == ["fail", "fail"]
    assert "fips/packages" in _apply(root)
    assert [judge.result(rule) for rule in rules] == ["pass", "pass"]

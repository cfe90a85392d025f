"""`manifest create --from DIRECTORY` with real rpms, judged on a root where rpm unpacked them."""

import json
import shutil
import subprocess

import pytest

import product

PACKAGES = ("kubelet-1.21.6-0", "kubeadm-1.21.6-0", "kubectl-1.21.6-0", "containerd.io-1.4.13-3.1.el8")


@pytest.fixture
def packages(tmp_path, testbed):
    directory = tmp_path / "rpms"
    directory.mkdir()
    for name in PACKAGES:
        shutil.copy2(testbed.repository / "el8/x86_64" / f"{name}.x86_64.rpm", directory)
    return directory


def create(keys, directory, path, *more):
    system = more or ("--os", "rhel-8.4", "--arch", "x86_64")
    return product.run("konvoy-image", "manifest", "create", "--from", directory, *system, "--sign",
                       keys.fingerprints["signer"], path)


def unpack(packages, root):
    """A root with the files of the packages, by rpm2cpio and cpio."""
    for directory in ("etc", "var/lib/rpm"):
        (root / directory).mkdir(parents=True)
    (root / "etc/os-release").write_text('ID="rhel"\nVERSION_ID="8.4"\nNAME="Red Hat"\n')
    for rpm in packages.iterdir():
        content = subprocess.run(["rpm2cpio", rpm], check=True, capture_output=True).stdout
        subprocess.run(["cpio", "--quiet", "-idm"], input=content, cwd=root, check=True)


def test_packages_and_the_root_that_they_are_installed_in(tmp_path, keys, packages):
    path, root = tmp_path / "manifest.json.asc", tmp_path / "root"
    made = create(keys, packages, path)
    assert made.returncode == 0, made.stderr
    unpack(packages, root)
    keyring = keys.export(tmp_path / "trusted.gpg", "signer")
    shown = json.loads(product.run("konvoy-image", "manifest", "show", "-o", "json", "--keyring",
                                   keyring, path).stdout)
    assert (shown["kubernetes"], shown["containerd"]) == ("1.21.6", "1.4.13")
    assert [entry["path"] for entry in shown["files"]] == [
        "/usr/bin/containerd", "/usr/bin/kubeadm", "/usr/bin/kubectl", "/usr/bin/kubelet"]
    assert shown["files"][3]["package"] == "kubelet-1.21.6-0.x86_64"

    def states():
        run = product.run("dkp-fips-tool", "--json", "--keyring", keyring, "--root", root, path)
        return {part["name"]: part["status"] for part in json.loads(run.stdout)["components"]}

    assert set(states().values()) == {"ok"}
    kubelet = root / "usr/bin/kubelet"
    kubelet.write_bytes(kubelet.read_bytes().replace(b"1.21.6", b"1.21.7"))
    assert states()["/usr/bin/kubelet"] == "mismatch"


def test_two_versions_of_a_package(tmp_path, testbed, keys, packages):
    shutil.copy2(testbed.repository / "el8/x86_64/kubelet-1.21.3-0.x86_64.rpm", packages)
    made = create(keys, packages, tmp_path / "manifest.asc")
    assert made.returncode == 2
    assert ("'/usr/bin/kubelet' is in 'kubelet-1.21.3-0.x86_64' and in 'kubelet-1.21.6-0.x86_64'"
            in made.stderr)
    assert "leave only the packages of one version" in made.stderr
    assert not (tmp_path / "manifest.asc").exists()


def test_packages_do_not_say_which_system_they_are_for(tmp_path, keys, packages):
    made = create(keys, packages, tmp_path / "manifest.asc", "--arch", "x86_64")
    assert made.returncode == 2
    assert "--os rhel-8.4" in made.stderr

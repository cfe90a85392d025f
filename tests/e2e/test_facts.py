"""`konvoy-image facts` and `validate` on real hosts and image roots."""

import json
import subprocess
import time

import pytest

from inventories import konvoy_image, konvoy_json, yaml_inventory


def facts_of(*words, status=0):
    return {host["name"]: host for host in konvoy_json("facts", *words, status=status)["hosts"]}


@pytest.mark.parametrize("flavour, distribution, version, manager", [
    ("el8", "CentOS", "8", "dnf"),
    ("el7", "CentOS", "7", "yum"),
    ("rhel8", "RedHat", "8.4", "dnf"),
])
def test_facts_agree_with_what_the_host_itself_says(testbed, tmp_path, flavour, distribution,
                                                    version, manager):
    with testbed.host(flavour) as host:
        inventory = yaml_inventory(tmp_path / "inventory.yaml", [host])
        before = time.time()
        facts = facts_of("--inventory-file", inventory)[host.name]["facts"]
        assert (facts["distribution"], facts["os_family"]) == (distribution, "RedHat")
        assert facts["distribution_version"].startswith(version)
        assert facts["ansible_distribution_major_version"] == version.split(".")[0]
        assert facts["package_manager"] in (manager, "dnf")

        def says(*argv):
            return host.run(argv).stdout.decode().strip()

        assert facts["hostname"] == says("cat", "/proc/sys/kernel/hostname")
        assert facts["running_kernel"] == says("uname", "-r")
        assert facts["architecture"] == says("uname", "-m")
        assert facts["cpus"] == int(says("nproc", "--all"))
        assert host.address in facts["addresses"]
        assert not [one for one in facts["addresses"] if one.startswith(("127.", "fe80"))]
        assert abs(facts["time"] - before) < 30
        installed = set(says("rpm", "-qa", "--qf", "%{NAME}\n").split())
        assert set(facts["packages"]) == installed
        version_of_release = says("rpm", "-qa", "--qf", "%{NAME} %{VERSION}-%{RELEASE}\n")
        for line in version_of_release.splitlines():
            name, evr = line.split()
            if says("rpm", "-q", name).count("\n") == 0:
                assert facts["packages"][name].split(":")[-1] == evr
        total = int(says("df", "-P", "-B1", "/").splitlines()[1].split()[1])
        root = [mount for mount in facts["mounts"] if mount["path"] == "/"]
        assert [mount["size_bytes"] for mount in root] == [total]
        assert facts["unread"] == []


def test_a_boot_changes_the_boot_id_and_nothing_else_does(testbed, tmp_path):
    with testbed.host(systemd=True) as host:
        inventory = yaml_inventory(tmp_path / "inventory.yaml", [host])

        def boot():
            facts = facts_of("--inventory-file", inventory)[host.name]["facts"]
            assert facts["init"] == "systemd"
            return facts["boot_id"]

        first = boot()
        assert boot() == first
        host.reboot()
        assert boot() != first


def test_a_user_without_root_sees_less_and_is_told_so(testbed, tmp_path):
    with testbed.host() as host:
        host.run(["mkdir", "-p", "-m", "700", "/boot/loader/entries"])
        host.write("/boot/loader/entries/a.conf", "title a\n")
        plain = yaml_inventory(tmp_path / "plain.yaml", [host], "centos", {"ansible_become": "no"})
        facts = facts_of("--inventory-file", plain)[host.name]["facts"]
        assert facts["boot"]["bls_entries"] == []
        assert [one for one in facts["unread"] if one.startswith("/boot/loader/entries")]
        sudo = yaml_inventory(tmp_path / "sudo.yaml", [host], "centos")
        facts = facts_of("--inventory-file", sudo)[host.name]["facts"]
        assert facts["boot"]["bls_entries"] == ["/boot/loader/entries/a.conf"]
        assert facts["unread"] == []


def test_hosts_side_by_side_also_when_one_is_gone(testbed, tmp_path):
    with testbed.host("el8") as one, testbed.host("el7") as two:
        inventory = yaml_inventory(tmp_path / "inventory.yaml", [one, two])
        with inventory.open("a") as file:
            file.write("    gone:\n      ansible_host: 10.98.255.254\n"
                       "      ansible_ssh_common_args: -F none -o ConnectTimeout=2\n")
        told = facts_of("--inventory-file", inventory, status=4)
        assert [told[name]["reachable"] for name in (one.name, two.name, "gone")] == [
            True, True, False]
        assert "gone" in told["gone"]["error"]
        told = facts_of("--inventory-file", inventory, "--limit", "all:!gone")
        assert set(told) == {one.name, two.name}


def test_hosts_of_the_command_line(testbed):
    with testbed.host() as host:
        # Test addresses come round again: what another run learnt of this one does not count.
        subprocess.run(["ssh-keygen", "-R", host.address], capture_output=True, check=False)
        refused = konvoy_image("facts", "--host", f"root@{host.address}", "--ssh-key", testbed.key)
        assert refused.returncode == 4
        assert "host key" in refused.stderr


def test_an_image_root_is_read_and_not_changed(testbed, tmp_path):
    root = testbed.image_root("el8", tmp_path / "root")
    (root / "etc/fstab").write_text(
        "UUID=0a1b2c3d-1111-4222-8333-444455556666 /boot xfs defaults 0 0\n")
    for path in ("lib/modules/4.18.0-305.el8.x86_64", "boot/loader/entries"):
        (root / path).mkdir(parents=True, exist_ok=True)
    (root / "boot/vmlinuz-4.18.0-305.el8.x86_64").write_text("kernel")
    # An absolute link leads within the image, never out of it.
    (root / "etc/crypto-policies/state").mkdir(parents=True, exist_ok=True)
    (root / "etc/crypto-policies/state/current").unlink(missing_ok=True)
    (root / "etc/crypto-policies/state/current").symlink_to("/policy")
    (root / "policy").write_text("FIPS\n")

    def listing():
        done = subprocess.run(["find", root, "-printf", "%P %y %s %T@ %C@ %m\n"],
                              capture_output=True, check=True)
        # A query of rpm takes locks in files of its own beside the database.
        return sorted(line for line in done.stdout.splitlines()
                      if not line.startswith((b"var/lib/rpm/rpmdb.sqlite-", b"var/lib/rpm/.rpm.lock")))

    before = listing()
    facts = facts_of("--root", root)[str(root)]["facts"]
    assert listing() == before
    assert facts["live"] is False
    assert facts["distribution"] == "CentOS"
    assert facts["architecture"] == "x86_64"
    assert [kernel["release"] for kernel in facts["kernels"]] == ["4.18.0-305.el8.x86_64"]
    assert facts["boot"]["boot_uuid"] == "0a1b2c3d-1111-4222-8333-444455556666"
    assert facts["crypto_policy"] == "FIPS"
    assert facts["running_kernel"] == ""
    installed = subprocess.run(["rpm", "--root", root, "--dbpath", "/var/lib/rpm", "-qa", "--qf",
                                "%{NAME}\n"], capture_output=True, text=True, check=True)
    assert set(facts["packages"]) == set(installed.stdout.split())


def validated(*words, status):
    return {host["name"]: host for host in konvoy_json("validate", *words, status=status)["hosts"]}


def statuses(host):
    return {check["name"]: check["status"] for check in host["checks"]}


def test_validate_finds_what_is_wrong_on_a_real_host(testbed, tmp_path):
    with testbed.host("el8") as one, testbed.host("el8") as two:
        inventory = yaml_inventory(tmp_path / "inventory.yaml", [one, two])
        listener = subprocess.Popen(
            ["nsenter", "-t", str(one.pid), "--net", "python3", "-c",
             "import socket, time\n"
             "s = socket.socket(socket.AF_INET6); s.bind(('::', 10250)); s.listen()\n"
             "print('ready', flush=True); time.sleep(600)"], stdout=subprocess.PIPE)
        try:
            assert listener.stdout.readline() == b"ready\n"
            one.write("/etc/kubernetes/admin.conf", "left")
            two.write("/mnt/disks/a/data", "old")
            told = validated("--inventory-file", inventory, "--service-subnet", "10.98.0.0/16",
                             status=1)
        finally:
            listener.kill()
            listener.wait()
            listener.stdout.close()
        assert told[one.name]["result"] == "fail"
        first, second = statuses(told[one.name]), statuses(told[two.name])
        assert first["os"] == second["os"] == "ok"
        assert first["time"] == "ok"
        assert (first["ports"], second["ports"]) == ("failed", "ok")
        assert (first["leftovers"], second["leftovers"]) == ("failed", "ok")
        assert (first["persistent-volumes"], second["persistent-volumes"]) == ("ok", "failed")
        assert (first["service-subnet"], first["pod-subnet"]) == ("failed", "ok")
        assert first["programs"] == "failed"
        reasons = {check["name"]: check for check in told[one.name]["checks"]}
        assert "10250 (kubelet)" in reasons["ports"]["reason"]
        assert one.address in reasons["service-subnet"]["reason"]
        assert all(check["fix"] for check in told[one.name]["checks"]
                   if check["status"] == "failed")


def test_validate_can_be_told_to_ignore_everything_and_refuses_nonsense(testbed, tmp_path):
    with testbed.host("el8") as host:
        inventory = yaml_inventory(tmp_path / "inventory.yaml", [host])
        told = validated("--inventory-file", inventory, "--errors-to-ignore", "all", status=0)
        assert told[host.name]["result"] == "pass"
    for words in (["--errors-to-ignore", "swop"], ["--pod-subnet", "10.1.0.0/8"],
                  ["--apiserver-port", "70000"]):
        done = konvoy_image("validate", "--host", "local", *words)
        assert done.returncode == 2, done.stderr
        assert done.stdout == ""


def test_nothing_stands_on_stdout_but_the_document(testbed, tmp_path):
    with testbed.host() as host:
        inventory = yaml_inventory(tmp_path / "i.yaml", [host], extra={"ansible_hots": "x"})
        done = konvoy_image("facts", "--inventory-file", inventory, "-o", "json")
        json.loads(done.stdout)
        assert "did you mean 'ansible_host'" in done.stderr

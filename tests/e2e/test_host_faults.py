"""Hosts with something the matter that is told and, once that is put right, forgotten: a clock that is
off, file systems without room or that may not be written."""

import os

import pytest

import repository
from inventories import konvoy_json, yaml_inventory
from test_package_faults import KUBELET, Run
from test_provision import Setting

# In place of `date`, as the clock of a host can't be set apart from that of its neighbours.
DATE = "#!/bin/sh\nexec /usr/bin/date.real -d '{off}' \"$@\"\n"


@pytest.mark.parametrize("off, told", [("1 hour", "ahead of"), ("-1 hour", "behind")])
def test_a_clock_that_is_off_is_found(testbed, tmp_path, off, told):
    with testbed.host("el8") as host:
        host.run(["mv", "/usr/bin/date", "/usr/bin/date.real"])
        host.write("/usr/bin/date", DATE.format(off=off), mode="0755")
        inventory = yaml_inventory(tmp_path / "inventory.yaml", [host])
        (answer,) = konvoy_json("validate", "--inventory-file", inventory, status=1)["hosts"]
        (check,) = [one for one in answer["checks"] if one["name"] == "time"]
        assert check["status"] == "failed"
        words = check["reason"].split()
        assert abs(int(words[3]) - 3600) < 60 and check["reason"].endswith(f"seconds {told} ours")
        assert "chronyd" in check["fix"]
        # What is done there does not depend on the time of day.
        setting = Setting(testbed, host, tmp_path)
        assert setting.provision("--only", "kernel,network")["outcome"] == "ok"
        assert setting.provision("--only", "kernel,network")["changed"] == 0


def test_a_directory_that_is_read_only_stops_at_its_step(testbed, tmp_path):
    with testbed.host("el8") as host:
        host.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", "/etc/sysctl.d"])
        setting = Setting(testbed, host, tmp_path)
        result = setting.provision("--only", "kernel", status=3)
        assert result["failed_step"] == "kernel/sysctl"
        assert "/etc/sysctl.d/90-kubernetes.conf: read-only file system" in result["error"]
        host.run(["umount", "/etc/sysctl.d"])
        assert setting.provision("--only", "kernel")["outcome"] == "ok"
        assert setting.provision("--only", "kernel")["changed"] == 0


def test_a_host_that_is_all_read_only_is_left_alone(testbed, tmp_path):
    with testbed.host("el8") as host:
        host.run(["mount", "-o", "remount,ro", "/"])
        setting = Setting(testbed, host, tmp_path)
        result = setting.provision(status=3)
        assert result["error"] == f"cannot lock '{host.name}': read-only file system"
        host.run(["mount", "-o", "remount,rw", "/"])
        assert setting.provision("--only", "kernel")["outcome"] == "ok"


def test_packages_without_room_wait_for_it(testbed, tmp_path, source):
    large = tmp_path / "large"
    large.write_bytes(os.urandom(30 << 20))
    repository.add_package(source, "el8", repository.Package(
        "kubernetes-cni", "0.8.7", "1", program="/opt/cni/bin/bridge", requires=("kubelet",),
        programs={"/opt/cni/bin/large": large}))
    with testbed.host("el8", disk_mb=80) as host:
        run = Run(testbed, host, tmp_path, source)
        host.run(["sh", "-c", "head -c 60M /dev/zero >/var/filler"])
        result = run.result(status=3)
        assert result["failed_step"] == "kubernetes/packages"
        assert "Failed writing received data to disk" in run.problems()
        assert not host.exists("/usr/bin/kubelet")
        host.run(["rm", "/var/filler"])
        assert run.result()["outcome"] == "ok"
        assert host.run(["rpm", "-V", KUBELET.name, "kubernetes-cni"]).stdout == b""
        assert run.result()["changed"] == 0

"""The test hosts themselves: what other tests stand on."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

import hosts


@pytest.mark.parametrize("flavour, version", [("el8", "8"), ("el7", "7"), ("rhel8", "8.4")])
def test_a_host_looks_like_el_and_installs_signed_packages(testbed, flavour, version):
    with testbed.host(flavour) as host:
        assert f'VERSION_ID="{version}"' in host.read("/etc/os-release").decode()
        assert host.ssh("id -u").stdout == b"0\n"
        assert host.ssh("sudo -n id -u", user="centos").stdout == b"0\n"
        host.run(["dnf", "-y", "--quiet", "install", "kubelet-1.21.3"])
        assert host.run(["rpm", "-q", "kubelet"]).stdout == b"kubelet-1.21.3-0.x86_64\n"


def test_hosts_are_apart(testbed):
    with testbed.host() as one, testbed.host() as two:
        assert one.address != two.address
        one.write("/etc/only-here", "x")
        assert not two.exists("/etc/only-here")
        assert one.run(["ping", "-c1", "-W2", two.address]).returncode == 0


def test_a_cut_connection_leaves_the_host(testbed):
    with testbed.host() as host:
        client = subprocess.Popen(["ssh", *map(str, host.ssh_options()), host.address, "sleep 60"],
                                  stderr=subprocess.DEVNULL)
        hosts.wait_until(lambda: host.processes("sleep 60"), what="the remote sleep")
        host.cut()
        assert client.wait(10) == 255
        assert host.ssh("true").returncode == 0


def test_a_systemd_host_reboots(testbed):
    with testbed.host(systemd=True) as host:
        host.write("/etc/kept", "x")
        host.write("/run/lost", "x")
        host.reboot()
        assert host.exists("/etc/kept")
        assert not host.exists("/run/lost")


def test_a_small_disk_gets_full(testbed):
    with testbed.host(disk_mb=8) as host:
        done = host.run(["dd", "if=/dev/zero", "of=/var/big", "bs=1M", "count=20"], check=False)
        assert b"No space left on device" in done.stderr


def test_nothing_is_left_of_a_killed_test():
    program = ("import sys, time; sys.path.insert(0, sys.argv[1]); import hosts\n"
               "host = hosts.Testbed().host(); print(host.pid, host.name, flush=True)\n"
               "time.sleep(60)")
    here = str(pathlib.Path(__file__).parent)
    killed = subprocess.Popen([sys.executable, "-c", program, here], stdout=subprocess.PIPE)
    pid, name = killed.stdout.readline().decode().split()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    hosts.wait_until(lambda: not os.path.exists(f"/proc/{pid}"), what="the end of the host")
    time.sleep(0.1)
    mounts = pathlib.Path("/proc/self/mounts").read_text()
    assert f"/{name}/" not in mounts
    hosts.wait_until(lambda: subprocess.run(["ip", "link", "show", f"{name}-0"],
                                            capture_output=True).returncode != 0,
                     what="the end of the interface")

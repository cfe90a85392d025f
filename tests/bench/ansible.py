"""Sixty ordinary tasks on one host and on ten, first run and second, against Ansible with the same tasks
on the same hosts: as it is installed, and tuned (pipelining, 50 forks). And the second run, connection
included, against `ssh host true`."""

import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import hosts  # noqa: E402
from targets import program  # noqa: E402

ROUNDS = 5
TASKS = 60
# hosts -> how many times faster than Ansible as it is installed: first run, second run
GOALS = {1: (15, 40), 10: (15, 60)}
MOST_CONNECTIONS = 2.0  # times `ssh host true`
CLEAN = "rm -rf /etc/b-* /etc/sysctl.d/9?-b.conf /opt/b"
DEFAULT = "[defaults]\nhost_key_checking = False\n"
TUNED = ("[defaults]\nhost_key_checking = False\nforks = 50\n[ssh_connection]\npipelining = True\n"
         "ssh_args = -C -o ControlMaster=auto -o ControlPersist=300s\n")


def tasks():
    """Those of bench-tasks, in Ansible's words."""
    made = []
    for i in range(10):
        made += [
            {"copy": {"dest": f"/etc/b-copy{i}.conf", "content": f"line {i}\n" * 20, "mode": "0644"}},
            {"template": {"src": "t.j2", "dest": f"/etc/b-tmpl{i}.conf", "mode": "0600"},
             "vars": {"n": i}},
            {"lineinfile": {"path": "/etc/b-copy0-li.conf", "line": f"key{i}=1",
                            "regexp": f"^key{i}=", "create": True}},
            {"copy": {"dest": f"/etc/sysctl.d/9{i}-b.conf", "mode": "0644",
                      "content": f"net.core.somaxconn={1024 + i}\n"}},
            {"file": {"path": f"/opt/b/dir{i}", "state": "directory", "mode": "0755"}},
        ]
    for i in range(5):
        made += [{"stat": {"path": f"/etc/b-copy{i}.conf"}},
                 {"command": "uname -r", "changed_when": False}]
    assert len(made) == TASKS
    return made


class Bench:
    def __init__(self, work, machines):
        self.work, self.machines = work, machines
        self.key = machines[0].testbed.key
        (work / "t.j2").write_text(
            "host={{ inventory_hostname }}\nn={{ n }}\nos={{ ansible_kernel }}\n")
        (work / "play.yml").write_text(
            json.dumps([{"hosts": "all", "gather_facts": True, "tasks": tasks()}]))
        lines = [f"{one.address} ansible_ssh_common_args='-o UserKnownHostsFile={one.known_hosts}'"
                 for one in machines]
        lines += ["[all:vars]", "ansible_user=root", f"ansible_ssh_private_key_file={self.key}",
                  "ansible_python_interpreter=/usr/bin/python3"]
        (work / "inventory").write_text("\n".join(lines) + "\n")
        self.memory = 0

    def clean(self):
        for one in self.machines:
            one.run(["sh", "-c", CLEAN])

    def ours(self):
        done = run([program("bench-tasks"), self.key,
                    *(f"{one.address}={one.known_hosts}" for one in self.machines)])
        words = done.split()
        self.memory = max(self.memory, int(words[5]))
        return int(words[1])

    def ansible(self, configuration):
        (self.work / "ansible.cfg").write_text(configuration)
        run(["ansible-playbook", "-i", "inventory", "play.yml"], cwd=self.work,
            env={**os.environ, "ANSIBLE_CONFIG": str(self.work / "ansible.cfg"),
                 "ANSIBLE_HOME": str(self.work / "home"), "HOME": str(self.work)})

    def pair(self, work, rounds):
        """Seconds of a first and of a second run."""
        firsts, seconds_ = [], []
        for _ in range(rounds):
            self.clean()
            firsts.append(seconds(work))
            seconds_.append(seconds(work))
        return statistics.median(firsts), statistics.median(seconds_)


def run(argv, **options):
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, check=False,
                          **options)
    if done.returncode != 0:
        sys.exit(f"{argv}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def seconds(work):
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def measure(bench):
    """Rows for these hosts, and the goals that were missed."""
    count = len(bench.machines)
    bench.clean()
    assert bench.ours() == 50 * count and bench.ours() == 0
    ours = bench.pair(bench.ours, ROUNDS)
    missed = []
    for name, configuration in (("Ansible", DEFAULT),
                                ("Ansible with pipelining and 50 forks", TUNED)):
        peer = bench.pair(lambda: bench.ansible(configuration), 1)
        assert bench.ours() == 0, "Ansible left something else than ours"
        for index, which in enumerate(("first run", "second run")):
            ratio = peer[index] / ours[index]
            print(f"{which}, {count} hosts\t{ours[index]:.2f} s\t{peer[index]:.1f} s\t{ratio:.0f}\t"
                  f"{TASKS} tasks; peer: {name}", flush=True)
            if configuration is DEFAULT and ratio < GOALS[count][index]:
                missed.append(f"{which} on {count}: {ratio:.0f} times, goal {GOALS[count][index]}")
    return missed


def measure_connection(bench):
    one = bench.machines[0]
    ours, peer = [], []
    for _ in range(2 * ROUNDS):  # in turns: both see the same load
        ours.append(seconds(bench.ours))
        peer.append(seconds(lambda: one.ssh("true")))
    times = statistics.median(ours) / statistics.median(peer)
    print(f"no change, 1 host\t{statistics.median(ours):.3f} s\t{statistics.median(peer):.3f} s\t"
          f"{1 / times:.2f}\t{TASKS} tasks, {bench.memory / 1024:.0f} MB of memory; peer: ssh host true",
          flush=True)
    return [] if times <= MOST_CONNECTIONS else [f"no change: {times:.2f} times ssh host true"]


def main():
    bed = hosts.Testbed()
    missed = []
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory() as work:
        machines = [stack.enter_context(bed.host("el8")) for _ in range(10)]
        for count in GOALS:
            directory = pathlib.Path(work, str(count))
            directory.mkdir()
            bench = Bench(directory, machines[:count])
            missed += measure(bench)
            if count == 1:
                missed += measure_connection(bench)
    bed.close()
    if missed:
        sys.exit("; ".join(missed))


if __name__ == "__main__":
    main()

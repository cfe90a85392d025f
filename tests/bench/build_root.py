"""`build` of a root with fips.yaml against what it cannot do without: dnf putting the same packages into
the same base. Above that floor are our copy of the base, settings, sysprep, the look at every executable
and the record. And against Ansible over chroot, with a playbook of only the packages, three files and the
services. All start from the miniature EL 8 root and read packages from the repository in it.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import miniature  # noqa: E402

ROUNDS = 3
LIMIT = 1.3
REPOSITORY = "var/lib/konvoy-miniature/repository"
KEY = "etc/pki/rpm-gpg/RPM-GPG-KEY-miniature"
# What the builder gives a root, too: the playbook and its dnf run inside.
MOUNTED = 'mount -t proc proc "$0/proc"; mount --bind /dev "$0/dev"; exec "$@"'

PLAYBOOK = """- hosts: all
  gather_facts: true
  tasks:
    - ansible.builtin.yum_repository:
        {{name: kubernetes, description: kubernetes, baseurl: "file:///{repository}",
          gpgkey: "file:///{key}", gpgcheck: true}}
    - ansible.builtin.dnf: {{name: {packages}, state: present}}
    - ansible.builtin.copy:
        {{dest: "{{{{ item.path }}}}", content: "{{{{ item.text }}}}", mode: "0644"}}
      loop:
        - {{path: /etc/modules-load.d/k8s.conf, text: "overlay\\nbr_netfilter\\n"}}
        - {{path: /etc/sysctl.d/99-k8s.conf, text: "net.ipv4.ip_forward = 1\\n"}}
        - {{path: /etc/crictl.yaml, text: "runtime-endpoint: unix:///run/containerd/containerd.sock\\n"}}
    - ansible.builtin.systemd: {{name: "{{{{ item }}}}", enabled: true}}
      loop: [containerd, kubelet]
"""


def run(argv, **options):
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, check=False,
                          **options)
    if done.returncode != 0:
        sys.exit(f"{argv}: {done.stdout[-2000:]}{done.stderr[-2000:]}")


def is_complete(root):
    return all((root / path).exists() for path in ("usr/bin/kubelet", "usr/bin/containerd"))


class Bench:
    def __init__(self, work):
        self.work, self.base, self.root = work, miniature.make(work / "base"), work / "result"
        # Debian's rpm has its database elsewhere than EL.
        (work / ".rpmmacros").write_text("%_dbpath /var/lib/rpm\n%_db_backend sqlite\n")
        self.home = {**os.environ, "HOME": str(work)}

    def measure(self, build, prepare=lambda: None):
        """The quickest of some runs, each into an empty place."""
        times = []
        for _ in range(ROUNDS):
            shutil.rmtree(self.root, ignore_errors=True)
            prepare()
            start = time.monotonic()
            build()
            times.append(time.monotonic() - start)
            if not is_complete(self.root):
                sys.exit(f"{build.__name__} left no node in {self.root}")
        return min(times)

    def copy_base(self):
        run(["cp", "-a", self.base, self.root])

    def build_ours(self):
        miniature.build("--overrides", "overrides/fips.yaml", "images/root/centos-8.yaml", "--base",
                        self.base, "--result", self.root, "--extra-vars", "result.format=directory",
                        *miniature.REPOSITORY, cwd=self.work)

    def install(self):
        run(["dnf", "-y", "-q", f"--installroot={self.root}", "--releasever=8",
             f"--repofrompath=packages,file://{self.base / REPOSITORY}", "--repo=packages",
             "--setopt=packages.gpgcheck=1", f"--setopt=packages.gpgkey=file://{self.base / KEY}",
             "install", *miniature.PACKAGES], env=self.home)

    def copy_and_install(self):
        self.copy_base()
        self.install()

    def copy_and_play(self):
        self.copy_base()
        playbook = self.work / "playbook.yaml"
        playbook.write_text(PLAYBOOK.format(repository=REPOSITORY, key=KEY,
                                            packages=json.dumps(list(miniature.PACKAGES))))
        run(["unshare", "--mount", "sh", "-ec", MOUNTED, self.root, "ansible-playbook", "-i",
             f"{self.root},", "-c", "community.general.chroot", "-e",
             "ansible_python_interpreter=/usr/bin/python3", playbook], env=self.home)


def row(ours, peer, what):
    print(f"build of a root\t{ours:.1f} s\t{peer:.1f} s\t{peer / ours:.2f}\t{what}")


def main():
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "base").mkdir()
        bench = Bench(work)
        ours = bench.measure(bench.build_ours)
        floor = bench.measure(bench.copy_and_install)
        alone = bench.measure(bench.install, bench.copy_base)
        playbook = bench.measure(bench.copy_and_play)
    row(ours, alone, "peer: dnf --installroot alone, on a base that is there already")
    row(ours, floor, "peer: cp -a of the base and dnf --installroot")
    row(ours, playbook, "peer: cp -a of the base and Ansible over chroot, a part of the work")
    if ours > LIMIT * floor:
        sys.exit(f"build took {ours / floor:.2f} times the floor, the limit is {LIMIT}")


main()

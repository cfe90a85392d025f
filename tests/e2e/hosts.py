"""Real test hosts: own network, file system and processes, real sshd, rpm, dnf and sudo.

    def test_something(testbed):                     # fixture of conftest.py, one a session
        with testbed.host("el8") as host:            # also el7, rhel8, rhel7
            host.address, host.name                  # "10.98.0.7", "kv7"
            host.ssh("id -u")                        # CompletedProcess, through the system's ssh
            host.run(["rpm", "-qa"])                 # the same without ssh, as root inside the host
            host.read("/etc/hosts"); host.write("/etc/motd", "text"); host.exists("/etc/x")
            testbed.key, host.known_hosts            # for --ssh-key, UserKnownHostsFile

    testbed.host("el8", systemd=True)   systemd is process 1 (nspawn); reboot() works
    testbed.host("el8", disk_mb=64)     what is written goes to a disk of that size
    testbed.repository                  signed packages (repository.py), served to every host
    host.cut()                          kills the ssh connections, not sshd
    host.ssh_config(path)               a configuration for `ssh -F` that knows the host

Users of every host: root and centos (sudo without password) log in with testbed.key; keeper logs
in with the key or the password KEEPER_PASSWORD and needs it for sudo; terminal has `requiretty`.

Everything is made from Debian packages below /var/tmp/konvoy-testbed-<user> (45 s the first time,
then kept until these sources change) and made to look like EL. A host takes about 0.3 s. Its
processes, mounts and interfaces live in namespaces that end with the test, even by SIGKILL.

As a program: `hosts.py prepare` makes the cache; `hosts.py shell el8` gives a shell in a host.
Needs root and: mmdebstrap rpm createrepo-c gnupg iproute2 openssh-client systemd-container.
"""

import base64
import contextlib
import ctypes
import fcntl
import functools
import getpass
import hashlib
import http.server
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

import flavours
import repository

BRIDGE = "kvtb0"
NETWORK = "10.98"
GATEWAY = f"{NETWORK}.0.1"
KEEPER_PASSWORD = flavours.KEEPER_PASSWORD
PR_SET_PDEATHSIG = 1
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C"}


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _run(argv, check=True, **options):
    done = subprocess.run([str(word) for word in argv], capture_output=True, **options)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, argv))}: {done.stdout!r} {done.stderr!r}")
    return done


@contextlib.contextmanager
def locked(path):
    """Of all processes of the tests only one is in here."""
    with open(path, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def wait_until(condition, seconds=20, what="the condition"):
    """Polls until condition() is true and gives what it gave."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise TimeoutError(f"{what} did not come true within {seconds} s")


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, login, *more, **options):
        self.wanted = "Basic " + base64.b64encode(login.encode()).decode() if login else None
        super().__init__(*more, **options)

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.wanted in (None, self.headers.get("Authorization")):
            super().do_GET()
        else:
            self.send_error(401)


class Testbed:
    """What hosts share: the cache, a bridge, and the package repository on it."""
    __test__ = False  # not a test class, whatever pytest thinks of its name

    def __init__(self):
        self.cache = pathlib.Path(f"/var/tmp/konvoy-testbed-{getpass.getuser()}")
        self.cache.mkdir(mode=0o755, exist_ok=True)
        self._hosts = []
        with locked(self.cache / "lock"):
            self.repository = self._cached("repository", repository.build, repository.__file__)
            self.key = self._cached("key", self._make_key) / "id"
            self.base = self._cached("base", functools.partial(
                flavours.make_debian, flavours.BASE_PACKAGES), text=flavours.BASE_PACKAGES)
            self._make_bridge()
        self._servers = []
        self.repository_url = self.serve(self.repository)

    def serve(self, directory, login=None):
        """The address at which every host finds a directory, until the session ends; with "user:password"
        for those who give that."""
        handler = functools.partial(_QuietHandler, login, directory=str(directory))
        server = http.server.ThreadingHTTPServer((GATEWAY, 0), handler)
        server.daemon_threads = True
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://{GATEWAY}:{server.server_port}"

    def cached(self, name, make, text):
        """A directory of the cache that make(directory) made, for this text."""
        with locked(self.cache / "lock"):
            return self._cached(name, make, text=text)

    def _cached(self, name, make, source=None, text=None):
        """A directory of the cache, made anew when what it is made from has changed."""
        made_from = text if text is not None else pathlib.Path(source).read_text() if source else ""
        stamp = hashlib.sha256(made_from.encode()).hexdigest()[:12]
        path = self.cache / f"{name}-{stamp}"
        if not path.exists():
            unfinished = self.cache / f"{name}-{stamp}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(path)
        return path

    @staticmethod
    def _make_key(directory):
        directory.mkdir()
        _run(["ssh-keygen", "-q", "-t", "rsa", "-b", "3072", "-N", "", "-f", directory / "id"])

    @staticmethod
    def _make_bridge():
        if _run(["ip", "link", "show", BRIDGE], check=False).returncode != 0:
            _run(["ip", "link", "add", BRIDGE, "type", "bridge"])
            _run(["ip", "addr", "add", f"{GATEWAY}/16", "dev", BRIDGE])
        _run(["ip", "link", "set", BRIDGE, "up"])

    def template(self, flavour):
        """The read-only root of a flavour."""
        source = pathlib.Path(flavours.__file__).read_text()
        made_from = source + pathlib.Path(self.repository).name + self.key.read_text()
        return self.cached(f"root-{flavour}", functools.partial(
            flavours.make_template, flavour, self.base, self.repository, self.key), made_from)

    def debian_root(self, packages, directory):
        """A plain minimal Debian with these packages (names with commas), as a directory tree."""
        made = self.cached("debian", functools.partial(flavours.make_debian, packages), packages)
        _run(["cp", "-a", "--reflink=auto", made, directory])
        return pathlib.Path(directory)

    def host(self, flavour="el8", systemd=False, disk_mb=None):
        """A running host; use it with `with`, or stop() it."""
        host = Host(self, flavour, systemd, disk_mb)
        self._hosts.append(host)
        return host

    def image_root(self, flavour, directory):
        """A copy of a flavour's root as a plain directory tree, for image root tests."""
        _run(["cp", "-a", "--reflink=auto", self.template(flavour), directory])
        return pathlib.Path(directory)

    def close(self):
        for host in self._hosts:
            host.stop()
        for server in self._servers:
            server.shutdown()


def _claim_number(directory):
    """A number that no running test uses: the lock ends with this process."""
    directory.mkdir(exist_ok=True)
    for number in range(2, 60000):
        lock = open(directory / str(number), "a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return number, lock
        except BlockingIOError:
            lock.close()
    raise RuntimeError("every test address is in use")


class Host:
    """One host. See the top of this file."""

    def __init__(self, testbed, flavour, systemd, disk_mb):
        self.testbed = testbed
        self.flavour = flavour
        self.systemd = systemd
        template = testbed.template(flavour)
        self._number, self._lock = _claim_number(testbed.cache / "addresses")
        self.name = f"kv{self._number}"
        self.address = f"{NETWORK}.{self._number // 250}.{self._number % 250 + 2}"
        self.directory = testbed.cache / "hosts" / self.name
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        self.known_hosts = self.directory / "known_hosts"
        self._start(template, disk_mb)

    def _start(self, template, disk_mb):
        self.console = self.directory / "console.log"
        script = _SYSTEMD_SCRIPT if self.systemd else _SSHD_SCRIPT
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "NAME": self.name,
                       "TEMPLATE": str(template), "DIR": str(self.directory),
                       "DISK": f"size={disk_mb}m" if disk_mb else "",
                       "REPOSITORY": self.testbed.repository_url,
                       "REPOSITORY_FLAVOUR": flavours.FLAVOURS[self.flavour].repository}
        with open(self.console, "wb") as console:
            self._process = subprocess.Popen(
                ["unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--fork",
                 "--kill-child", "sh", "-eu", "-c", _COMMON_SCRIPT + script],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=console,
                env=environment, preexec_fn=_die_with_parent, start_new_session=True)
        if self._process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{self.name}: {self.console.read_text()}")
        self._connect_network()
        self._process.stdin.write(b"go\n")
        self._process.stdin.close()
        template_key = (pathlib.Path(template) / "etc/ssh/ssh_host_rsa_key.pub").read_text()
        self.known_hosts.write_text(f"{self.address} {' '.join(template_key.split()[:2])}\n")
        wait_until(self._answers, 60, f"sshd of {self.name}")

    def _connect_network(self):
        pid, interface = self._process.pid, f"{self.name}-0"
        _run(["ip", "link", "add", interface, "type", "veth", "peer", "name", "eth0", "netns", pid])
        _run(["ip", "link", "set", interface, "master", BRIDGE, "up"])
        commands = [f"addr add {self.address}/16 dev eth0", "link set eth0 up", "link set lo up",
                    f"route add default via {GATEWAY}"]
        _run(["nsenter", "-t", pid, "-n", "ip", "-batch", "-"],
             input="\n".join(commands).encode() + b"\n")

    def _answers(self):
        if self._process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self.console.read_text()}")
        done = _run(["ssh-keyscan", "-T", "1", "-t", "rsa", self.address], check=False)
        return b"ssh-rsa" in done.stdout

    @property
    def pid(self):
        """Process 1 of the host, as a number out here."""
        child = self._children(self._process.pid)[0]
        if not self.systemd:
            return child
        nspawn = [one for one in self._children(child)
                  if self._command(one).endswith("systemd-nspawn")]
        return self._children(nspawn[0])[0]

    @staticmethod
    def _children(pid):
        return [int(one) for one in
                pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    @staticmethod
    def _command(pid):
        return os.path.basename(os.readlink(f"/proc/{pid}/exe"))

    def run(self, argv, check=True, **options):
        """A command inside the host as root, without ssh."""
        return _run([*self._enter(), *argv], check=check, env=_ENVIRONMENT, **options)

    def start(self, argv):
        """The same as a process that goes on; it ends with the host."""
        return subprocess.Popen([*self._enter(), *argv], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, env=_ENVIRONMENT)

    def _enter(self):
        pid = str(self.pid)
        return ["nsenter", "-t", pid, "--mount", "--net", "--pid", "--uts", "--ipc",
                f"--root=/proc/{pid}/root", "--wd=/"]

    def read(self, path):
        """The bytes of a file."""
        return self.run(["cat", path]).stdout

    def write(self, path, content, mode="0644"):
        """Puts a file with its missing parents."""
        data = content.encode() if isinstance(content, str) else content
        self.run(["sh", "-c", 'mkdir -p "${1%/*}/"; cat > "$1"; chmod "$2" "$1"', "sh", path, mode],
                 input=data)

    def exists(self, path):
        return self.run(["test", "-e", path], check=False).returncode == 0

    def ssh_options(self, user="root"):
        return ["-i", self.testbed.key, "-o", f"UserKnownHostsFile={self.known_hosts}",
                "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
                "-o", f"User={user}"]

    def ssh(self, command, user="root", check=True, **options):
        """A command through the system's ssh."""
        return _run(["ssh", "-F", "none", *self.ssh_options(user), self.address, command],
                    check=check, **options)

    def ssh_config(self, path, user="root"):
        """Writes a configuration for `ssh -F` with everything that this host needs."""
        pathlib.Path(path).write_text(
            f"Host {self.address} {self.name}\n  HostName {self.address}\n  User {user}\n"
            f"  IdentityFile {self.testbed.key}\n  IdentitiesOnly yes\n"
            f"  UserKnownHostsFile {self.known_hosts}\n")
        return pathlib.Path(path)

    def processes(self, pattern):
        """Process ids inside the host whose command line matches."""
        done = self.run(["pgrep", "-f", pattern], check=False)
        return [int(word) for word in done.stdout.split()]

    def cut(self):
        """Kills the server side of every ssh connection; new ones are accepted."""
        listener = self.run(["sh", "-c", "cat /run/sshd.pid"]).stdout.decode().strip()
        for pid in self.processes("^sshd: "):
            if str(pid) != listener:
                self.run(["kill", "-KILL", str(pid)], check=False)

    def reboot(self):
        """Reboots a systemd host and waits until it answers again."""
        before = self.pid
        self.run(["systemctl", "reboot"], check=False)

        def rebooted():
            try:
                return self.pid != before and self._answers()
            except (IndexError, FileNotFoundError, ProcessLookupError):
                return False
        wait_until(rebooted, 90, f"the reboot of {self.name}")

    def stop(self):
        if self._lock.closed:
            return  # the number and its directory may be another host's by now
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(Exception):
            self._process.stdout.close()
        _run(["ip", "link", "del", f"{self.name}-0"], check=False)

        def gone():
            shutil.rmtree(self.directory, ignore_errors=True)
            return not self.directory.exists()
        wait_until(gone, 10, f"the end of {self.name}")
        self._lock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


# Both run as process 1 of the new namespaces; stdout says "ready", stdin says when eth0 is there.
_COMMON_SCRIPT = r"""
mount --make-rprivate /
hostname "$NAME"
if [ -n "$DISK" ]; then mkdir "$DIR/disk"; mount -t tmpfs -o "$DISK" tmpfs "$DIR/disk"; up="$DIR/disk"
else up="$DIR"; fi
mkdir -p "$up/upper" "$up/work" "$DIR/root"
mount -t overlay overlay -o "lowerdir=$TEMPLATE,upperdir=$up/upper,workdir=$up/work" "$DIR/root"
cd "$DIR/root"
echo "$NAME" > etc/hostname
printf '127.0.0.1 localhost %s\n' "$NAME" > etc/hosts
sed -i "s|@REPOSITORY@|$REPOSITORY/$REPOSITORY_FLAVOUR|" etc/yum.repos.d/test.repo
"""

_SSHD_SCRIPT = r"""
mount -t proc proc proc; mount -t sysfs sysfs sys; mount -t tmpfs tmpfs run; mount -t tmpfs tmpfs dev
mkdir -p run/sshd run/lock dev/pts dev/shm
for node in null zero full random urandom tty; do
  : > dev/$node; mount --bind /dev/$node dev/$node
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr
echo ready; read go
exec chroot . /usr/sbin/sshd -D -e </dev/null
"""

# The sandbox of systemd-nspawn has cgroups of its own, one tree a host; it ends with status 133
# when the system inside reboots.
_SYSTEMD_SCRIPT = r"""
for tree in systemd unified; do
  [ -d /sys/fs/cgroup/$tree ] || continue
  mkdir -p /sys/fs/cgroup/$tree/konvoy-$NAME; echo 0 > /sys/fs/cgroup/$tree/konvoy-$NAME/cgroup.procs
done
mount -t proc proc /proc
echo ready; read go
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
while :; do
  status=0
  systemd-nspawn --quiet --boot --keep-unit --register=no --notify-ready=no --machine="$NAME" \
    --directory=. --capability=CAP_NET_ADMIN --kill-signal=SIGRTMIN+4 --resolv-conf=off \
    --timezone=off --link-journal=no --console=pipe </dev/null >&2 || status=$?
  [ $status = 133 ] || exit $status
  rmdir /sys/fs/cgroup/*/konvoy-$NAME/payload 2>/dev/null || :
done
"""


def main(arguments):
    testbed = Testbed()
    if arguments[:1] == ["prepare"]:
        for flavour in flavours.FLAVOURS:
            print(testbed.template(flavour))
    elif arguments[:1] == ["shell"]:
        with testbed.host(*arguments[1:2], systemd="systemd" in arguments) as host:
            subprocess.run(["nsenter", "-t", str(host.pid), "-a", "/bin/bash"], check=False)
    else:
        sys.exit(__doc__)
    testbed.close()


if __name__ == "__main__":
    main(sys.argv[1:])

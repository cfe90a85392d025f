"""A controller that is killed, at any moment and again and again: the host still gets there, and what
was started on it runs once."""

import concurrent.futures
import hashlib
import os
import random
import sqlite3
import subprocess
import time

import pytest

import hosts
from targets import program
from test_provision import Setting

KILLS = 20
# What rpm, dnf and the system's own programs write with times and sizes of their own, and the record.
NOT_OURS = ("tmp", "var/cache/dnf", "var/lib/dnf", "var/lib/rpm", "var/log",
            "var/lib/konvoy-image/record.json")
OF_ONE_HOST = ("etc/hostname", "etc/hosts")


def started(setting):
    return subprocess.Popen(
        [str(program("konvoy-image")), "provision", *map(str, setting.words), "--work-dir",
         str(setting.directory / "work")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def killed_after(setting, seconds):
    """Whether a run lived that long and was killed; one that ends before must end well."""
    process = started(setting)
    try:
        said = process.communicate(timeout=seconds)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    assert process.returncode == 0, said.decode()
    return False


def files_of(host):
    """What stands on the host beyond its template: every name, and the content of what is ours."""
    upper = host.directory / "upper"
    found = {}
    for path in sorted(upper.rglob("*")):
        name = str(path.relative_to(upper))
        if name.startswith(NOT_OURS) or name in OF_ONE_HOST:
            continue
        found[name] = (os.readlink(path) if path.is_symlink()
                       else hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file()
                       else "directory")
    return found


def transactions_of(host, copy):
    """How often each package was touched, from dnf's own history; every transaction must be done."""
    for suffix in ("", "-wal"):
        (copy.parent / f"{copy.name}{suffix}").write_bytes(
            host.read(f"/var/lib/dnf/history.sqlite{suffix}"))
    with sqlite3.connect(copy) as history:
        states = [state for (state,) in history.execute("select state from trans")]
        assert set(states) == {1}, "1 is a transaction that came to its end"
        return dict(history.execute("select name, count(*) from rpm natural join trans_item group by 1"))


@pytest.fixture(scope="module")
def undisturbed(testbed, tmp_path_factory):
    """How long a run takes on a bare host that nobody disturbs, and what it leaves there."""
    directory = tmp_path_factory.mktemp("undisturbed")
    with testbed.host("el8") as host:
        setting = Setting(testbed, host, directory)
        begin = time.monotonic()
        assert setting.provision()["outcome"] == "ok"
        took = time.monotonic() - begin
        yield took, files_of(host), transactions_of(host, directory / "history")


def live(testbed, directory, delays, undisturbed):
    """Bare hosts, one behind the other: runs on each are killed until one gets through. Gives the
    number of runs that were killed."""
    _, files, transactions = undisturbed
    delays, killed, lives = list(delays), 0, 0
    while delays:
        lives += 1
        place = directory / str(lives)
        place.mkdir()
        with testbed.host("el8") as host:
            setting = Setting(testbed, host, place)
            while delays and killed_after(setting, delays[-1]):
                delays.pop()
                killed += 1
            result = setting.provision()
            assert result["outcome"] == "ok"
            assert setting.provision()["changed"] == 0
            assert transactions_of(host, place / "history") == transactions
            assert files_of(host) == files
    return killed


def test_killed_at_twenty_random_points_and_run_again(testbed, undisturbed, tmp_path):
    """A run takes up where the one before was killed, so that the points wander over the whole work;
    no wait is longer than half of it."""
    took = undisturbed[0]
    chance = random.Random(140)
    delays = [took / 2 * (number + chance.random()) / KILLS for number in range(KILLS)]
    chance.shuffle(delays)
    shares = [delays[::2], delays[1::2]]
    places = [tmp_path / "one", tmp_path / "two"]
    for place in places:
        place.mkdir()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        killed = pool.map(lambda share, place: live(testbed, place, share, undisturbed), shares, places)
    assert sum(killed) == KILLS


COUNTING = """\
#!/bin/sh
case $1 in
inspecti) test -e /var/pulled ;;
pull) echo start >> /var/pulls; sleep 3; echo end >> /var/pulls; touch /var/pulled ;;
esac
"""


def test_what_a_killed_run_left_running_is_awaited(testbed, tmp_path):
    with testbed.host("el8", systemd=True) as host:
        host.write("/usr/local/bin/crictl", COUNTING, mode="0755")
        setting = Setting(testbed, host, tmp_path, "extra_images: [registry.invalid/pause]\n")
        setting.words = (*setting.words, "--only", "images")
        killed = started(setting)
        hosts.wait_until(lambda: host.exists("/var/pulls"), what="the pull")
        killed.kill()
        killed.communicate()
        assert setting.provision()["outcome"] == "ok"
        assert host.read("/var/pulls") == b"start\nend\n"

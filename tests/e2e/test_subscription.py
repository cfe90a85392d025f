"""Red Hat's subscription, with a subscription-manager that only pretends: on hosts and in images."""

import pytest

from inventories import konvoy_image
from test_packer import Build
from test_provision import Setting, text_of

SECRET = "canary-rhsm-5d2c81"
MARK = "/var/lib/konvoy-image/rhsm-registered"
STATE = "/var/lib/rhsm-registered-as"
# Takes what the real one takes; keeps every command line that could be read while it runs.
MANAGER = f"""\
#!/usr/bin/python3 -s
import os, pathlib, sys
words = sys.argv[1:]
seen = pathlib.Path("/var/lib/rhsm-seen")
state = pathlib.Path("{STATE}")
with seen.open("a") as log:
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                log.write((process / "cmdline").read_text().replace("\\0", " ") + "\\n")
            except OSError:
                pass
    log.write("did " + " ".join(w for w in words if "{SECRET}" not in w) + "\\n")
if words[0] == "identity":
    sys.exit(0 if state.exists() else 1)
if words[0] == "register":
    options = dict(w.split("=", 1) for w in words[1:] if "=" in w)
    secret = options.get("--password") or options.get("--activationkey")
    if secret != "{SECRET}":
        sys.exit("Invalid credentials.")
    state.write_text(options.get("--username") or options.get("--org"))
    offers = pathlib.Path("/var/lib/rhsm-offers")
    if offers.exists():
        pathlib.Path("/etc/yum.repos.d/redhat.repo").write_text(
            "[baseos]\\nname=BaseOS\\nbaseurl=" + offers.read_text() + "\\n"
            "gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-test\\n")
if words[0] == "unregister":
    if not state.exists():
        sys.exit("This system is currently not registered.")
    state.unlink()
"""


def with_manager(host, offers=""):
    """`offers` is the address of what is open to those who are registered."""
    host.write("/usr/sbin/subscription-manager", MANAGER, mode="0755")
    if offers:
        host.write("/var/lib/rhsm-offers", offers)


def done_by(host):
    return [line[4:] for line in text_of(host, "/var/lib/rhsm-seen").splitlines()
            if line.startswith("did ")]


def assert_unseen(host, directory, *outputs):
    assert SECRET not in text_of(host, "/var/lib/rhsm-seen")
    assert SECRET not in "".join(outputs)
    for path in directory.rglob("*"):
        assert not path.is_file() or SECRET not in path.read_text(errors="replace"), path
    assert host.run(["grep", "-rl", SECRET, "/var/lib/konvoy-image", "/tmp", "/var/log"],
                    check=False).stdout == b""


@pytest.mark.parametrize("variables, who", [
    ({"RHSM_USER": "me", "RHSM_PASS": SECRET}, "me"),
    ({"RHSM_ORG_ID": "4711", "RHSM_ACTIVATION_KEY": SECRET, "RHSM_CONSUMER_NAME": "n1"}, "4711"),
])
def test_a_host_is_registered_once_and_stays_so(testbed, tmp_path, monkeypatch, variables, who):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with testbed.host("rhel8") as host:
        with_manager(host)
        setting = Setting(testbed, host, tmp_path)
        words = ("provision", *setting.words, "--work-dir", tmp_path / "work", "--only",
                 "repository/subscription")
        first = konvoy_image(*words)
        assert first.returncode == 0, first.stderr
        assert text_of(host, STATE) == who
        assert "--release=8.4" in " ".join(done_by(host))
        assert "config --rhsm.manage_repos=1" in done_by(host)
        assert_unseen(host, tmp_path, first.stdout, first.stderr)
        second = setting.provision("--only", "repository/subscription")
        assert (second["outcome"], second["changed"]) == ("ok", 0)
        assert text_of(host, STATE) == who


def test_wrong_credentials_fail_with_the_reason_and_without_the_secret(testbed, tmp_path, monkeypatch):
    monkeypatch.setenv("RHSM_USER", "me")
    monkeypatch.setenv("RHSM_PASS", SECRET + "-wrong")
    with testbed.host("rhel8") as host:
        with_manager(host)
        setting = Setting(testbed, host, tmp_path)
        done = konvoy_image("provision", *setting.words, "--work-dir", tmp_path / "work")
        assert done.returncode == 3
        assert "Invalid credentials." in (tmp_path / "work" / "record.json").read_text()
        assert_unseen(host, tmp_path, done.stdout, done.stderr)


def test_half_of_the_credentials_is_a_mistake(testbed, tmp_path, monkeypatch):
    monkeypatch.setenv("RHSM_ORG_ID", "4711")
    with testbed.host("rhel8") as host:
        with_manager(host)
        result = Setting(testbed, host, tmp_path).provision(status=2)
        assert "belong together" in result["error"]
        assert not host.exists("/var/lib/rhsm-seen")


def test_an_image_is_unregistered(testbed, tmp_path, monkeypatch):
    monkeypatch.setenv("RHSM_USER", "me")
    monkeypatch.setenv("RHSM_PASS", SECRET)
    with testbed.host("rhel8") as host:
        with_manager(host)
        build = Build(testbed, host, tmp_path)
        done = build.run()
        assert done.returncode == 0, done.stderr
        assert not host.exists(STATE) and not host.exists(MARK)
        assert [word for word in done_by(host) if word.split()[0] in ("unregister", "clean")] == [
            "unregister", "clean"]
        assert_unseen(host, tmp_path, done.stdout, done.stderr)


@pytest.mark.parametrize("registered_before", [False, True])
def test_a_build_that_fails_is_unregistered_if_it_registered(testbed, tmp_path, monkeypatch,
                                                             registered_before):
    monkeypatch.setenv("RHSM_USER", "me")
    monkeypatch.setenv("RHSM_PASS", SECRET)
    with testbed.host("rhel8") as host:
        with_manager(host)
        host.run(["dnf", "-y", "install", "kubelet-1.21.5-0"])
        if registered_before:
            host.write(STATE, "somebody")
        done = Build(testbed, host, tmp_path).run()
        assert done.returncode == 3
        assert "downgrade" in done.stderr
        assert host.exists(STATE) == registered_before
        assert not host.exists(MARK)

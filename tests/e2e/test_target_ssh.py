"""A host over ssh: every call, under every shell and every way to become root."""

import hashlib
import os
import subprocess

import pytest

import hosts
import targets

EVERY_BYTE = bytes(range(256))
NOT_NUL = bytes(range(1, 256))


@pytest.fixture(scope="module")
def host(testbed):
    with testbed.host("el8") as one:
        yield one


@pytest.fixture(scope="module")
def target(host):
    with targets.ssh(host) as one:
        assert one.opened == {"ready": True}
        yield one


@pytest.fixture(scope="module", params=["dash", "bash", "busybox"])
def shell_target(testbed, request):
    """A host whose /bin/sh is each of the three shells."""
    with testbed.host("el8") as one:
        one.run(["ln", "-sfn", request.param, "/usr/bin/sh"])
        with targets.ssh(one) as target:
            assert target.opened == {"ready": True}
            yield target


def test_every_byte_survives_in_content_input_and_output(shell_target):
    content = EVERY_BYTE * 5 + b"%s\\n'\"$x`-"
    assert shell_target.call("write", "/etc/bytes", content)["status"] == 0
    assert shell_target.call("read", "/etc/bytes")["content"] == content
    done = shell_target.call("input", content, "sh", "-c", "cat >/run/in; cat /run/in; cat /run/in >&2; exit 7")
    assert (done["status"], done["out"], done["err"]) == (7, content, content)


def test_every_byte_survives_in_words_and_environment(shell_target):
    for word in (NOT_NUL, b"", b"-n", b"a b", b"'", b"\n", b"x\n\n", b"$HOME `id` \\", b"*"):
        assert shell_target.call("run", "printf", "%s", word)["out"] == word
    done = shell_target.call("environment", "VALUE", NOT_NUL, "sh", "-c", 'printf %s "$VALUE"')
    assert done["out"] == NOT_NUL
    seen = shell_target.call("command-environment", "VALUE", NOT_NUL, "sh", "-c", 'printf %s "$VALUE"')
    assert seen["out"] == NOT_NUL


def test_paths_with_any_byte_can_be_used(shell_target):
    names = [b"plain", b"with space", b"new\nline", b"quote'\"", b"back\\slash", b"-dash", b"\xff\x01",
             b"$(id)", b".hidden", b"..dots", "käse".encode()]
    assert shell_target.call("mkdir", "/etc/odd")["status"] == 0
    for name in names:
        path = b"/etc/odd/" + name
        assert shell_target.call("write", path, name)["status"] == 0
        assert shell_target.call("read", path)["content"] == name
        assert shell_target.call("digest", path)["sha256"] == hashlib.sha256(name).hexdigest()
        assert shell_target.call("stat", path)["stat"]["size"] == len(name)
        link = path + b"-link"
        assert shell_target.call("link", link, name)["status"] == 0
        assert shell_target.call("stat", link)["stat"]["link_target"] == name
    listed = shell_target.call("list", "/etc/odd")["names"]
    assert listed == sorted(names + [name + b"-link" for name in names])
    assert shell_target.call("remove-tree", "/etc/odd")["status"] == 0
    assert shell_target.call("list", "/etc/odd")["names"] is None


def test_detached_commands_under_every_shell(shell_target):
    done = shell_target.call("detached", "sh-1", "sh", "-c", "echo out; echo err >&2; exit 9")
    assert (done["status"], done["out"], done["err"]) == (9, b"out\n", b"err\n")
    again = shell_target.call("detached", "sh-1", "touch", "/etc/must-not-be")
    assert again["out"] == b"out\n"
    assert shell_target.call("stat", "/etc/must-not-be")["stat"] is None


@pytest.mark.parametrize("user, environment", [
    ("root", {}),
    ("centos", {}),
    ("keeper", {"BECOME_PASSWORD": hosts.KEEPER_PASSWORD}),
])
def test_becoming_root(host, user, environment):
    with targets.ssh(host, environment, user=user, become="root") as target:
        assert target.opened == {"ready": True}
        assert target.call("run", "id", "-un")["out"] == b"root\n"
        assert target.call("read", "/etc/shadow")["content"].count(b"root:") == 1
        large = EVERY_BYTE * 1024  # a second connection, which becomes root too
        assert target.call("write", "/etc/large", large)["status"] == 0
        assert target.call("read", "/etc/large")["content"] == large


def test_becoming_another_user(host):
    with targets.ssh(host, become="centos") as target:
        assert target.call("run", "id", "-un")["out"] == b"centos\n"
        assert "permission denied" in target.call("read", "/etc/shadow")["failure"]
        assert target.call("write", "/etc/x", b"")["error"] == "run"


@pytest.mark.parametrize("user, environment, message, hint", [
    ("keeper", {}, "needs a password", "ansible_become_password"),
    ("keeper", {"BECOME_PASSWORD": "wrong"}, "did not accept the password", "ansible_become_password"),
    ("terminal", {}, "requiretty", "!requiretty"),
])
def test_sudo_that_does_not_work_is_explained(host, user, environment, message, hint):
    with targets.ssh(host, environment, user=user, become="root") as target:
        assert target.opened["error"] == "unreachable"
        assert message in target.opened["message"]
        assert hint in target.opened["hint"]


def test_a_login_password_goes_through_askpass(host):
    with targets.ssh(host, {"LOGIN_PASSWORD": hosts.KEEPER_PASSWORD}, user="keeper",
                     key="/dev/null") as target:
        assert target.opened == {"ready": True}
        assert target.call("run", "id", "-un")["out"] == b"keeper\n"
    with targets.ssh(host, {"LOGIN_PASSWORD": "wrong"}, user="keeper", key="/dev/null") as target:
        assert "refused the login" in target.opened["message"]


def test_passwords_are_in_no_argument_and_no_file(host, tmp_path):
    secrets = {"LOGIN_PASSWORD": hosts.KEEPER_PASSWORD, "BECOME_PASSWORD": hosts.KEEPER_PASSWORD,
               "TMPDIR": str(tmp_path)}
    with targets.ssh(host, secrets, user="keeper", key="/dev/null", become="root") as target:
        assert target.opened == {"ready": True}
        target.send("environment", "TOKEN", "canary-7-value", "sleep", "1")
        hosts.wait_until(lambda: host.processes("^sleep 1"), what="the remote sleep")
        seen = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, check=True).stdout
        for secret in (hosts.KEEPER_PASSWORD, "canary-7-value"):
            assert secret.encode() not in seen
            for folder, _, files in os.walk(tmp_path):
                for name in files:
                    path = os.path.join(folder, name)
                    if os.path.isfile(path):
                        assert secret.encode() not in open(path, "rb").read()
        assert target.answer()["status"] == 0


def test_a_noisy_login_shell_does_not_matter(testbed):
    with testbed.host("el8") as host:
        host.run(["sh", "-c", "echo 'echo hello; echo there >&2; TMOUT=1; readonly TMOUT' "
                  "> /root/.bashrc; ln -sf bash /usr/bin/sh; usermod -s /bin/bash root"])
        with targets.ssh(host) as target:
            assert target.opened == {"ready": True}
            assert target.call("run", "echo", "x")["out"] == b"x\n"
            assert target.call("run", "sleep", "2")["status"] == 0
            assert target.call("run", "echo", "x")["out"] == b"x\n"


def test_background_processes_do_not_get_between(target):
    done = target.call("run", "sh", "-c", "(sleep 0.3; echo late) & echo now")
    assert b"now" in done["out"]
    target.call("run", "sleep", "0.6")
    for number in range(3):
        assert target.call("run", "echo", number)["out"] == f"{number}\n".encode()


def test_reading_parts_of_files(target):
    assert target.call("write", "/etc/long", b"0123456789")["status"] == 0
    assert target.call("read", "/etc/long", 0, 4) == {"content": b"0123", "truncated": True}
    assert target.call("read", "/etc/long", 8, 4) == {"content": b"89", "truncated": False}
    assert target.call("read", "/etc/long", 10, 4) == {"content": b"", "truncated": False}
    assert target.call("read", "/etc/long", 3, 2) == {"content": b"34", "truncated": True}
    assert target.call("read", "/etc/none", 3, 2) == {"content": None}
    assert target.call("read", "/proc/self/status")["content"].startswith(b"Name:")


def test_what_is_no_file_is_not_read(target):
    assert target.call("run", "mkfifo", "/run/pipe")["status"] == 0
    for path, reason in (("/run/pipe", "is not a regular file"), ("/dev/zero", "is not a regular file"),
                         ("/etc", "is a directory")):
        assert target.call("read", path) == {"failure": reason}
        assert target.call("digest", path) == {"failure": reason}
    assert target.call("list", "/etc/passwd") == {"failure": "is not a directory"}
    for verb, nothing in (("read", "content"), ("digest", "sha256"), ("stat", "stat"),
                          ("list", "names")):
        assert target.call(verb, "/etc/no/such/path") == {nothing: None}
    assert target.call("stat", "/etc/passwd/x") == {"stat": None}


def test_files_keep_owner_and_mode_unless_asked(target, host):
    assert target.call("write", "/etc/kept", b"1", "mode=0640", "owner=centos", "group=centos")
    assert target.call("write", "/etc/kept", b"2")["status"] == 0
    stat = target.call("stat", "/etc/kept")["stat"]
    assert (stat["mode"], stat["owner"], stat["group"]) == (0o640, "centos", "centos")
    assert target.call("write", "/etc/kept", b"3", "mode=0600", "owner=root")["status"] == 0
    stat = target.call("stat", "/etc/kept")["stat"]
    assert (stat["mode"], stat["owner"], stat["group"]) == (0o600, "root", "centos")
    assert target.call("write", "/etc/new", b"")["status"] == 0
    stat = target.call("stat", "/etc/new")["stat"]
    assert (stat["mode"], stat["owner"], stat["size"]) == (0o644, "root", 0)
    assert target.call("own", "/etc/new", "mode=4755", "owner=centos")["status"] == 0
    stat = target.call("stat", "/etc/new")["stat"]
    assert (stat["mode"], stat["owner"]) == (0o4755, "centos")
    assert "invalid user" in target.call("own", "/etc/new", "owner=nobody-7")["message"]


def test_links_are_followed_only_where_asked(target):
    assert target.call("mkdir", "/etc/l")["status"] == 0
    assert target.call("write", "/etc/l/real", b"old", "mode=0600")["status"] == 0
    assert target.call("link", "/etc/l/link", "real")["status"] == 0
    assert target.call("write", "/etc/l/link", b"through", "follow")["status"] == 0
    assert target.call("read", "/etc/l/real")["content"] == b"through"
    assert target.call("stat", "/etc/l/real")["stat"]["mode"] == 0o600
    assert target.call("stat-follow", "/etc/l/link")["stat"]["type"] == 0
    assert target.call("write", "/etc/l/link", b"own")["status"] == 0
    assert target.call("read", "/etc/l/real")["content"] == b"through"
    assert target.call("stat", "/etc/l/link")["stat"]["type"] == 0
    assert target.call("link", "/etc/l", "x")["error"] == "run"
    assert target.call("rename", "/etc/l/real", "/etc/l/moved")["status"] == 0
    assert target.call("list", "/etc/l")["names"] == [b"link", b"moved"]
    assert "not empty" in target.call("remove", "/etc/l")["message"]
    assert target.call("remove-tree", "/etc/l")["status"] == 0


def test_writing_in_place_keeps_the_blocks(target):
    assert target.call("write", "/etc/env", b"a" * 1024)["status"] == 0
    before = target.call("stat", "/etc/env")["stat"]["inode"]
    assert target.call("write", "/etc/env", b"b" * 1024, "in-place")["status"] == 0
    assert target.call("stat", "/etc/env")["stat"]["inode"] == before
    assert target.call("read", "/etc/env")["content"] == b"b" * 1024
    assert "another size" in target.call("write", "/etc/env", b"c", "in-place")["message"]


def test_connections_are_made_from_the_host(target):
    assert target.call("connect", "127.0.0.1", 22, b"")["content"].startswith(b"SSH-2.0")
    refused = target.call("connect", "127.0.0.1", 9, b"x")
    assert refused["error"] == "check"
    assert "cannot connect to 127.0.0.1:9" in refused["message"]


def test_nothing_temporary_is_left(target, host):
    left = host.run(["find", "/etc", "/var", "/root", "/tmp", "-name", ".konvoy-*"]).stdout
    assert left == b""


def test_fips_algorithms_are_accepted(host):
    with targets.ssh(host, fips="1") as target:
        assert target.opened == {"ready": True}

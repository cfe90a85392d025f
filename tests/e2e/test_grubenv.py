"""Our GRUB environment blocks against GRUB's own tool, in both directions, on random data."""

import base64
import os
import pathlib
import random
import subprocess

import pytest

BUILD = pathlib.Path(os.environ.get("KONVOY_BIN", pathlib.Path(__file__).parents[2] / "build/release/bin"))
SIGNATURE = b"# GRUB Environment Block\n"
CHARACTERS = "abcXYZ019 =#\\\n\t\"'$-_/.,"


def _encode(text):
    return base64.b64encode(text.encode()).decode()


def _ours(path, lines):
    """The answers of our program, and its exit status."""
    done = subprocess.run([BUILD / "grubenv-probe", path], input="\n".join(lines) + "\n", text=True,
                          capture_output=True, check=False, timeout=60)
    return done.stdout.split("\n")[:-1], done.returncode


def _theirs(path, *words):
    return subprocess.run(["grub-editenv", path, *words], capture_output=True, check=False,
                          timeout=60)


def _random_name(source):
    return source.choice(["kernelopts", "saved_entry", "kernelopt", "a", "b_1", "boot_success"])


def _random_value(source):
    length = source.choice([0, 1, 7, 40, 300])
    return "".join(source.choice(CHARACTERS) for _ in range(length))


@pytest.mark.parametrize("seed", range(16))
def test_both_make_the_same_bytes(tmp_path, seed):
    source = random.Random(seed)
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    assert _theirs(theirs, "create").returncode == 0
    ours.write_bytes(theirs.read_bytes())
    for _ in range(25):
        name = _random_name(source)
        if source.random() < 0.25:
            done = _theirs(theirs, "unset", name)
            answers, status = _ours(ours, [f"unset {_encode(name)}"])
            assert done.returncode == 0
        else:
            value = _random_value(source)
            done = _theirs(theirs, "set", f"{name}={value}")
            answers, status = _ours(ours, [f"set {_encode(name)} {_encode(value)}"])
            assert (answers == ["full"]) == (done.returncode != 0), (name, value, done.stderr)
        assert status == 0 and answers in (["ok"], ["full"])
        assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize("seed", range(10))
def test_each_reads_what_the_other_wrote(tmp_path, seed):
    source = random.Random(1000 + seed)
    path = tmp_path / "grubenv"
    assert _theirs(path, "create").returncode == 0
    wanted = {}
    for index in range(6):
        # What `grub-editenv list` prints cannot be told apart when a value has line ends.
        name, value = f"{_random_name(source)}{index}", _random_value(source)[:60].replace("\n", "")
        if source.random() < 0.5:
            assert _theirs(path, "set", f"{name}={value}").returncode == 0
        else:
            assert _ours(path, [f"set {_encode(name)} {_encode(value)}"]) == (["ok"], 0)
        wanted[name] = value
    listed = _theirs(path, "list").stdout.decode().split("\n")[:-1]
    assert listed == [f"{name}={value}" for name, value in wanted.items()]
    answers, _ = _ours(path, ["list"])
    assert answers == [f"{_encode(n)} {_encode(v)}".strip() + ("" if v else " ")
                       for n, v in wanted.items()] + ["."]


@pytest.mark.parametrize("damage", [
    b"", b"no signature\n" + b"#" * 1011, SIGNATURE[:-1], SIGNATURE + b"a=1" + b"#" * 996])
def test_what_the_tool_refuses_is_refused(tmp_path, damage):
    path = tmp_path / "grubenv"
    path.write_bytes(damage)
    theirs = _theirs(path, "set", "x=1")
    assert theirs.returncode != 0, theirs
    assert path.read_bytes() == damage
    answers, status = _ours(path, ["list"])
    assert (answers, status) == (["damaged"], 1)

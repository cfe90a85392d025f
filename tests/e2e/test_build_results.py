"""What builder: root makes, opened by the tools that its users have: tar with gzip, xz and zstd, and
buildah. Every form holds the same, whenever it is built."""

import hashlib
import json
import os
import pathlib
import shutil
import stat
import subprocess

import pytest

import disks
from miniature import REPOSITORY, build

IMAGE = "images/root/centos-8.yaml"
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
FORMS = ("tar.gz", "tar.xz", "tar.zst", "directory", "oci")
PROGRAMS = ("bash", "rpm", "systemctl", "find", "sed", "grep")


def small(node, root, keep=()):
    """A copy of a root on which nothing is to be done, without what is large and not needed to find
    that out: xz takes its time. `keep` are names of programs that are to stay what they are."""
    disks.run(["cp", "-a", node, root])
    for directory in ("var/lib/konvoy-miniature", "usr/lib/python3", "usr/lib/python3.11", "usr/share"):
        shutil.rmtree(root / directory)
    programs = [shutil.which(name) for name in PROGRAMS]
    programs += [line for line in disks.run(["dpkg", "-L", "coreutils"]).splitlines() if "bin/" in line]
    listed = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=False).stdout
    needed = {pathlib.Path(word).name for word in listed.split() if word.startswith("/")}
    needed |= {pathlib.Path(os.path.realpath(name)).name for name in programs}
    kept = {os.path.realpath(path) for path in root.glob("usr/**/*") if path.name in needed.union(keep)}
    for path in root.glob("[uo]*/**/*"):
        if path.is_file() and path.stat().st_size > 20000 and os.path.realpath(path) not in kept:
            path.unlink()
            path.touch()
    return root


def tree(root):
    """All that a file system tells of each file."""
    found = {}
    for path in root.rglob("*"):
        about = path.lstat()
        content = (os.readlink(path) if path.is_symlink() else
                   hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        found[str(path.relative_to(root))] = (stat.filemode(about.st_mode), about.st_uid, about.st_gid,
                                              int(about.st_mtime), content)
    return found


def opened(result, form, work):
    """The result as a directory, made by somebody else's tool."""
    if form == "directory":
        return result
    root = work / f"opened-{form}"
    root.mkdir()
    if form != "oci":
        disks.run(["tar", "--numeric-owner", "-C", root, "-xpf", result])
        return root
    buildah = ["buildah", "--root", work / "storage", "--runroot", work / "runroot",
               "--storage-driver", "vfs"]
    container = disks.run([*buildah, "from", f"oci:{result}"]).strip()
    disks.run(["unshare", "--mount", "sh", "-ec", 'target=$1; shift; cp -a "$("$@")/." "$target"', "sh",
               root, *buildah, "mount", container])
    return root


def made(base, form, result):
    """What the builder says of its result."""
    done = build(IMAGE, *REPOSITORY, "--base", base, "--result", result, "--extra-vars",
                 f"result.format={form}", "-o", "json", "--progress", "none", cwd=result.parent,
                 environment=EPOCH)
    return json.loads(done.stdout)


class Results:
    """Each form of one root: where it is, and what the builder says of it."""

    def __init__(self, base, work):
        self.base = base
        self.answers = {form: made(base, form, work / f"node.{form}") for form in FORMS}
        self.trees = {form: tree(opened(pathlib.Path(answer["result"]), form, work))
                      for form, answer in self.answers.items()}



@pytest.fixture(scope="module")
def results(built_disk, tmp_path_factory):
    work = tmp_path_factory.mktemp("results")
    return Results(small(built_disk.node, work / "base"), work)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_opens_and_holds_the_same(results, form):
    found = results.trees[form]
    assert {"etc/containerd/config.toml", "usr/bin/rpm", "var/lib/konvoy-image/record.json"} <= set(found)
    assert found == results.trees["directory"]
    assert results.answers[form]["digest"] == results.answers["directory"]["digest"]
    assert max(mtime for _, _, _, mtime, _ in found.values()) <= int(EPOCH["SOURCE_DATE_EPOCH"])


def test_built_again_it_is_the_same_file(results, tmp_path):
    again = made(results.base, "tar.gz", tmp_path / "again.tar.gz")
    assert again["digest"] == results.answers["tar.gz"]["digest"]
    assert disks.digest_of(again["result"]) == disks.digest_of(results.answers["tar.gz"]["result"])


def test_something_else_has_another_digest(results, tmp_path):
    """The digest is one of the content: one byte of one file counts."""
    base = tmp_path / "base"
    disks.run(["cp", "-a", results.base, base])
    (base / "etc/motd").write_text("x")
    changed = made(base, "directory", tmp_path / "other")
    assert changed["digest"] != results.answers["directory"]["digest"]

"""build with builder: root: a newcomer's first command, other bases and results, and what must not
happen. Needs root; rpm, dnf, go and tar are real."""

import hashlib
import json
import os
import pathlib
import subprocess
import tarfile

import pytest

from miniature import BIN, REPOSITORY, build

# Written by rpm and dnf themselves, with times and random ids of their own.
NOT_OURS = ("./var/lib/rpm/", "./var/lib/dnf/", "./var/log/", "./var/cache/")


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    """The command of the README, once."""
    work = tmp_path_factory.mktemp("newcomer")
    done = build("--overrides", "overrides/fips.yaml", "images/root/centos-8.yaml", "-o", "json",
                 "--result", work / "root.tar.gz", cwd=work)
    return work, json.loads(done.stdout), done.stderr


def test_a_newcomer_sees_the_whole_flow(newcomer):
    work, built, messages = newcomer
    assert built["builder"] == "root" and built["miniature"] is True
    assert "miniature" in messages
    with tarfile.open(built["result"]) as root:
        names = set(root.getnames())
    for path in ("./usr/bin/kubelet", "./usr/bin/containerd", "./etc/containerd/config.toml",
                 "./var/lib/konvoy-image/record.json"):
        assert path in names, path
    assert "./etc/ssh/ssh_host_rsa_key" not in names


def test_the_record_tells_what_was_built(newcomer):
    _, built, _ = newcomer
    record = json.loads(pathlib.Path(built["record"]).read_text())
    assert record["build"]["base"]["miniature"] is True
    assert record["build"]["digest"] == built["digest"]
    packages = {p["name"]: p for p in record["hosts"][0]["packages"]}
    assert packages["kubelet"]["version"].startswith("1.21.3-0") and packages["kubelet"]["key_id"]
    classes = {e["path"]: e["class"] for e in record["hosts"][0]["executables"]}
    assert classes["/usr/bin/kubelet"] == "goboring"


def test_inspect_agrees(newcomer):
    _, built, _ = newcomer
    done = subprocess.run([BIN / "konvoy-image", "inspect", "-o", "json", built["result"]],
                          capture_output=True, text=True, timeout=120)
    files = {f["path"].split(":")[-1]: f for f in json.loads(done.stdout)["files"]}
    assert files["usr/bin/kubelet"]["class"] == "goboring"
    assert files["usr/bin/kubelet"]["fips_only"] is True


def test_nothing_is_left_behind(newcomer):
    work, _, _ = newcomer
    assert not list(work.glob(".konvoy-*"))
    assert str(work) not in pathlib.Path("/proc/self/mountinfo").read_text()


@pytest.fixture(scope="module")
def base(miniature, tmp_path_factory):
    """A base root with a repository in it, as a tar archive."""
    archive = tmp_path_factory.mktemp("base") / "base.tar"
    subprocess.run(["tar", "--xattrs", "-C", miniature, "-cf", archive, "."], check=True)
    return archive


def contents(archive):
    found = {}
    with tarfile.open(archive) as root:
        for member in root:
            if member.name.startswith(NOT_OURS):
                continue
            data = root.extractfile(member).read() if member.isreg() else b""
            found[member.name] = (member.type, member.mode, member.uid, member.gid, member.linkname,
                                  min(member.mtime, 1700000000), hashlib.sha256(data).hexdigest())
    return found


def test_the_same_inputs_give_the_same_files(base, tmp_path):
    before = hashlib.sha256(base.read_bytes()).hexdigest()
    results = []
    for name in ("one", "two"):
        result = tmp_path / f"{name}.tar"
        build("--overrides", "overrides/fips.yaml", "images/root/centos-8.yaml", "--base", base,
              "--result", result, "--extra-vars", "result.format=tar", *REPOSITORY, cwd=tmp_path,
              environment={"SOURCE_DATE_EPOCH": "1700000000"})
        results.append(contents(result))
    differences = {k for k in results[0].keys() | results[1].keys()
                   if results[0].get(k) != results[1].get(k)}
    assert differences == set()
    assert hashlib.sha256(base.read_bytes()).hexdigest() == before


def test_an_oci_layout_as_result_and_as_base(base, tmp_path):
    layout = tmp_path / "layout"
    build("--overrides", "overrides/fips.yaml", "images/root/centos-8.yaml", "--base", base,
          "--result", layout, "--extra-vars", "result.format=oci", *REPOSITORY, cwd=tmp_path)
    index = json.loads((layout / "index.json").read_text())
    digest = index["manifests"][0]["digest"].split(":")[1]
    manifest = json.loads((layout / "blobs/sha256" / digest).read_text())
    config = json.loads((layout / "blobs/sha256" / manifest["config"]["digest"].split(":")[1]).read_text())
    layer = layout / "blobs/sha256" / manifest["layers"][0]["digest"].split(":")[1]
    assert config["rootfs"]["diff_ids"] == ["sha256:" + hashlib.sha256(layer.read_bytes()).hexdigest()]
    assert config["history"][-1]["created_by"].startswith("konvoy-image ")
    # Built again on its own result: everything is there already.
    again = build("--overrides", "overrides/fips.yaml", "images/root/centos-8.yaml", "--base", layout,
                  "--result", tmp_path / "again", "--extra-vars", "result.format=directory",
                  "-o", "json", *REPOSITORY, cwd=tmp_path)
    record = json.loads(pathlib.Path(json.loads(again.stdout)["record"]).read_text())
    steps = {s["step"]: s["outcome"] for s in record["hosts"][0]["steps"]}
    assert steps["packages/all"] == "unchanged"
    assert (tmp_path / "again/usr/bin/kubelet").exists()


def test_a_damaged_layer_is_refused(base, tmp_path):
    layout = tmp_path / "layout"
    build("images/root/centos-8.yaml", "--base", base, "--result", layout, "--extra-vars",
          "result.format=oci", *REPOSITORY, cwd=tmp_path)
    biggest = max((layout / "blobs/sha256").iterdir(), key=lambda p: p.stat().st_size)
    with open(biggest, "r+b") as blob:
        blob.seek(1000)
        blob.write(b"\0tampered")
    done = build("images/root/centos-8.yaml", "--base", layout, "--result", tmp_path / "x.tar",
                 cwd=tmp_path, code=2)
    assert "is damaged" in done.stderr


def test_a_plain_go_kubelet_fails_a_fips_build(base, tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    subprocess.run(["tar", "-C", root, "-xf", base], check=True)
    program = tmp_path / "plain"
    (tmp_path / "main.go").write_text('package main\nimport ("crypto/tls"; "fmt")\n'
                                      'func main() { fmt.Println(tls.VersionTLS12) }\n')
    subprocess.run(["/usr/lib/go-1.19/bin/go", "build", "-o", program, tmp_path / "main.go"],
                   check=True, env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod",
                                    "GO111MODULE": "off"})
    (root / "usr/bin/containerd-shim").write_bytes(program.read_bytes())
    (root / "usr/bin/containerd-shim").chmod(0o755)
    result = tmp_path / "result.tar"
    done = build("--overrides", "overrides/fips.yaml", "images/root/centos-8.yaml", "--base", root,
                 "--result", result, *REPOSITORY, cwd=tmp_path, code=3)
    assert "/usr/bin/containerd-shim" in done.stderr
    assert not result.exists()


@pytest.mark.parametrize("words, code, says", [
    (["images/root/rhel-84.yaml"], 2, "there is no base"),
    (["images/root/centos-8.yaml", "--base", "/nowhere"], 2, "there is no base '/nowhere'"),
    (["images/root/centos-8.yaml", "--base", "/etc/hostname"], 2, "/etc/hostname"),
    (["images/root/centos-8.yaml", "--extra-vars", "result.format=zip"], 2, "no result format 'zip'"),
    (["images/root/centos-8.yaml", "--extra-vars", "builder=oven"], 2, "no builder 'oven'"),
])
def test_mistakes_are_named(words, code, says, tmp_path):
    assert says in build(*words, cwd=tmp_path, code=code).stderr

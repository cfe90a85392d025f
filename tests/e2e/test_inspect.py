"""`inspect` on real programs: built here (go_programs.py), of Debian, and changed byte by byte.

What cannot be built here is reached by synthetic files in tests/binary/inspect_test.cpp: the
classes openssl-backed, go-native and goboring-unknown-module, and Go before 1.18 and after 1.19.
"""

import io
import json
import lzma
import os
import shutil
import struct
import subprocess
import tarfile

import pytest

import product
from go_programs import TOP, GoPrograms

MODULES = json.loads((TOP / "lib" / "binary" / "data" / "modules.json").read_text())["modules"]
MODULE = next(m for m in MODULES if m["go"] == "1.19")
REAL = TOP.parent / "shared" / "data" / "goboring"

# name: (class, linking, cgo, fips_only)
MATRIX = {
    "boring": ("goboring", "dynamic", True, False),
    "boring_stripped": ("goboring", "dynamic", True, False),
    "boring_sw": ("goboring", "dynamic", True, False),
    "boring_pie": ("goboring", "pie", True, False),
    "boring_pie_stripped": ("goboring", "pie", True, False),
    "boring_static": ("goboring", "static", True, False),
    "boring_fips_only": ("goboring", "dynamic", True, True),
    "boring_no_cgo": ("false-claim", "static", False, False),
    "boring_no_cgo_stripped": ("false-claim", "static", False, False),
    "boring_no_crypto": ("no-crypto", "static", True, False),
    "forged": ("false-claim", "dynamic", True, False),
    "plain": ("plain-go", "dynamic", True, False),
    "plain_stripped": ("plain-go", "dynamic", True, False),
    "plain_arm64": ("plain-go", "static", False, False),
}


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    return GoPrograms(tmp_path_factory.mktemp("go"))


def run(*arguments):
    return product.run("konvoy-image", "inspect", *arguments)


def files(*arguments):
    result = run("-o", "json", *arguments)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["files"]


def inspect(path):
    found = files(path)
    assert len(found) == 1
    return found[0]


def boring_by_itself(path):
    """What the running program says about its own cryptography."""
    result = subprocess.run([path], capture_output=True, text=True, check=True)
    return "boring: true" in result.stdout


@pytest.mark.parametrize("name", MATRIX)
def test_matrix(programs, name):
    path = programs.path(name)
    found = inspect(path)
    assert (found["class"], found["linking"], found["cgo"], found["fips_only"]) == MATRIX[name]
    assert found["go_version"].startswith("go1.19")
    goboring = found["class"] == "goboring"
    if goboring:
        assert found["module"] == {"build": "fips-20190808/ae223d61", "certificate": "3678",
                                   "status": "historical", "as_of": "2026-09-21"}
    else:
        assert found["module"] is None
    if name not in ("boring_no_crypto", "plain_arm64"):
        assert boring_by_itself(path) == goboring
        assert {"md5", "rc4", "chacha20poly1305"} <= set(found["non_approved"])


def without_section_headers(data):
    data = bytearray(data)
    struct.pack_into("<Q", data, 0x28, 0)  # e_shoff
    struct.pack_into("<HHH", data, 0x3A, 0, 0, 0)  # e_shentsize, e_shnum, e_shstrndx
    return bytes(data)


@pytest.mark.parametrize("name", ["boring_sw", "boring_pie", "boring_static", "boring_no_cgo",
                                  "boring_no_crypto", "plain_arm64"])
def test_without_section_headers(programs, tmp_path, name):
    original = programs.path(name)
    copy = tmp_path / "copy"
    copy.write_bytes(without_section_headers(original.read_bytes()))
    expected = inspect(original)
    assert inspect(copy) == {**expected, "path": str(copy)}


def changed(programs, tmp_path, offset):
    """boring_stripped with one byte changed, `offset` bytes after the start of the module."""
    data = bytearray(programs.path("boring_stripped").read_bytes())
    text = data.find(bytes.fromhex(MODULE["prefix"]))
    assert text > 0
    data[text + offset] ^= 1
    copy = tmp_path / "changed"
    copy.write_bytes(data)
    copy.chmod(0o755)
    return copy


@pytest.mark.parametrize("offset", [0, 64, MODULE["length"] // 2, MODULE["length"] - 1,
                                    MODULE["code_offset"], MODULE["code_offset"] + 63])
def test_one_flipped_byte_is_tampering(programs, tmp_path, offset):
    found = inspect(changed(programs, tmp_path, offset))
    assert (found["class"], found["module"]) == ("goboring-tampered", None)


def test_the_modules_own_test_agrees_that_it_is_tampered(programs, tmp_path):
    copy = changed(programs, tmp_path, MODULE["code_offset"])
    result = subprocess.run([copy], capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "FIPS integrity test failed" in result.stderr


def test_a_missing_marker_is_tampering(programs, tmp_path):
    data = programs.path("boring_sw").read_bytes()
    marker = bytes.fromhex("b332f52813a3b450d441cc2485f001454e92101b1d2f1950")
    assert data.count(marker) == 1
    copy = tmp_path / "copy"
    copy.write_bytes(data.replace(marker, bytes(24)))
    assert inspect(copy)["class"] == "goboring-tampered"


def test_debians_packer_is_plain_go_of_real_size():
    path = shutil.which("packer")
    assert path, "install packer"
    found = inspect(path)
    assert found["class"] == "plain-go"
    assert os.path.getsize(path) > 50_000_000


def test_what_is_no_go_program(tmp_path):
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    assert inspect(script)["class"] == "not-elf"
    assert inspect("/bin/ls")["class"] == "not-go"


if REAL.is_dir():
    @pytest.mark.parametrize("name", sorted(p.stem for p in REAL.glob("*.xz")))
    def test_real_kubernetes_programs(tmp_path, name):
        path = tmp_path / name
        path.write_bytes(lzma.decompress((REAL / f"{name}.xz").read_bytes()))
        found = inspect(path)
        assert found["class"] == "goboring"
        assert found["module"]["certificate"] == "3678"


# Where programs are found.

def test_a_directory_gives_its_programs_and_follows_no_links(programs, tmp_path):
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    shutil.copy(programs.path("plain_stripped"), tmp_path / "usr/bin/kubectl")
    (tmp_path / "etc/passwd").write_text("root\n")
    (tmp_path / "usr/bin/link").symlink_to("/bin/ls")
    assert [f["path"] for f in files(tmp_path)] == [f"{tmp_path}/usr/bin/kubectl"]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz", "w:bz2"])
def test_archives(programs, tmp_path, mode):
    path = tmp_path / "archive"
    with tarfile.open(path, mode) as tar:
        tar.add(programs.path("boring_no_crypto"), "usr/bin/tool")
        tar.add(__file__, "readme")
    found = inspect(path)
    assert (found["path"], found["class"]) == (f"{path}:usr/bin/tool", "no-crypto")


def test_a_package(programs, tmp_path):
    spec = tmp_path / "tool.spec"
    spec.write_text(
        "Name: tool\nVersion: 1\nRelease: 1\nSummary: test\nLicense: none\nAutoReqProv: no\n"
        "%global debug_package %{nil}\n%global __os_install_post %{nil}\n%description\ntest\n"
        f"%install\ninstall -D {programs.path('boring_stripped')} %{{buildroot}}/usr/bin/tool\n"
        "%files\n/usr/bin/tool\n")
    subprocess.run(["rpmbuild", "-bb", f"-D_topdir {tmp_path}/rpm", spec], check=True,
                   capture_output=True, env={**os.environ, "HOME": str(tmp_path)})
    package = next((tmp_path / "rpm/RPMS").rglob("*.rpm"))
    found = inspect(package)
    assert (found["path"], found["class"]) == (f"{package}:usr/bin/tool", "goboring")


class Layout:
    """An OCI layout made by hand."""

    def __init__(self, directory):
        self.directory = directory
        (directory / "blobs/sha256").mkdir(parents=True)
        (directory / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')

    def blob(self, content):
        import hashlib
        name = hashlib.sha256(content).hexdigest()
        (self.directory / "blobs/sha256" / name).write_bytes(content)
        return {"digest": f"sha256:{name}", "size": len(content)}

    def layer(self, members):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as tar:
            for name, source in members.items():
                if source:
                    tar.add(source, name)
                else:
                    tar.addfile(tarfile.TarInfo(name))
        kind = "application/vnd.oci.image.layer.v1.tar+gzip"
        return {"mediaType": kind, **self.blob(out.getvalue())}

    def image(self, name, layers):
        manifest = self.blob(json.dumps({"schemaVersion": 2, "layers": layers}).encode())
        manifest["annotations"] = {"org.opencontainers.image.ref.name": name}
        (self.directory / "index.json").write_text(json.dumps({"manifests": [manifest]}))


def test_an_image_shows_what_its_upper_layers_leave(programs, tmp_path):
    layout = Layout(tmp_path / "layout")
    low = layout.layer({"bin/gone": programs.path("plain"), "bin/new": programs.path("plain"),
                        "opt/a": programs.path("plain"), "bin/kept": "/bin/ls"})
    high = layout.layer({"bin/.wh.gone": None, "bin/new": programs.path("boring_stripped"),
                         "opt/.wh..wh..opq": None})
    layout.image("etcd-3.4", [low, high])
    prefix = f"{tmp_path}/layout:etcd-3.4:"
    assert {f["path"]: f["class"] for f in files(tmp_path / "layout")} == {
        prefix + "bin/kept": "not-go", prefix + "bin/new": "goboring"}


# As a gate.

def test_fail_on(programs):
    bad, good = programs.path("boring_no_cgo"), programs.path("boring")
    assert run("--fail-on", "false-claim,plain-go", good).returncode == 0
    result = run("--fail-on", "false-claim,plain-go", good, bad)
    assert result.returncode == 1
    assert str(bad) in result.stderr and f"'{good}'" not in result.stderr


def test_a_gate_that_did_not_see_everything_stays_shut(programs, tmp_path):
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:gz") as tar:
        tar.add(programs.path("boring_no_crypto"), "tool")
    damaged = inner.getvalue()[:5000]
    with tarfile.open(tmp_path / "outer.tar", "w") as tar:
        entry = tarfile.TarInfo("inner.tar.gz")
        entry.size = len(damaged)
        tar.addfile(entry, io.BytesIO(damaged))
    assert run(tmp_path / "outer.tar").returncode == 0
    assert run("--fail-on", "plain-go", tmp_path / "outer.tar").returncode == 1


def test_bad_usage():
    result = run("--fail-on", "goborin", "/bin/ls")
    assert result.returncode == 2
    assert "did you mean 'goboring'?" in result.stderr
    assert run("/does/not/exist").returncode == 2


def test_certificates_of_the_users(programs, tmp_path):
    data = tmp_path / "cmvp.json"
    data.write_text('{"as_of": "2027-03-04", "certificates": '
                    '[{"number": "3678", "status": "revoked"}]}')
    result = run("--cmvp-data", data, programs.path("boring"))
    assert "certificate 3678, revoked as of 2027-03-04" in result.stdout
    assert "certified" not in result.stdout
    data.write_text('{"as_of": "yesterday"}')
    assert run("--cmvp-data", data, programs.path("boring")).returncode == 2

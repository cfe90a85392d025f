"""The .deb and .rpm of packaging/package, installed in clean roots and used there, and the container
that packaging/container describes, built and run by buildah."""

import json
import pathlib
import re
import shutil
import subprocess

import pytest

import repository
import targets
import vm

TOP = pathlib.Path(__file__).resolve().parents[2]
CONTAINERFILE = TOP / "packaging/container/Containerfile"
# Beside what the .deb itself depends on: what the container file installs, and rpm for the .rpm.
MORE_PACKAGES = ["bash-completion", "ca-certificates", "gnupg", "gpgv", "openssh-client", "rpm"]
FIPS = ["--overrides", "overrides/fips.yaml", "images/ami/centos-8.yaml"]


def run(*argv, **options):
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, timeout=300,
                          **options)
    assert done.returncode == 0, f"{argv}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def inside(root, *argv):
    """A command in a root, as text."""
    return vm.enter_chroot(root, argv)


@pytest.fixture(scope="session")
def packages():
    """name of the package and its kind ("konvoy-image.deb") -> the file."""
    made = [pathlib.Path(line) for line in run(TOP / "packaging/package").splitlines()]
    return {f"{re.split(r'[-_][0-9]', path.name)[0]}{path.suffix}": path for path in made}


@pytest.fixture(scope="module")
def clean_root(testbed, packages, tmp_path_factory):
    """A minimal Debian with the libraries that konvoy-image.deb asks for; each test removes what it
    installs."""
    depends = run("dpkg-deb", "--field", packages["konvoy-image.deb"], "Depends")
    names = sorted({one.split()[0] for one in depends.split(",")} | set(MORE_PACKAGES))
    root = testbed.debian_root(",".join(names), tmp_path_factory.mktemp("clean") / "root")
    yield root
    shutil.rmtree(root)


def put(root, *files):
    (root / "packages").mkdir(exist_ok=True)
    for file in files:
        shutil.copy2(file, root / "packages")
    return [f"/packages/{file.name}" for file in files]


def works(root):
    """What a user does first, with the files of the package."""
    assert inside(root, "konvoy-image", "--version").startswith("konvoy-image ")
    explained = json.loads(inside(root, "konvoy-image", "explain", "-o", "json", *FIPS,
                                  "kubernetes_build_metadata"))
    assert explained["value"] == "fips.0"
    work = inside(root, "konvoy-image", "generate", "--work-dir", "/root/work", *FIPS).strip()
    assert (root / work.lstrip("/") / "config.yaml").is_file()
    # The installed files count, not only those inside the executable.
    overrides = root / "usr/share/konvoy-image/overrides/fips.yaml"
    overrides.write_text(overrides.read_text() + "containerd_version: 9.9.9\n")
    assert "9.9.9" in inside(root, "konvoy-image", "explain", *FIPS, "containerd_version")
    completion = "source /usr/share/bash-completion/completions/konvoy-image; complete -p konvoy-image"
    assert "konvoy-image" in inside(root, "bash", "-c", completion)
    pages = {path.name for path in (root / "usr/share/man/man1").glob("konvoy-image*.1")}
    assert {"konvoy-image.1", "konvoy-image-build.1", "konvoy-image-manifest-create.1"} <= pages


def says_which_library_is_missing(root):
    """OpenSSL is loaded when it is first needed, which the dynamic loader's own message is not for."""
    library = next(root.glob("usr/lib/*/libcrypto.so.3"))
    hidden = library.rename(library.with_suffix(".hidden"))
    try:
        assert inside(root, "konvoy-image", "--version").startswith("konvoy-image ")
        plan = subprocess.run(["chroot", root, "konvoy-image", "plan", "--root", "/",
                               "images/generic/centos-8.yaml"], capture_output=True, text=True,
                              check=False)
    finally:
        hidden.rename(library)
    assert plan.returncode == 127, plan.stderr
    assert "cannot load OpenSSL 3: libcrypto.so.3" in plan.stderr
    assert "hint: install libssl3 (Debian)" in plan.stderr


def test_debian_packages(clean_root, packages):
    files = put(clean_root, packages["konvoy-image.deb"], packages["dkp-fips-tool.deb"])
    inside(clean_root, "dpkg", "--install", *files)
    assert inside(clean_root, "dpkg", "--verify", "konvoy-image", "dkp-fips-tool") == ""
    works(clean_root)
    says_which_library_is_missing(clean_root)
    assert inside(clean_root, "dkp-fips-tool", "--version").startswith("dkp-fips-tool ")
    inside(clean_root, "dpkg", "--remove", "konvoy-image", "dkp-fips-tool")
    left = [*clean_root.glob("usr/share/**/*konvoy-image*"), *clean_root.glob("usr/bin/*fips*")]
    assert [path for path in left if path.exists()] == []


def test_rpm_of_konvoy_image(clean_root, packages, tmp_path):
    """The base system is not in the rpm database, so a package stands for it that provides what
    rpm's own script finds in the libraries which are really there."""
    libraries = "\n".join(str(path) for path in clean_root.glob("usr/lib/x86_64-linux-gnu/*.so*"))
    provides = run("/usr/lib/rpm/find-provides", input=libraries).split("\n")
    base = repository.build_package(
        repository.Package("el-base", "1", provides=("/bin/sh", "rtld(GNU_HASH)", *filter(None, provides))),
        tmp_path)
    (clean_root / "etc/rpm").mkdir(exist_ok=True)
    (clean_root / "etc/rpm/macros").write_text("%_dbpath /var/lib/rpm\n")
    refused = subprocess.run(["chroot", clean_root, "rpm", "-i",
                              *put(clean_root, packages["konvoy-image.rpm"])],
                             capture_output=True, text=True)
    assert refused.returncode != 0 and "libcurl.so.4" in refused.stderr
    inside(clean_root, "rpm", "-i", *put(clean_root, base, packages["konvoy-image.rpm"]))
    assert inside(clean_root, "rpm", "-V", "konvoy-image") == ""
    works(clean_root)
    inside(clean_root, "rpm", "-e", "konvoy-image")
    assert not (clean_root / "usr/bin/konvoy-image").exists()
    assert not (clean_root / "usr/share/konvoy-image").exists()


@pytest.mark.parametrize("flavour", ["el7", "el8"])
def test_rpm_of_the_tool_needs_nothing(testbed, packages, flavour):
    with testbed.host(flavour) as host:
        host.write("/root/tool.rpm", packages["dkp-fips-tool.rpm"].read_bytes())
        host.run(["rpm", "-i", "/root/tool.rpm"])
        assert host.run(["rpm", "-V", "dkp-fips-tool"]).stdout == b""
        assert host.ssh("dkp-fips-tool --version").stdout.startswith(b"dkp-fips-tool ")
        needs = host.run(["rpm", "-q", "--requires", "dkp-fips-tool"]).stdout.decode().splitlines()
        assert [one for one in needs if not one.startswith("rpmlib(")] == []


def test_where_images_and_overrides_are_found(tmp_path):
    """--data-dir, then beside the executable, then inside it."""
    program = tmp_path / "k/bin/konvoy-image"
    program.parent.mkdir(parents=True)
    shutil.copy2(targets.program("konvoy-image"), program)

    def kubernetes_version(*more):
        text = run(program, "explain", *more, "-o", "json", *FIPS, "kubernetes_version", cwd=tmp_path)
        return json.loads(text)["value"]

    def overrides(directory, version):
        (tmp_path / directory).mkdir(parents=True)
        (tmp_path / directory / "fips.yaml").write_text(f"kubernetes_version: {version}\n")

    embedded = kubernetes_version()
    overrides("k/share/konvoy-image/overrides", "1.1.1")
    assert embedded != "1.1.1" and kubernetes_version() == "1.1.1"
    overrides("mine/overrides", "2.2.2")
    assert kubernetes_version("--data-dir", "mine") == "2.2.2"
    assert kubernetes_version() == "1.1.1"


def test_container(clean_root, packages, tmp_path):
    """The image is built on our own Debian under the name that the file asks for, and run."""
    storage = ["--root", tmp_path / "storage", "--runroot", tmp_path / "run", "--storage-driver", "overlay"]

    def buildah(*words, **options):
        return run("buildah", *storage, *words, **options)

    (name,) = re.findall(r"^FROM (\S+)$", CONTAINERFILE.read_text(), re.M)
    container = buildah("from", "scratch").strip()
    archive = tmp_path / "base.tar"
    run("tar", "-C", clean_root, "-cf", archive, ".")
    buildah("add", container, archive, "/")
    buildah("commit", container, name)
    buildah("bud", "--isolation", "chroot", "--pull=false", "-f", CONTAINERFILE, "-t", "konvoy-image",
            packages["konvoy-image.deb"].parent)
    entry = json.loads(buildah("inspect", "--type", "image", "konvoy-image"))["OCIv1"]["config"]
    ours = buildah("from", "--pull=false", "konvoy-image").strip()
    program = [*entry["Entrypoint"], "explain", *FIPS, "build_name_extra"]
    said = buildah("run", "--isolation", "chroot", ours, "--", *program)
    assert "build_name_extra: -fips\n" in said
    assert buildah("run", "--isolation", "chroot", ours, "--", "id", "-un").strip() == "konvoy"

"""What users are told who make a mistake, whole and word for word: golden/mistakes*.txt.

KONVOY_ACCEPT=1 rewrites the golden files; read the difference before it is committed. YAML's own
mistakes are in tests/app/golden/messages.txt, those of manifests and signatures in test_manifest.py.
"""

import os
import pathlib
import re
import shlex
import subprocess
import tarfile
import tempfile

import pytest

import targets

GOLDEN = pathlib.Path(__file__).parent / "golden"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

# By command; a line is what is typed. In the folder where they run: see folder().
MISTAKES = {
    "the program": """
        konvoy-image nonsense
        konvoy-image expalin
        konvoy-image help nonsense
        konvoy-image version more
        konvoy-image --color purple schema
        konvoy-image man nonsense
        konvoy-image man --directory text.txt
        konvoy-image completion
        konvoy-image completion tcsh
    """,
    "explain and generate: files": """
        konvoy-image explain
        konvoy-image explain images/none.yaml
        konvoy-image explain images/ami/centos8.yaml
        konvoy-image explain folder
        konvoy-image explain text.txt
        konvoy-image explain program
        konvoy-image explain broken.yaml
        konvoy-image explain --overrides none.yaml images/ami/centos-8.yaml
        konvoy-image explain --overrides folder images/ami/centos-8.yaml
        konvoy-image explain --overrides overrides/fisp.yaml images/ami/centos-8.yaml
        konvoy-image explain --data-dir nowhere images/ami/centos-8.yaml
        konvoy-image explain --data-dir text.txt images/ami/centos-8.yaml
        konvoy-image explain --facts text.txt images/ami/centos-8.yaml fips
        konvoy-image generate --work-dir text.txt images/ami/centos-8.yaml
        konvoy-image generate --work-dir text.txt/more images/ami/centos-8.yaml
    """,
    "explain and generate: words": """
        konvoy-image explain images/ami/centos-8.yaml kubernets_version
        konvoy-image explain images/ami/centos-8.yaml fips.enable
        konvoy-image explain images/ami/centos-8.yaml a b
        konvoy-image explain --ovrrides x images/ami/centos-8.yaml
        konvoy-image explain --overrides
        konvoy-image explain -o xml images/ami/centos-8.yaml
        konvoy-image explain -v 9 images/ami/centos-8.yaml
        konvoy-image explain --os windows-95 images/ami/centos-8.yaml fips
        konvoy-image explain --set-fact abc images/ami/centos-8.yaml fips
        konvoy-image explain --extra-vars abc images/ami/centos-8.yaml fips
    """,
    "hosts and inventories": """
        konvoy-image plan images/generic/centos-8.yaml
        konvoy-image plan --inventory-file none.yaml images/generic/centos-8.yaml
        konvoy-image plan --inventory-file section.ini images/generic/centos-8.yaml
        konvoy-image plan --inventory-file port.ini images/generic/centos-8.yaml
        konvoy-image plan --inventory-file program images/generic/centos-8.yaml
        konvoy-image plan --inventory-file folder images/generic/centos-8.yaml
        konvoy-image plan --inventory-file a,b, --limit c images/generic/centos-8.yaml
        konvoy-image plan --host 'a b' images/generic/centos-8.yaml
        konvoy-image plan --host n1:99999 images/generic/centos-8.yaml
        konvoy-image plan --host root@ images/generic/centos-8.yaml
        konvoy-image plan --host n1 --host n1 images/generic/centos-8.yaml
        konvoy-image plan --host n1 --limit x images/generic/centos-8.yaml
        konvoy-image plan --host n1 --ssh-key none.pem images/generic/centos-8.yaml
        konvoy-image plan --host local --root / images/generic/centos-8.yaml
        konvoy-image plan --root nowhere images/generic/centos-8.yaml
        konvoy-image plan --root text.txt images/generic/centos-8.yaml
        konvoy-image plan --root folder images/generic/centos-8.yaml
        konvoy-image plan --host 127.0.0.1:1 images/generic/centos-8.yaml
        konvoy-image facts --host root@127.0.0.1:1
        konvoy-image validate --host 127.0.0.1:1
        konvoy-image verify --host 127.0.0.1:1 none.asc
    """,
    "plan, provision and validate": """
        konvoy-image plan --host local images/generic/centos-8.yaml
        konvoy-image plan --host n1 --forks 0 images/generic/centos-8.yaml
        konvoy-image plan --host n1 --progress loud images/generic/centos-8.yaml
        konvoy-image plan --host n1 --max-unavailable some images/generic/centos-8.yaml
        konvoy-image plan --host n1 --accept-risk nonsense images/generic/centos-8.yaml
        konvoy-image provision --host n1 images/generic/centos8.yaml
        konvoy-image provision --host n1 --overrides broken.yaml images/generic/centos-8.yaml
        konvoy-image provision --host n1 --work-dir text.txt images/generic/centos-8.yaml
        konvoy-image provision --host n1 --work-dir folder --resume images/generic/centos-8.yaml
        konvoy-image validate --root folder
        konvoy-image validate --fips --root text.txt
        konvoy-image validate --host n1 --errors-to-ignore swop
        konvoy-image validate --host n1 --pod-subnet 10.0.0.0/33
    """,
    "build": """
        konvoy-image build
        konvoy-image build images/generic/centos-8.yaml
        konvoy-image build images/root/rhel-84.yaml
        konvoy-image build --base text.txt images/root/centos-8.yaml
        konvoy-image build --base cut.tar images/root/centos-8.yaml
        konvoy-image build --base nowhere images/root/centos-8.yaml
        konvoy-image build images/disk/centos-8.yaml
        konvoy-image build --packer-path nowhere/packer images/ami/centos-8.yaml
        konvoy-image build --packer-path ./old-packer images/ami/centos-8.yaml
        konvoy-image build --packer-path ./no-packer images/ami/centos-8.yaml
        konvoy-image build --packer-manifest none.json images/ami/centos-8.yaml
        konvoy-image build --packer-on-error never images/ami/centos-8.yaml
    """,
    "inspect": """
        konvoy-image inspect
        konvoy-image inspect nowhere
        konvoy-image inspect cut.tar
        konvoy-image inspect --fail-on nonsense text.txt
        konvoy-image inspect --cmvp-data none.json text.txt
        konvoy-image inspect --cmvp-data broken.json text.txt
        konvoy-image inspect --cmvp-data other.json text.txt
    """,
    "manifests": """
        konvoy-image verify none.asc
        konvoy-image manifest nonsense
        konvoy-image manifest create made.asc
        konvoy-image manifest create --from folder made.asc
        konvoy-image manifest create --from folder --sign me made.asc
        konvoy-image manifest create --from folder --sign me --os rhel made.asc
        konvoy-image manifest create --from folder --sign me --os rhel-8.4 --arch x86_64 made.asc
        konvoy-image manifest create --from folder --sign me --not-after tomorrow made.asc
        konvoy-image manifest create --from folder --sign me --os rhel-8.4 --arch x86_64 --file-key none.pem made.asc
        konvoy-image manifest create --from packages --sign me --os rhel-8.4 --arch x86_64 made.asc
        konvoy-image manifest create --from 127.0.0.1:1 --sign me made.asc
        konvoy-image manifest verify none.asc
        konvoy-image manifest verify --keyring none.gpg text.txt
        konvoy-image manifest verify --keyring text.txt text.txt
        dkp-fips-tool
        dkp-fips-tool none.asc
        dkp-fips-tool one.asc two.asc
        dkp-fips-tool --keyring
        dkp-fips-tool --nonsense one.asc
        dkp-fips-tool --keyring none.gpg text.txt
    """,
    "records": """
        konvoy-image record show
        konvoy-image record show nowhere
        konvoy-image record show folder
        konvoy-image record show text.txt
        konvoy-image record show other.json
        konvoy-image record diff other.json
    """,
}


@pytest.fixture
def folder():
    """What a user may have lying about, where any user can get at it."""
    with tempfile.TemporaryDirectory(prefix="konvoy-mistakes-") as directory:
        here = pathlib.Path(directory)
        here.chmod(0o755)
        fill(here)
        yield here


def fill(here):
    for name in ("folder", "packages"):
        (here / name).mkdir()
    for name, content in {
        "text.txt": "hello\n", "broken.yaml": "fips: [\n", "section.ini": "[web\nn1\n",
        "port.ini": "[web]\nn1 ansible_port=abc\n", "broken.json": '{"a": \n',
        "other.json": '{"a": 1}\n', "packages/fake.rpm": "Package\n",
    }.items():
        (here / name).write_text(content)
    (here / "program").write_bytes(b"\x7fELF\x02\x01\x01\0\0")
    with tarfile.open(here / "cut.tar", "w") as archive:
        archive.add(here / "text.txt", "text.txt")
    os.truncate(here / "cut.tar", 300)
    for name, says in {"old-packer": "Packer v1.3.0", "no-packer": "hello"}.items():
        (here / name).write_text(f"#!/bin/sh\necho {says}\n")
        (here / name).chmod(0o755)


def told(line, here, prefix=(), environment=None):
    """The command line as it was typed, what was said on both streams, and the exit code."""
    name, *words = shlex.split(line)
    done = subprocess.run([*map(str, prefix), targets.program(name), *words], cwd=here, timeout=120,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(here),
                                          **(environment or {})})
    said = done.stdout.replace(str(here), "HERE")
    said = re.sub(r"work/(\S+?)-\d{9,}-[0-9a-f]{8}", r"work/\1-TIME-ID", said)
    said = re.sub(r"konvoy-build-[0-9a-f]+", "konvoy-build-ID", said)
    return f"$ {line}\n{said}exit {done.returncode}\n"


def check_golden(name, text):
    path = GOLDEN / name
    if os.environ.get("KONVOY_ACCEPT"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text == path.read_text()


def test_messages(folder):
    parts = []
    for title, lines in MISTAKES.items():
        said = [told(line.strip(), folder) for line in lines.strip().split("\n")]
        parts.append(f"# {title}\n\n" + "\n".join(said))
    check_golden("mistakes.txt", "\n".join(parts))


def test_messages_to_those_who_may_not(folder):
    """As a user who is not root, and who may write nowhere."""
    (folder / "secret.yaml").write_text("fips: {enabled: true}\n")
    (folder / "secret.yaml").chmod(0o600)
    (folder / "own").mkdir()
    os.chown(folder / "own", 65534, 65534)
    lines = ["konvoy-image explain secret.yaml",
             "konvoy-image generate images/ami/centos-8.yaml",
             "konvoy-image plan --root folder images/generic/centos-8.yaml",
             "konvoy-image provision --host 127.0.0.1:1 images/generic/centos-8.yaml",
             "konvoy-image build --base folder images/root/centos-8.yaml",
             "konvoy-image provision --root folder --work-dir own/a images/generic/centos-8.yaml",
             "konvoy-image build --base text.txt --work-dir own/d images/disk/centos-8.yaml",
             "konvoy-image manifest create --from folder --sign me --os rhel-8.4 --arch x86_64 made.asc"]
    check_golden("mistakes_nobody.txt", "\n".join(told(line, folder, NOBODY) for line in lines))


def test_messages_on_a_full_disk(folder):
    """The work directory is on a file system without room."""
    full = ["unshare", "--mount", "sh", "-ec",
            'mount -t tmpfs -o size=64k none folder; head -c 1M /dev/zero >folder/full 2>/dev/null || true;'
            'exec "$@"', "sh"]
    lines = ["konvoy-image generate --work-dir folder/work images/ami/centos-8.yaml",
             "konvoy-image build --base packages --work-dir folder/work images/root/centos-8.yaml",
             "konvoy-image man --directory folder/pages"]
    check_golden("mistakes_disk.txt", "\n".join(told(line, folder, full) for line in lines))


class Stage:
    """A host with something the matter, and what is told about it."""

    def __init__(self, host, here):
        self.host, self.here = host, here

    def told(self, line, user="root", password=None, known=True):
        variables = [f"ansible_host={self.host.address}", f"ansible_user={user}",
                     f"ansible_ssh_private_key_file={self.host.testbed.key}",
                     "ansible_ssh_common_args='-F none -o IdentitiesOnly=yes -o UserKnownHostsFile="
                     f"{self.host.known_hosts if known else '/dev/null'}'"]
        if password:
            variables.append(f"ansible_become_password={password}")
        (self.here / "hosts.ini").write_text("node " + " ".join(variables) + "\n")
        said = told(f"konvoy-image {line} --inventory-file hosts.ini", self.here)
        said = said.replace(self.host.address, "ADDRESS").replace(str(self.host.testbed.key), "KEY")
        return re.sub(r"took .*|[\d.]+ s\b", "TIME", said)


def test_messages_about_hosts(testbed, folder):
    plan = "plan images/generic/centos-8.yaml"
    parts = []
    with testbed.host("el8") as host:
        stage = Stage(host, folder)
        parts += [
            ("a host key that is not known", stage.told(plan, known=False)),
            ("a user who needs a password for sudo", stage.told(plan, user="keeper")),
            ("a wrong password for sudo", stage.told(plan, user="keeper", password="wrong")),
            ("sudo that wants a terminal", stage.told(plan, user="terminal")),
            ("a user who is not there", stage.told(plan, user="stranger")),
            ("a role that is not there", stage.told(f"{plan} --only kuberntes")),
            ("a step that is not there", stage.told(f"{plan} --start-at kubernetes/pakages")),
            ("a version that is none", stage.told(f"{plan} --kubernetes-version latest")),
            ("a number where a switch is", stage.told(f"{plan} --extra-vars fips.enabled=maybe")),
        ]
        host.write("/root/.ssh/authorized_keys", "", mode="0600")
        parts.append(("a key that may not log in", stage.told(plan)))
    with testbed.host("el8", disk_mb=1) as host:
        host.run(["sh", "-c", "head -c 2M /dev/zero >/full 2>/dev/null || true"])
        parts.append(("a host whose disk is full", Stage(host, folder).told(
            "provision images/generic/centos-8.yaml --only kernel --work-dir work/full")))
    check_golden("mistakes_hosts.txt", "\n".join(f"# {title}\n{said}" for title, said in parts))

"""The main job with real input: hosts become FIPS nodes and prove it, until one byte is changed.

Real goboring programs (goboring.py) in signed packages; an EL 8 host that is reached with RSA keys of
3072 bits and an EL 7 host with ECDSA keys, as FIPS mode allows them, systemd as process 1 on both. A
namespace shares this machine's kernel, which has no FIPS flag: `os` fails there and nothing else. Disk
images, where it passes, are in the tests with the marker vm.
"""

import json
import subprocess

import pytest

import goboring
import openpgp
import product
from inventories import konvoy_image, konvoy_json

KEY_TYPES = {"el8": ("rsa", 3072), "el7": ("ecdsa", 256)}
PROGRAMS = {"/usr/bin/kubelet", "/usr/bin/kubeadm", "/usr/bin/kubectl", "/usr/bin/containerd",
            "/usr/bin/containerd-shim-runc-v2", "/usr/bin/ctr", "/usr/bin/runc"}


class Node:
    """A host that only lets one kind of key in, and shows only that kind itself."""

    def __init__(self, host, kind, bits, directory):
        self.host, self.kind = host, kind
        self.key = directory / f"id_{kind}"
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-b", str(bits), "-N", "", "-f", self.key],
                       check=True)
        public = self.key.with_suffix(".pub").read_text()
        host.write("/root/.ssh/authorized_keys", public, mode="0600")
        # A container must not set the clock: Debian's chronyd does not start there unless told so.
        host.write("/etc/default/chrony", 'DAEMON_OPTS="-F 0 -x"\n')
        host.write("/etc/systemd/system/chrony.service.d/container.conf", "[Unit]\nConditionCapability=\n")
        host.run(["systemctl", "daemon-reload"])
        of_host = host.read(f"/etc/ssh/ssh_host_{kind}_key.pub").decode().split()
        self.known_hosts = directory / f"known_hosts_{kind}"
        self.known_hosts.write_text(f"{host.address} {of_host[0]} {of_host[1]}\n")

    def variables(self):
        return {"ansible_host": self.host.address, "ansible_user": "root",
                "ansible_ssh_private_key_file": str(self.key),
                "ansible_ssh_common_args": "-F none -o IdentitiesOnly=yes"
                                           f" -o UserKnownHostsFile={self.known_hosts}"}


class Site:
    """Both nodes, their inventory, and what is wanted of them."""

    def __init__(self, testbed, hosts, directory):
        self.directory = directory
        self.nodes = {flavour: Node(host, *KEY_TYPES[flavour], directory)
                      for flavour, host in hosts.items()}
        self.packages = goboring.packages(testbed)
        inventory = directory / "inventory.yaml"
        inventory.write_text(json.dumps({"all": {"hosts": {
            node.host.name: node.variables() for node in self.nodes.values()}}}))
        # The kernel is this machine's: the operating system's own FIPS mode is not for this test.
        own = goboring.overrides(testbed.serve(self.packages), directory / "own.yaml",
                                 "fips: {configure: false}\n")
        self.words = ["--inventory-file", inventory, "--overrides", "overrides/fips.yaml",
                      "--overrides", own, "images/generic/centos-8.yaml"]

    def run(self, command, *more, status=0):
        hosts = konvoy_json(command, *self.words, *more, status=status)["hosts"]
        assert {host["name"] for host in hosts} == {node.host.name for node in self.nodes.values()}
        return hosts

    def provision(self, status=0):
        return self.run("provision", "--work-dir", self.directory / "work", status=status)


@pytest.fixture(scope="module")
def site(testbed, tmp_path_factory):
    with testbed.host("el8", systemd=True) as el8, testbed.host("el7", systemd=True) as el7:
        yield Site(testbed, {"el8": el8, "el7": el7}, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def provisioned(site):
    """What plan said before, and what the first run did."""
    plan = site.run("plan", "--detailed-exitcode", status=2)
    return plan, site.provision()


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    keys = openpgp.Keys(tmp_path_factory.mktemp("gpg") / "home")
    keys.make("signer")
    yield keys
    keys.close()


def test_two_hosts_become_nodes_and_stay_so(site, provisioned):
    plan, first = provisioned
    for planned in plan:
        steps = {change["step"] for change in planned["changes"]}
        assert {"repository/kubernetes", "packages/all",
                "kubernetes/kubeadm-fips", "containerd/service"} <= steps
        assert all(change["because"] for change in planned["changes"])
    assert [host["outcome"] for host in first] == ["ok", "ok"]
    assert all(host["changed"] > 10 for host in first)
    for node in site.nodes.values():
        assert node.host.run(["systemctl", "is-active", "containerd"]).stdout == b"active\n"
        assert node.host.run(["systemctl", "is-enabled", "kubelet"]).stdout == b"enabled\n"
        version = node.host.run(["rpm", "-q", "kubelet"]).stdout.decode()
        assert version.startswith(f"kubelet-{goboring.KUBERNETES}-0")

    assert [host["changes"] for host in site.run("plan")] == [[], []]
    assert [(host["outcome"], host["changed"]) for host in site.provision()] == [("ok", 0)] * 2


def test_the_record_names_the_module_of_every_program(site, provisioned):
    for node in site.nodes.values():
        (own,) = json.loads(node.host.read("/var/lib/konvoy-image/record.json"))["hosts"]
        classes = {one["path"]: one["class"] for one in own["executables"]}
        assert {path: classes[path] for path in PROGRAMS} == dict.fromkeys(PROGRAMS, "goboring")


def manifest_of(site, node, keys, directory):
    """A manifest of the packages that went in, or of the node as it is."""
    path = directory / f"{node.host.name}.asc"
    if node is site.nodes["el8"]:
        source = ["--from", site.packages / "real", "--os", "centos-8", "--arch", "x86_64"]
    else:
        source = ["--from", f"root@{node.host.address}", "--ssh-key", node.key, "--ssh-accept-new"]
    made = product.run("konvoy-image", "manifest", "create", *source, "--sign",
                       keys.fingerprints["signer"], path)
    assert made.returncode == 0, made.stderr
    return path


def look(node, manifest, keyring):
    """dkp-fips-tool on the node; everything but `os` must be right when it says so."""
    host = node.host
    host.write("/root/dkp-fips-tool", product.targets.program("dkp-fips-tool").read_bytes(), "0755")
    host.write("/root/manifest.asc", manifest.read_bytes())
    host.write("/root/keyring.gpg", keyring.read_bytes())
    done = host.run(["/root/dkp-fips-tool", "--json", "--keyring", "/root/keyring.gpg",
                     "/root/manifest.asc"], check=False)
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("flavour", ["el8", "el7"])
def test_a_node_proves_itself_until_a_byte_is_changed(site, provisioned, keys, tmp_path, monkeypatch,
                                                      flavour):
    monkeypatch.setenv("GNUPGHOME", str(keys.home))
    node = site.nodes[flavour]
    keyring = keys.export(tmp_path / "trusted.gpg", "signer")
    manifest = manifest_of(site, node, keys, tmp_path)

    said = look(node, manifest, keyring)
    assert {part["status"] for part in said["components"]} == {"ok"}
    assert PROGRAMS <= {part["name"] for part in said["components"]}
    assert said["manifest"]["verified"] is True and said["manifest"]["problems"] == []
    assert {service["status"] for service in said["services"]} == {"not-running"}
    assert said["os"]["fips_enabled"] is False and said["result"] == "fail"

    size = int(node.host.run(["stat", "-c", "%s", "/usr/bin/kubelet"]).stdout)
    node.host.run(["sh", "-ec", f"""
        byte=$(dd if=/usr/bin/kubelet bs=1 skip={size // 2} count=1 2>/dev/null | od -An -tu1)
        printf "\\\\$(printf %03o $((byte ^ 1)))" |
          dd of=/usr/bin/kubelet bs=1 seek={size // 2} count=1 conv=notrunc"""])
    assert b"5" in node.host.run(["rpm", "-V", "kubelet"], check=False).stdout.split()[0]
    said = look(node, manifest, keyring)
    bad = {part["name"]: part["status"] for part in said["components"] if part["status"] != "ok"}
    assert bad == {"/usr/bin/kubelet": "mismatch"}
    over_ssh = konvoy_image("verify", "--inventory-file", site.directory / "inventory.yaml", "--limit",
                            node.host.name, "--keyring", keyring, "-o", "json", manifest)
    assert over_ssh.returncode == 1, over_ssh.stderr
    again = json.loads(over_ssh.stdout)
    assert [p["name"] for p in again["components"] if p["status"] != "ok"] == ["/usr/bin/kubelet"]

"""Images through the real Packer: its null builder, whose machine is a test host."""

import json
import pathlib
import signal
import subprocess

import pytest

import product
import targets
from hosts import KEEPER_PASSWORD, wait_until
from test_provision import overrides

TOP = pathlib.Path(__file__).resolve().parents[2]
SHIPPED = sorted(str(path.relative_to(TOP)) for folder in ("ami", "azure", "gcp", "ova", "qemu")
                 for path in (TOP / "images" / folder).glob("*.yaml"))


class Build:
    """An image definition for the machine that `host` is, and `konvoy-image build` of it."""

    def __init__(self, testbed, host, directory, extra="", user="root", key=True):
        self.host, self.work = host, directory / "work"
        self.image = directory / "image.yaml"
        self.image.write_text(f"""\
build_name: test-image
packer_builder_type: "null"
packer:
  ssh_host: {host.address}
  ssh_port: "22"
  ssh_username: {user}
""" + (f"  ssh_private_key_file: {testbed.key}\n" if key else ""))
        self.words = ["build", "--overrides", overrides(testbed, directory / "overrides.yaml", extra),
                      "--work-dir", self.work]

    def run(self, *more, **options):
        return product.run("konvoy-image", *self.words, *more, self.image, cwd=TOP, **options)

    def record(self):
        return json.loads((self.work / "record.json").read_text())


def test_an_instance_becomes_an_image(testbed, tmp_path):
    with testbed.host("el8") as host:
        build = Build(testbed, host, tmp_path)
        done = build.run("-o", "json")
        assert done.returncode == 0, done.stderr
        assert b"kubelet-1.21.3-0" in host.run(["rpm", "-q", "kubelet"]).stdout
        # What is one machine's own is gone, as the last thing that happened.
        assert not host.exists("/etc/ssh/ssh_host_rsa_key")
        steps = [line for line in done.stderr.splitlines() if f" {host.address}: " in line]
        assert " sysprep/" in steps[-1]
        record = build.record()
        assert record["hosts"][0]["outcome"] == "ok"
        (manifest,) = json.loads((build.work / "manifest.json").read_text())["builds"]
        assert record["artifacts"] == [
            {"builder": "null", "id": manifest["artifact_id"]}] == json.loads(done.stdout)["artifacts"]
        # The instance's host key is known to this run alone.
        subprocess.run(["ssh-keygen", "-F", host.address, "-f", build.work / "known_hosts"],
                       check=True, capture_output=True)
        assert "Running local shell script" in (build.work / "packer.log").read_text()


def test_a_password_by_environment_and_a_user_that_becomes_root(testbed, tmp_path, monkeypatch):
    with testbed.host("el8") as host:
        monkeypatch.setenv("SSH_PASSWORD", KEEPER_PASSWORD)
        build = Build(testbed, host, tmp_path, user="keeper", key=False)
        done = build.run("--extra-vars", "build_name_extra=-password")
        assert done.returncode == 0, done.stderr
        for path in build.work.rglob("*"):
            assert not path.is_file() or KEEPER_PASSWORD not in path.read_text(errors="replace")
        assert KEEPER_PASSWORD not in done.stdout + done.stderr


def test_a_step_that_fails_fails_the_build(testbed, tmp_path):
    with testbed.host("el8") as host:
        host.run(["dnf", "-y", "install", "kubelet-1.21.5-0"])
        build = Build(testbed, host, tmp_path)
        done = build.run()
        assert done.returncode == 3
        error = done.stderr[done.stderr.rindex("error: "):]
        assert error.startswith("error: the instance could not be provisioned: ")
        assert "downgrade" in error
        assert host.exists("/etc/ssh/ssh_host_rsa_key")


def test_ctrl_c_reaches_packer(testbed, tmp_path):
    with testbed.host("el8") as host:
        build = Build(testbed, host, tmp_path)
        process = subprocess.Popen(
            [str(targets.program("konvoy-image")), *map(str, build.words), str(build.image)],
            cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in process.stderr:
            if "packages/all" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(timeout=60) == 130, rest
        assert "error: stopped" in rest
        # The transaction that runs is not cut off.
        wait_until(lambda: packers(build.work) == [], 60, "the end of Packer's processes")


def packers(work):
    """Processes of Packer that still run in a work directory."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").resolve() == work.resolve():
                found.append((entry / "cmdline").read_bytes())
        except OSError:
            continue
    return found


def test_in_a_template_of_ones_own(testbed, tmp_path):
    with testbed.host("el8") as host:
        build = Build(testbed, host, tmp_path)
        tool = targets.program("konvoy-image")
        generated = product.run("konvoy-image", "generate", *build.words[1:], build.image, cwd=TOP)
        assert generated.returncode == 0, generated.stderr
        template = tmp_path / "own.pkr.hcl"
        template.write_text(f"""\
source "null" "mine" {{
  ssh_host             = "{host.address}"
  ssh_username         = "root"
  ssh_private_key_file = "{testbed.key}"
}}
build {{
  sources = ["source.null.mine"]
  provisioner "shell-local" {{
    inline = ["{tool} packer-step --work-dir {build.work} --instance $${{build.User}}@$${{build.Host}}:$${{build.Port}}"]
  }}
  post-processors {{
    post-processor "manifest" {{ output = "{tmp_path}/manifest.json" }}
    post-processor "shell-local" {{
      inline = ["{tool} record --from-manifest {tmp_path}/manifest.json --work-dir {build.work}"]
    }}
  }}
}}
""".replace("$${", "${"))
        done = subprocess.run(["packer", "build", str(template)], capture_output=True, text=True,
                              check=False, cwd=tmp_path, env={**targets.os.environ,
                                                              "CHECKPOINT_DISABLE": "1"})
        assert done.returncode == 0, done.stdout + done.stderr
        assert build.record()["artifacts"] == [{"builder": "null", "id": "Null"}]
        shown = product.run("konvoy-image", "record", "show", build.work)
        assert "null  Null" in shown.stdout


# What only the user knows and Packer insists on, as the options of each cloud's command.
GIVEN = {
    "ami": ["build", "aws", "--region", "eu-west-3", "--ami-users", "1,2"],
    "azure": ["build", "azure", "--client-id", "a", "--subscription-id", "b", "--tenant-id", "c",
              "--cloud-endpoint", "Public"],
    "gcp": ["build", "gcp", "--project-id", "p", "--image-storage-locations", "eu"],
    "ova": ["build", "vsphere", "--cluster", "c", "--ssh-username", "root"],
    "qemu": ["build", "--extra-vars", "packer.iso_url=/dev/null"],
}
ENVIRONMENT = {"AZURE_CLIENT_SECRET": "canary-azure", "VSPHERE_SERVER": "v", "VSPHERE_USERNAME": "u",
               "VSPHERE_PASSWORD": "canary-vsphere", "SSH_PASSWORD": "Canary-ssh-1"}


@pytest.mark.parametrize("image", SHIPPED)
def test_packer_accepts_what_we_ship(tmp_path, monkeypatch, image):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    done = product.run("konvoy-image", *GIVEN[pathlib.Path(image).parent.name], "--validate-only",
                       "--overrides", "overrides/fips.yaml", "--work-dir", tmp_path, image, cwd=TOP)
    assert done.returncode == 0, done.stderr
    for path in tmp_path.iterdir():
        assert "canary" not in path.read_text().lower(), "a secret of the environment is in a file"


def test_an_image_of_another_cloud(tmp_path):
    done = product.run("konvoy-image", "build", "azure", "--work-dir", tmp_path / "work",
                       "images/ami/centos-8.yaml", cwd=TOP)
    assert done.returncode == 2
    assert done.stderr.startswith("error: 'images/ami/centos-8.yaml' is no image file for azure")
    assert not (tmp_path / "work").exists()

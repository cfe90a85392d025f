"""What machines of a provider get, on real hosts."""

import pytest

import repository
from inventories import konvoy_image
from test_provision import Setting, text_of

UNITS = ("cloud-init-local", "cloud-init", "cloud-config", "cloud-final")


class Agent:
    """Amazon's SSM agent as a package that no repository has."""

    def __init__(self, testbed, directory, signed=True):
        package = repository.Package("amazon-ssm-agent", "3.2", "1", unit=True,
                                     program="/usr/bin/amazon-ssm-agent")
        self.path = repository.build_package(package, directory / "rpmbuild")
        if signed:
            repository.sign(testbed.repository, [self.path])
            repository.end_agent(testbed.repository)
        self.url = f"{testbed.serve(self.path.parent)}/{self.path.name}"


def provider(testbed, host, directory, name, extra=""):
    """(words for Setting.provision) of one provider's role alone."""
    return Setting(testbed, host, directory, extra), ("--provider", name, "--only", "provider")


def test_an_amazon_instance(testbed, tmp_path):
    agent = Agent(testbed, tmp_path)
    with testbed.host("el8") as host:
        # The agent's key is not the one that the host knows for its repositories.
        host.run(["sh", "-c", "rpm -e --allmatches gpg-pubkey"])
        setting, only = provider(testbed, host, tmp_path, "amazon", f"""\
ssm_agent_rpm_url: {agent.url}
ssm_agent_rpm_gpg_key_url: {testbed.repository_url}/RPM-GPG-KEY-test
""")
        assert setting.provision(*only)["outcome"] == "ok"
        assert host.run(["rpm", "-q", "amazon-ssm-agent", "cloud-init", "cloud-utils-growpart"]
                        ).stdout.count(b"\n") == 3
        for unit in (*UNITS, "amazon-ssm-agent"):
            assert host.run(["systemctl", "is-enabled", unit]).stdout == b"enabled\n", unit
        for unit in ("cloud-config", "cloud-final"):
            assert "After=containerd.service" in text_of(
                host, f"/etc/systemd/system/{unit}.service.d/boot-order.conf")
        assert "ERROR_ON_USER_DATA_FAILURE = False" in text_of(
            host, "/usr/lib/python3.6/site-packages/cloudinit/feature_overrides.py")
        second = setting.provision(*only)
        assert (second["outcome"], second["changed"]) == ("ok", 0)


def test_an_unsigned_agent_is_refused(testbed, tmp_path):
    agent = Agent(testbed, tmp_path, signed=False)
    with testbed.host("el8") as host:
        setting, only = provider(testbed, host, tmp_path, "amazon", f"""\
ssm_agent_rpm_url: {agent.url}
ssm_agent_rpm_gpg_key_url: {testbed.repository_url}/RPM-GPG-KEY-test
""")
        done = konvoy_image("provision", *setting.words, "--work-dir", tmp_path / "work", *only)
        assert done.returncode == 3
        assert "provider/ssm-agent" in done.stdout + done.stderr
        assert "is not signed" in (tmp_path / "work" / "record.json").read_text()
        assert host.run(["rpm", "-q", "amazon-ssm-agent"], check=False).returncode == 1


def test_an_agent_without_a_key_is_not_installed_and_that_is_told(testbed, tmp_path):
    with testbed.host("el8") as host:
        setting, only = provider(testbed, host, tmp_path, "amazon")
        done = konvoy_image("provision", *setting.words, "--work-dir", tmp_path / "work", *only)
        assert done.returncode == 0, done.stderr
        assert "the SSM agent is not installed: there is no key to check it with" in done.stderr
        assert host.run(["rpm", "-q", "amazon-ssm-agent"], check=False).returncode == 1


@pytest.mark.parametrize("flavour", ["el7", "el8"])
def test_a_machine_of_azure_keeps_the_hypervisors_time(testbed, tmp_path, flavour):
    with testbed.host(flavour) as host:
        host.write("/etc/chrony.conf", "pool example.invalid iburst\nmakestep 0.1 3\nrtcsync\n")
        setting, only = provider(testbed, host, tmp_path, "azure", f"""\
azure_cli_rpm_repository_url: {testbed.repository_url}/{flavour}/x86_64
azure_cli_rpm_gpg_key_url: {testbed.repository_url}/RPM-GPG-KEY-test
""")
        assert setting.provision(*only)["outcome"] == "ok"
        assert text_of(host, "/etc/chrony.conf") == (
            "pool example.invalid iburst\nmakestep 1.0 -1\nrtcsync\n"
            "refclock PHC /dev/ptp0 poll 3 dpoll -2 offset 0\n")
        assert host.run(["rpm", "-q", "azure-cli"]).returncode == 0
        assert setting.provision(*only)["changed"] == 0


def test_a_machine_of_vsphere(testbed, tmp_path):
    with testbed.host("el8") as host:
        setting, only = provider(testbed, host, tmp_path, "vsphere")
        done = konvoy_image("provision", *setting.words, "--work-dir", tmp_path / "work", *only)
        assert done.returncode == 0, done.stderr
        assert host.run(["rpm", "-q", "open-vm-tools"]).returncode == 0
        assert "exclude-nics=antrea-*" in text_of(host, "/etc/vmware-tools/tools.conf")
        assert text_of(host, "/etc/cloud/cloud.cfg.d/99-konvoy-image.cfg") == (
            "datasource_list: [ VMware, OVF, None ]\n")
        # The cloud-init of the test repository has no data source for it.
        assert "it gets no user data from VMware" in done.stderr


def test_an_unknown_provider_is_refused(testbed, tmp_path):
    with testbed.host("el8") as host:
        setting, only = provider(testbed, host, tmp_path, "amazom")
        result = setting.provision(*only, status=2)
        assert result["error"].startswith("there is no provider 'amazom'")

"""Inventories are read as Ansible reads them.

Every folder of tests/inventory/corpus holds an inventory and `listed.json`, what the unit test of
lib/inventory reads from it. Here ansible-inventory reads the same files and must tell the same.
"""

import json
import os
import pathlib
import subprocess

import pytest

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "inventory" / "corpus"
CASES = sorted(folder.name for folder in CORPUS.iterdir() if folder.is_dir())


def inventory_file(folder):
    files = [path for path in folder.iterdir() if path.stem in ("hosts", "inventory")]
    assert len(files) == 1, files
    return files[0]


def ansible_lists(path):
    """The variables of every host, and the hosts of every group with those of its children."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "ANSIBLE_LOCALHOST_WARNING": "False"}
    run = subprocess.run(
        ["ansible-inventory", "-i", str(path), "--list"],
        env=environment, capture_output=True, text=True, check=False,
    )
    assert run.returncode == 0, run.stderr
    listed = json.loads(run.stdout)
    variables = listed.pop("_meta")["hostvars"]

    def members(group):
        found = set(listed.get(group, {}).get("hosts", []))
        for child in listed.get(group, {}).get("children", []):
            found |= members(child)
        return found

    return variables, {group: members(group) for group in listed}


@pytest.mark.parametrize("case", CASES)
def test_ansible_reads_the_same(case):
    ours = json.loads((CORPUS / case / "listed.json").read_text())
    variables, groups = ansible_lists(inventory_file(CORPUS / case))
    # ansible-inventory leaves out hosts without variables and groups without hosts.
    hosts = {host: values for host, values in ours["hosts"].items() if values}
    assert hosts == {host: values for host, values in variables.items() if values}
    assert set(ours["hosts"]) == groups["all"]
    assert {name: set(members) for name, members in ours["groups"].items() if members} == {
        name: members for name, members in groups.items() if members
    }

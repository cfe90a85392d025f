"""Inventories of test hosts, and the program that is run on them."""

import json
import subprocess

import targets


def yaml_inventory(path, machines, user="root", extra=None):
    """Writes a YAML inventory of the hosts: everything that ssh needs, and `extra` variables."""
    lines = ["all:", "  hosts:"]
    for host in machines:
        lines += [
            f"    {host.name}:",
            f"      ansible_host: {host.address}",
            f"      ansible_user: {user}",
            f"      ansible_ssh_private_key_file: {host.testbed.key}",
            "      ansible_ssh_common_args: -F none -o IdentitiesOnly=yes"
            f" -o UserKnownHostsFile={host.known_hosts}",
        ]
        lines += [f"      {key}: {value}" for key, value in (extra or {}).items()]
    path.write_text("\n".join(lines) + "\n")
    return path


def konvoy_image(*words, **options):
    """Runs konvoy-image; stdout and stderr are text."""
    return subprocess.run([str(targets.program("konvoy-image")), *map(str, words)],
                          capture_output=True, text=True, check=False, **options)


def konvoy_json(*words, status=0):
    """Runs konvoy-image with -o json and gives what it printed."""
    done = konvoy_image(*words, "-o", "json")
    assert done.returncode == status, done.stderr + done.stdout
    return json.loads(done.stdout)

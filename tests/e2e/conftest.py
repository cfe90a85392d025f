"""Fixtures of the end-to-end tests."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))


@pytest.fixture(scope="session")
def testbed():
    """The shared part of all test hosts (hosts.py)."""
    import hosts

    bed = hosts.Testbed()
    yield bed
    bed.close()


def pytest_configure(config):
    config.addinivalue_line("markers", "vm: boots a virtual machine under emulation (minutes)")

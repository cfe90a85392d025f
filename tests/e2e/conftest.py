"""Fixtures of the end-to-end tests."""

import pathlib
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))


@pytest.fixture(scope="session")
def testbed():
    """The shared part of all test hosts (hosts.py)."""
    import hosts

    bed = hosts.Testbed()
    yield bed
    bed.close()


@pytest.fixture
def source(testbed):
    """A repository of one test alone, to add to and to spoil (repository.py). Not in tmp_path: the
    socket of gpg's agent, beside its keys, must have a name of at most 107 bytes (unix(7))."""
    import repository

    with tempfile.TemporaryDirectory(prefix="konvoy-") as directory:
        copied = pathlib.Path(directory, "repository")
        repository.copy(testbed.repository, copied)
        yield copied
        repository.end_agent(copied)


@pytest.fixture
def keys(tmp_path, monkeypatch):
    """A key ring of one test alone with the key of "signer", which gpg uses meanwhile (openpgp.py)."""
    import openpgp

    ring = openpgp.Keys(tmp_path / "gpg")
    ring.make("signer")
    monkeypatch.setenv("GNUPGHOME", str(ring.home))
    yield ring
    ring.close()


@pytest.fixture(scope="session")
def miniature(tmp_path_factory):
    """A root with a signed repository in it, as a directory (miniature.py)."""
    import miniature as roots

    return roots.make(tmp_path_factory.mktemp("miniature"))


@pytest.fixture(scope="session")
def built_disk(miniature, tmp_path_factory):
    """A disk image of the miniature root and what was built on it, once (disks.py)."""
    import disks

    return disks.Built(miniature, tmp_path_factory.mktemp("built-disk"))


def pytest_configure(config):
    config.addinivalue_line("markers", "vm: boots a virtual machine under emulation (minutes)")
    config.addinivalue_line("markers", "vm_packer: builds an image with Packer's qemu builder under "
                                       "emulation (10 minutes or more)")

"""End-to-end tests run in several processes, which have to agree on the names of all tests."""

import os
import pathlib
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).parents[1]


def collected(hash_seed):
    run = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-q", "--collect-only",
         TESTS / "e2e"],
        env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=True)
    return [line for line in run.stdout.splitlines() if "::" in line]


def test_every_process_collects_the_same_tests():
    first = collected("1")
    time.sleep(1.1)  # a name that holds the time of day differs in the next second
    assert first
    assert collected("2") == first

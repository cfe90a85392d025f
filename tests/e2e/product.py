"""The executables under test."""

import os
import subprocess

import targets


def run(program, *arguments, path=None, timeout=300, **options):
    """Runs one of our executables; `path` is put in front of PATH."""
    environment = {**os.environ, "LC_ALL": "C"}
    if path:
        environment["PATH"] = f"{path}:{environment['PATH']}"
    return subprocess.run([str(targets.program(program)), *map(str, arguments)],
                          capture_output=True, text=True, check=False, env=environment,
                          timeout=timeout, **options)

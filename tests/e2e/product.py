"""The executables under test."""

import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
# Another build than the release one is tested with KONVOY_BIN_DIR.
BIN = pathlib.Path(os.environ.get("KONVOY_BIN_DIR", TOP / "build" / "release" / "bin"))


def run(program, *arguments, path=None, **options):
    """Runs one of our executables; `path` is put in front of PATH."""
    environment = {**os.environ, "LC_ALL": "C"}
    if path:
        environment["PATH"] = f"{path}:{environment['PATH']}"
    return subprocess.run([str(BIN / program), *map(str, arguments)], capture_output=True,
                          text=True, check=False, env=environment, timeout=300, **options)

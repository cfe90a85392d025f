"""`generate` for centos-8 with fips.yaml, the whole process, against PyYAML only reading the same
files in a Python that is already there (what konvoy-image-builder's provisioner needs at least)."""

import os
import pathlib
import statistics
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = TOP / "build" / "release" / "bin" / "konvoy-image"
FILES = ["images/common.yaml", "images/ami/centos-8.yaml", "overrides/fips.yaml"]
LIMIT_MS = 15
READ = "import sys, yaml\nfor name in sys.argv[1:]: yaml.safe_load(open(name))"


def milliseconds(command, runs=30):
    command = [os.fspath(word) for word in command]
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        child = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
        _, status = os.waitpid(child, 0)
        times.append((time.perf_counter() - start) * 1000)
        if status != 0:
            sys.exit(f"{command[0]} ended with wait status {status}")
    return statistics.median(times)


def main():
    os.chdir(TOP)
    with tempfile.TemporaryDirectory() as work:
        ours = milliseconds([PROGRAM, "generate", "--work-dir", work, "--overrides", FILES[2],
                             FILES[1]])
    peer = milliseconds([sys.executable, "-c", READ, *FILES])
    print(f"generate\t{ours:.1f} ms\t{peer:.1f} ms\t{peer / ours:.1f}\t"
          "whole process, median of 30; peer: Python reading the same YAML files")
    if ours > LIMIT_MS:
        sys.exit(f"generate took {ours:.1f} ms, the limit is {LIMIT_MS} ms")


main()

"""`inspect` against its peers: sha256sum for speed, `go version -m` for what is found.

Speed is measured on the largest real program there is: the goboring kubelet of ../shared/data
(107 MB, stripped), else Debian's packer (as large). Both read it from the page cache.
"""

import json
import lzma
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "e2e"))

from go_programs import GO, GoPrograms  # noqa: E402

TOOL = TOP / "build" / "release" / "bin" / "konvoy-image"
KUBELET = TOP.parent / "shared" / "data" / "goboring" / "kubelet.xz"

# What each program really is; made on purpose, so it is known.
TRUTH = {
    "boring": "goboring", "boring_stripped": "goboring", "boring_sw": "goboring",
    "boring_pie": "goboring", "boring_static": "goboring", "boring_no_cgo": "false-claim",
    "boring_no_crypto": "no-crypto", "forged": "false-claim", "plain": "plain-go",
}


def best_of(count, command):
    times = []
    for _ in range(count):
        started = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - started)
    return min(times)


def class_by_go(path):
    """What a careful reader would conclude from `go version -m`: it only repeats what is claimed."""
    result = subprocess.run([GO, "version", "-m", path], capture_output=True, text=True, check=False)
    return "goboring" if "X:boringcrypto" in result.stdout else "plain-go"


def class_by_us(path):
    out = subprocess.run([TOOL, "inspect", "-o", "json", path], capture_output=True, check=True)
    return json.loads(out.stdout)["files"][0]["class"]


def row(*columns):
    print("\t".join(columns))


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        program = scratch / "program"
        if KUBELET.exists():
            program.write_bytes(lzma.decompress(KUBELET.read_bytes()))
        else:
            shutil.copy(shutil.which("packer"), program)
        peer = best_of(5, ["sha256sum", program])
        ours = best_of(5, [TOOL, "inspect", program])
        size = program.stat().st_size / 1e6
        row("inspect, time", f"{ours:.3f} s", f"{peer:.3f} s", f"{peer / ours:.1f}",
            f"a program of {size:.0f} MB; peer: sha256sum")
        programs = GoPrograms(scratch / "go")
        right_ours = right_peer = 0
        for name, truth in TRUTH.items():
            path = programs.path(name)
            by_us, by_go = class_by_us(path), class_by_go(path)
            right_ours += by_us == truth
            right_peer += by_go == truth
            row(f"inspect, class of {name}", by_us, by_go, "-", "peer: go version -m")
        row("inspect, classes right", str(right_ours), str(right_peer),
            f"{right_ours / right_peer:.1f}", f"of {len(TRUTH)} programs; peer: go version -m")


main()

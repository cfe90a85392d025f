"""A converged host costs little more than the connection: observing 200 stats and 200 digests over
ssh, connection included, against `ssh host true`."""

import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import hosts  # noqa: E402
import targets  # noqa: E402

ROUNDS = 9
FILES = 200


def seconds(work):
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def main():
    bed = hosts.Testbed()
    with bed.host("el8") as host:
        host.run(["sh", "-c", f"mkdir /etc/bench; for i in $(seq {FILES}); do "
                  "echo \"line $i\" > /etc/bench/file-$i.conf; done"])
        paths = [f"/etc/bench/file-{number}.conf" for number in range(1, FILES + 1)]

        def ours():
            with targets.ssh(host) as target:
                answers = target.call("observe", "both", *paths)["answers"]
                assert len(answers) == 2 * FILES
                assert all(one.get("stat") or one.get("sha256") for one in answers)

        def peer():
            host.ssh("true")

        ours(), peer()
        ours_times, peer_times = [], []
        for _ in range(ROUNDS):  # in turns: both see the same load
            ours_times.append(seconds(ours))
            peer_times.append(seconds(peer))
        one, other = statistics.median(ours_times), statistics.median(peer_times)
        print(f"observe over ssh\t{one:.3f} s\t{other:.3f} s\t{other / one:.2f}\t"
              f"connect, then {FILES} stats and {FILES} digests; peer: ssh host true; "
              f"median of {ROUNDS}", flush=True)

        with targets.ssh(host) as target:
            call = statistics.median(
                seconds(lambda: target.call("observe", "both", *paths)) for _ in range(ROUNDS))
            each = seconds(lambda: [target.call("command", "stat", path) for path in paths])
        print(f"grouped probes\t{call:.3f} s\t{each:.3f} s\t{each / call:.0f}\t"
              f"{FILES} stats and digests in one call; peer: {FILES} stats, a process each",
              flush=True)
    bed.close()


if __name__ == "__main__":
    main()

"""Drives build/*/bin/target-probe: one target, call by call (programs/target_probe.cpp).

    with targets.ssh(host) as target:
        target.call("write", "/etc/x", b"content", "mode=0600")["status"]
"""

import json
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]


def program(name):
    """The newest build of one of our executables."""
    wanted = os.environ.get("KONVOY_BIN")
    folders = [pathlib.Path(wanted)] if wanted else [TOP / "build" / one / "bin"
                                                     for one in ("release", "dev")]
    found = [folder / name for folder in folders if (folder / name).exists()]
    if not found:
        raise FileNotFoundError(f"'{name}' is not built: ninja -C build/dev {name}")
    return max(found, key=lambda path: path.stat().st_mtime)


class Target:
    """A running target-probe."""

    def __init__(self, words, environment=None):
        self.process = subprocess.Popen(
            [str(program("target-probe")), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, **(environment or {})})
        self.opened = self.answer()

    def send(self, verb, *words):
        """Starts a call; answer() waits for what comes back."""
        encoded = [word if isinstance(word, bytes) else str(word).encode()
                   for word in (verb, *words)]
        self.process.stdin.write(b" ".join(word.hex().encode() for word in encoded) + b"\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise EOFError("target-probe ended")
        return _decoded(json.loads(line))

    def call(self, verb, *words):
        self.send(verb, *words)
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.close()


def _decoded(answer):
    for key in ("content", "out", "err"):
        if answer.get(key) is not None:
            answer[key] = bytes.fromhex(answer[key])
    if answer.get("names") is not None:
        answer["names"] = [bytes.fromhex(name) for name in answer["names"]]
    if answer.get("stat"):
        answer["stat"]["link_target"] = bytes.fromhex(answer["stat"]["link_target"])
    answer.update({"answers": [_decoded(one) for one in answer["answers"]]}
                  if "answers" in answer else {})
    return answer


def ssh(host, environment=None, **settings):
    """A target-probe on a test host (hosts.py); settings as of target_probe.cpp."""
    words = {"host": host.address, "user": "root", "key": host.testbed.key,
             "known_hosts": host.known_hosts, "config": "none", **settings}
    return Target(["ssh", *(f"{key}={value}" for key, value in words.items() if value is not None)],
                  environment)


def root(path, **settings):
    """A target-probe on an image root or on this machine."""
    return Target(["root", f"path={path}", *(f"{key}={value}" for key, value in settings.items())])

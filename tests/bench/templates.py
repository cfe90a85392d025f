"""Templates against Python's Jinja2, and a variable among 10,000 against one among 1,000.

Templates: both sides read the same text, parse it and evaluate it with the same variables, as
Ansible does for each value. Ours is a whole process that also reads each question as JSON and
writes each answer as JSON; Python's is the loop alone. So the ratio is a lower bound.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import jinja2

TOP = pathlib.Path(__file__).resolve().parents[2]
ENGINE = TOP / "build" / "release" / "bin" / "corpus-engine"
COUNT = 20000
FASTER = 20
LINEAR = 0.67  # 1, less what a busy machine adds

VARIABLES = {"version": "1.24.6", "meta": "fips.0", "major": "8", "name": "CentOS", "on": True}
TEMPLATES = [
    "v{{ version }}",
    "{{ version }}+{{ meta }}",
    "http://mirror/{{ name | lower }}/{{ major | int }}/x86_64",
    "{{ (version.split('.') | map('trim') | list)[:2] | join('.') }}",
    "{{ 'a' if major | int < 8 else 'b' }}",
    "{{ nothing | default('none') }}",
    "{% if on %}el{{ major }}{% else %}other{% endif %}",
]


def templates():
    questions = [TEMPLATES[i % len(TEMPLATES)] for i in range(COUNT)]
    lines = "".join(json.dumps({"id": i, "mode": "template", "template": text, "vars": VARIABLES})
                    + "\n" for i, text in enumerate(questions))
    started = time.monotonic()
    subprocess.run([ENGINE, "expr"], input=lines, text=True, stdout=subprocess.DEVNULL, check=True)
    ours = COUNT / (time.monotonic() - started)
    environment = jinja2.Environment()
    part = questions[:COUNT // 10]
    started = time.monotonic()
    for text in part:
        environment.from_string(text).render(VARIABLES)
    peer = len(part) / (time.monotonic() - started)
    print(f"templates\t{ours:.0f}/s\t{peer:.0f}/s\t{ours / peer:.1f}\t"
          f"parse and evaluate each; peer: Jinja2 {jinja2.__version__}, its start apart")
    return ours / peer


def seconds_for(count, folder):
    """A chain through all variables, each also with a fact and a filter."""
    rows = ["kubernetes_version: '1.21.3'"]
    for i in range(count):
        before = f"{{{{ v{i - 1} | length }}}}" if i else "0"
        rows.append(f"v{i}: \"{before}-{{{{ ansible_distribution | lower }}}}-{i}\"")
    (folder / "common.yaml").write_text("\n".join(rows) + "\n")
    case = folder / "case.json"
    case.write_text(json.dumps({"common": "common.yaml", "command": "provision",
                                "mergo": "0.3.16", "kib_version": "v2.10.0", "overrides": [],
                                "facts": {"ansible_distribution": "CentOS"}}))
    best = None
    for _ in range(3):
        started = time.monotonic()
        subprocess.run([ENGINE, "resolve", case], stdout=subprocess.DEVNULL, check=True)
        best = min(best or 1e9, time.monotonic() - started)
    return best


def growth():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        start, small, large = (seconds_for(count, folder) for count in (1, 1000, 10000))
    among_few, among_many = (small - start) / 1000, (large - start) / 10000
    print(f"a variable\t{among_many * 1e6:.1f} us\t{among_few * 1e6:.1f} us\t"
          f"{among_few / among_many:.2f}\tread, resolve and write one of 10,000; peer: one of 1,000")
    return among_few / among_many


missed = []
if templates() < FASTER:
    missed.append(f"templates must be {FASTER} times as fast as Jinja2")
if growth() < LINEAR:
    missed.append("the time for a variable grows with their number")
sys.exit("; ".join(missed) or 0)

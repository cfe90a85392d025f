"""Packer's templates as Packer 1.7 and newer read them: with HashiCorp's own parser of HCL 2 (Debian's
golang-github-hashicorp-hcl-v2-dev), and by the rules of hcl2template in Packer's sources.

    reader = build(directory)            # compiles the reader
    read(reader, "packer.pkr.hcl")       # {"plugins": {...}, "sources": [...], ...}, or ValueError
"""

import json
import os
import pathlib
import subprocess

import go_programs

SOURCE = pathlib.Path(__file__).parent / "programs" / "read_packer_template.go"


def build(directory):
    """The reader as an executable; its libraries are compiled once into GOCACHE."""
    program = directory / "read-packer-template"
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "",
                   "CGO_ENABLED": "0", "HOME": str(directory)}
    environment.setdefault("GOCACHE", str(go_programs.TOP / "build" / "go-cache"))
    done = subprocess.run([go_programs.GO, "build", "-o", program, SOURCE], capture_output=True,
                          text=True, check=False, env=environment)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return program


def read(reader, template):
    done = subprocess.run([reader, template], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr)
    return json.loads(done.stdout)

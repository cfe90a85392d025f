"""Real Go programs, built here with Debian's golang-1.19, which keeps the BoringCrypto object.

GOCACHE is kept in build/go-cache (the standard library is compiled once for each mode, about two
minutes of CPU time); set GOCACHE to use another.
"""

import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
GO = "/usr/lib/go-1.19/bin/go"

# Says by itself whether its cryptography is BoringCrypto's: the judge that the tests compare with.
CRYPTO = """package main

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"os"
)

func main() {
	fmt.Printf("%x\\n", sha256.Sum256([]byte("x")))
	fmt.Println("boring:", boringEnabled())
	if len(os.Args) > 1 {
		_, err := tls.Dial("tcp", os.Args[1], nil)
		fmt.Println(err)
	}
}
"""
ENABLED = """//go:build boringcrypto

package main

import "crypto/boring"

func boringEnabled() bool { return boring.Enabled() }
"""
DISABLED = """//go:build !boringcrypto

package main

func boringEnabled() bool { return false }
"""
FIPS_ONLY = 'package main\n\nimport _ "crypto/tls/fipsonly"\n'
NO_CRYPTO = 'package main\n\nimport "os"\n\nfunc main() { os.Stdout.WriteString("hello\\n") }\n'

SOURCES = {
    "crypto": {"main.go": CRYPTO, "enabled.go": ENABLED, "disabled.go": DISABLED},
    "fips_only": {"main.go": CRYPTO, "enabled.go": ENABLED, "disabled.go": DISABLED,
                  "fips_only.go": FIPS_ONLY},
    "no_crypto": {"main.go": NO_CRYPTO},
}

BORING = {"GOEXPERIMENT": "boringcrypto", "CGO_ENABLED": "1"}
PLAIN = {"GOEXPERIMENT": "", "CGO_ENABLED": "1"}

# name: (source, environment, arguments of go build)
PROGRAMS = {
    "boring": ("crypto", BORING, []),
    "boring_sw": ("crypto", BORING, ["-ldflags", "-s -w"]),
    "boring_pie": ("crypto", BORING, ["-buildmode=pie"]),
    "boring_static": ("crypto", BORING, ["-ldflags", "-linkmode external -extldflags -static"]),
    "boring_fips_only": ("fips_only", BORING, []),
    "boring_no_cgo": ("crypto", {**BORING, "CGO_ENABLED": "0"}, []),
    "boring_no_crypto": ("no_crypto", BORING, []),
    "forged": ("crypto", PLAIN, ["-ldflags", "-X 'runtime.buildVersion=go1.19 X:boringcrypto'"]),
    "plain": ("crypto", PLAIN, []),
    "plain_arm64": ("crypto", {**PLAIN, "CGO_ENABLED": "0", "GOARCH": "arm64"}, []),
}


class GoPrograms:
    """Builds each program when it is first asked for."""

    def __init__(self, directory):
        self.directory = directory
        for name, files in SOURCES.items():
            folder = directory / "src" / name
            folder.mkdir(parents=True)
            (folder / "go.mod").write_text(f"module example.test/{name}\n\ngo 1.19\n")
            for file, text in files.items():
                (folder / file).write_text(text)

    def path(self, name):
        """The program; `NAME_stripped` is NAME after strip(1)."""
        out = self.directory / name
        if out.exists():
            return out
        if name.endswith("_stripped"):
            subprocess.run(["strip", "-o", out, self.path(name.removesuffix("_stripped"))],
                           check=True)
            return out
        source, settings, arguments = PROGRAMS[name]
        environment = {
            **os.environ, "GO111MODULE": "on", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local",
            "GOPROXY": "off", "GOSUMDB": "off", "HOME": str(self.directory), **settings,
        }
        environment.setdefault("GOCACHE", str(TOP / "build" / "go-cache"))
        subprocess.run([GO, "build", *arguments, "-o", out, "."], check=True, env=environment,
                       cwd=self.directory / "src" / source, capture_output=True)
        return out

"""The template for Packer 1.7 and newer, which is not here: what is generated for it is read with
HashiCorp's parser, and but for the plugins it asks for it is what Packer 1.6.6 accepts
(test_packer.py). A script stands for Packer, and tells the version."""

import re

import pytest

import packer_template
import product
from test_packer import ENVIRONMENT, GIVEN, TOP

PLUGINS = re.compile(r"^packer \{\n.*?^\}\n\n", re.MULTILINE | re.DOTALL)
# A setting of the plugin for Amazon that Packer 1.6.6 lacks.
DRY_RUN = re.compile(r"^  skip_create_ami += var\.dry_run\n", re.MULTILINE)
# A term of a version constraint, as hashicorp/go-version reads it.
CONSTRAINT = re.compile(r"(=|!=|>|<|>=|<=|~>) \d+\.\d+\.\d+")
# The plugin that each builder comes from.
BUILDERS = {"ami": "amazon", "azure": "azure", "gcp": "googlecompute", "ova": "vsphere",
            "qemu": "qemu"}
IMAGES = {kind: sorted(path.name for path in (TOP / "images" / kind).glob("*.yaml"))[0]
          for kind in BUILDERS}


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    return packer_template.build(tmp_path_factory.mktemp("reader"))


@pytest.fixture
def generate(tmp_path, monkeypatch):
    """The template for a version of Packer, as a file."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def made(kind, version, *more):
        packer = tmp_path / f"packer-{version}"
        packer.write_text(f"#!/bin/sh\n[ \"$1\" != version ] || echo 'Packer v{version}'\n")
        packer.chmod(0o755)
        work = tmp_path / version
        done = product.run("konvoy-image", *GIVEN[kind], *more, "--validate-only", "--packer-path",
                           packer, "--work-dir", work, f"images/{kind}/{IMAGES[kind]}", cwd=TOP)
        assert done.returncode == 0, done.stderr
        return work / "packer.pkr.hcl"
    return made


@pytest.mark.parametrize("kind", BUILDERS)
def test_a_modern_packer_is_told_which_plugin_it_needs(reader, generate, kind):
    template = generate(kind, "1.9.4")
    found = packer_template.read(reader, template)
    (name,) = found["plugins"]
    assert name == BUILDERS[kind]
    assert found["plugins"][name]["source"] == f"github.com/hashicorp/{name}"
    assert CONSTRAINT.fullmatch(found["plugins"][name]["version"])
    # Packer finds a builder by the plugin's name before the dash.
    (source,) = found["sources"]
    assert source.split(".")[1].split("-")[0] == name
    assert found["build_sources"] == found["sources"]
    assert found["provisioners"] == ["shell-local"]
    assert found["post_processors"] == ["manifest", "shell-local"]


@pytest.mark.parametrize("kind", BUILDERS)
def test_all_else_is_what_the_packer_here_accepts(generate, kind):
    modern, old = (generate(kind, version).read_text() for version in ("1.9.4", "1.6.6"))
    assert PLUGINS.search(modern) and not PLUGINS.search(old)
    assert DRY_RUN.search(modern) is None or kind == "ami"
    rest = DRY_RUN.sub("", PLUGINS.sub("", modern))
    assert rest.replace("/1.9.4'", "/1.6.6'") == old


def test_a_dry_run_makes_no_ami(reader, generate):
    template = generate("ami", "1.9.4", "--dry-run")
    packer_template.read(reader, template)
    assert DRY_RUN.search(template.read_text())


# How a template can be wrong, so that the reader is known to see it.
WRONG = {
    "a brace too few": lambda text: text.rstrip().removesuffix("}"),
    "a block that Packer does not know": lambda text: text.replace("required_plugins", "needed_plugins"),
    "a variable that is not declared": lambda text: text.replace('variable "build_name"', 'variable "x"'),
    "a variable twice": lambda text: text + 'variable "build_name" {}\n',
    "a version that is a number": lambda text: re.sub(r'version = ".*"', "version = 1", text),
    "a plugin without an object": lambda text: re.sub(r"amazon = \{.*?\}", 'amazon = ">= 1"', text,
                                                      flags=re.DOTALL),
    "an attribute of no block": lambda text: "name = \"x\"\n" + text,
}


@pytest.mark.parametrize("how", WRONG)
def test_the_reader_sees_what_is_wrong(reader, generate, tmp_path, how):
    text = generate("ami", "1.9.4").read_text()
    wrong = tmp_path / "wrong.pkr.hcl"
    wrong.write_text(WRONG[how](text))
    assert wrong.read_text() != text
    with pytest.raises(ValueError):
        packer_template.read(reader, wrong)

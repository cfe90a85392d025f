"""generate, explain and schema as a user runs them; and, where the corpus of konvoy-image-builder's
own results is at hand, the same values as it has.
"""

import json
import math
import os
import pathlib
import resource
import shutil
import stat
import subprocess

import pytest

import product
import targets

CORPUS = targets.TOP.parent / "shared" / "corpus" / "cases"

# Of packer_vars.json: paths and versions of the program that wrote it.
OF_THE_PROGRAM = {"ansible_extra_vars", "konvoy_image_builder_version"}

# What is ours on purpose, by case.
OURS = {
    "019-v1.5.0-provision-fips": "there, --extra-vars was read and never used",
    "046-v2.0.0-rhel79-ami-flags": "flags of 'build', which 'generate' does not have",
    "066-v2.3.0-synth-conflict-0.3.14": "older merge rules: a map did not replace a text",
    "084-v2.10.0-ev-forms": "there, items of --extra-vars were dropped without a word",
}


def generate(tmp_path, *arguments, **options):
    work = tmp_path / "work"
    done = product.run("konvoy-image", "generate", "--work-dir", work, *arguments, **options)
    return done, work


def corpus_cases():
    if not CORPUS.is_dir():
        return []
    return [case for case in sorted(CORPUS.iterdir()) if (case / "kib-packer_vars.json").exists()]


def case_arguments(case, tmp_path):
    """What the case was made with, as our options; its common.yaml becomes the defaults."""
    told = json.loads((case / "case.json").read_text())
    data = tmp_path / "data" / "images"
    data.mkdir(parents=True)
    shutil.copy(case / told["common"], data / "common.yaml")
    arguments = ["--data-dir", data.parent]
    for override in told["overrides"]:
        arguments += ["--overrides", case / override]
    for item in told["extra_vars"]:
        quoted = item.replace('"', '""')
        arguments += ["--extra-vars", f'"{quoted}"']
    image = case / told["image"] if told.get("image") else None
    if image is None or not image.exists():
        image = tmp_path / "empty.yaml"
        image.write_text("")
    return arguments + [image]


@pytest.mark.parametrize("case", [c for c in corpus_cases() if c.name not in OURS],
                         ids=lambda case: case.name)
def test_packer_vars_are_those_of_konvoy_image_builder(case, tmp_path):
    done, work = generate(tmp_path, *case_arguments(case, tmp_path))
    assert done.returncode == 0, done.stderr
    ours = json.loads((work / "packer_vars.json").read_text())
    theirs = json.loads((case / "kib-packer_vars.json").read_text())
    for key in theirs.keys() - OF_THE_PROGRAM:
        assert ours.get(key) == theirs[key], key
    # Newer versions of it have more variables; ours are those of the newest.
    newest = json.loads(max(corpus_cases(), key=lambda c: int(c.name[:3]) in (59, 63)
                            ).joinpath("kib-packer_vars.json").read_text())
    assert ours.keys() - theirs.keys() <= newest.keys() | {"dry_run"}


# Our files against the corpus's, made by the release of konvoy-image-builder that has the same
# Kubernetes version: values that both set are equal.
SAME_RELEASE = {
    "001-v1.0.0-centos8": ("images/ami/centos-8.yaml", []),
    "002-v1.0.0-centos8-fips": ("images/ami/centos-8.yaml", ["overrides/fips.yaml"]),
    "004-v1.0.0-centos7-fips": ("images/ami/centos-7.yaml", ["overrides/fips.yaml"]),
    "010-v1.0.0-provision-generic-centos7": ("images/generic/centos-7.yaml", []),
}


@pytest.mark.parametrize("name", [n for n in SAME_RELEASE if (CORPUS / n).is_dir()])
def test_our_files_set_what_those_of_konvoy_image_builder_set(name, tmp_path):
    image, overrides = SAME_RELEASE[name]
    done = product.run("konvoy-image", "explain", "-o", "json", "--strict", image,
                       *[x for o in overrides for x in ("--overrides", o)], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    # What the files set: a template as it is written, not what it gives here.
    ours = {one["key"]: one.get("template", one["value"])
            for one in json.loads(done.stdout)["variables"]}
    theirs = json.loads((CORPUS / name / "expected-merged.json").read_text())

    def check(path, value):
        if isinstance(value, dict):
            for key, below in value.items():
                check(f"{path}.{key}" if path else key, below)
        elif path in ours:
            assert ours[path] == value, path

    check("", theirs)
    assert ours["kubernetes_full_version"] == theirs["kubernetes_full_version"]


def test_generate_prints_the_directory_alone(tmp_path):
    done = product.run("konvoy-image", "generate", "images/ami/centos-8.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    directory = done.stdout.rstrip("\n")
    assert directory.startswith("work/centos-8-")
    assert sorted(os.listdir(tmp_path / directory)) == ["config.yaml", "packer_vars.json"]


def test_files_with_secrets_are_for_their_owner_and_outputs_do_not_show_them(tmp_path):
    secret = "rhsm_password=canary-4711"
    done, work = generate(tmp_path, "--extra-vars", secret, "images/generic/rhel-84.yaml")
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE((work / "config.yaml").stat().st_mode) == 0o600
    assert "canary-4711" in (work / "config.yaml").read_text()
    for command in (["explain", "images/generic/rhel-84.yaml"],
                    ["explain", "images/generic/rhel-84.yaml", "rhsm_password"],
                    ["explain", "-o", "json", "images/generic/rhel-84.yaml"],
                    ["explain", "-o", "yaml", "--changed", "images/generic/rhel-84.yaml"]):
        shown = product.run("konvoy-image", *command, "--extra-vars", secret)
        assert shown.returncode == 0, shown.stderr
        assert "canary-4711" not in shown.stdout + shown.stderr


def test_a_mistake_is_a_warning_and_with_strict_an_error(tmp_path):
    override = tmp_path / "o.yaml"
    override.write_text("kubernets_version: '1.22'\n")
    lenient, _ = generate(tmp_path, "--overrides", override, "images/ami/centos-8.yaml")
    assert lenient.returncode == 0
    assert "warning: unknown key 'kubernets_version'" in lenient.stderr
    strict, _ = generate(tmp_path, "--strict", "--overrides", override, "images/ami/centos-8.yaml")
    assert strict.returncode == 2
    assert "error: unknown key 'kubernets_version'" in strict.stderr
    assert "did you mean 'kubernetes_version'?" in strict.stderr


def bomb(first, opening, item, closing):
    """Ten lines, each of which repeats the one above it ten times."""
    lines = [f"a: &a {first}"]
    for before, name in zip("abcdefghi", "bcdefghij"):
        items = ", ".join(item.format(before, number) for number in range(10))
        lines.append(f"{name}: &{name} {opening}{items}{closing}")
    return "\n".join(lines) + "\n"


BOMBS = {
    "lists": bomb("[x, x, x, x, x, x, x, x, x, x]", "[", "*{0}", "]"),
    "maps": bomb("{x: 1}", "{", "k{1}: *{0}", "}"),
    "merges": bomb("{x: 1}", "[", "{{<<: *{0}, k{1}: *{0}}}", "]"),
    "text": f"a: &a {'x' * 100000}\nb: [{'*a, ' * 100000}]\n",
}


def processor_seconds(command):
    """What one run costs, its output apart; the best of five, since others use the machine too."""
    best = math.inf
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


@pytest.mark.parametrize("name", BOMBS)
def test_billion_laughs_end_within_100_ms_and_64_mb(name, tmp_path):
    override = tmp_path / "bomb.yaml"
    override.write_text(BOMBS[name])
    # Of all memory that the program may ask for, its own code and libraries included.
    command = ["sh", "-c", f"ulimit -v 65536; exec {targets.program('konvoy-image')} generate "
               f"--work-dir {tmp_path}/work --overrides {override} images/ami/centos-8.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "error: the aliases of this file stand for more than" in done.stderr
    assert not (tmp_path / "work").exists()
    assert processor_seconds(command) < 0.1


def test_schema_is_a_json_schema_that_takes_our_files(tmp_path):
    import jsonschema
    import yaml
    done = product.run("konvoy-image", "schema", "-o", "json")
    assert done.returncode == 0, done.stderr
    schema = json.loads(done.stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for folder in ("images", "overrides"):
        for path in sorted(pathlib.Path(targets.TOP / folder).rglob("*.yaml")):
            errors = list(validator.iter_errors(yaml.safe_load(path.read_text())))
            assert not errors, (path, errors)
    assert list(validator.iter_errors({"fips": {"enabled": [1]}}))

"""Ask corpus-engine what the corpus asks, and compare with what Ansible and its users' tool gave."""

import json
import math
import os
import pathlib
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
OWN = TOP / "tests" / "corpus" / "cases.json"
SHARED = TOP.parent / "shared" / "corpus"

# Share of answers that must agree, for the shared corpus.
BARS = {"values": 1.0, "tasks": 0.95, "edge": 0.95}
BAR_VARIABLES = 0.995


def engine():
    for preset in ("release", "dev"):
        path = TOP / "build" / preset / "bin" / "corpus-engine"
        if path.exists():
            return path
    raise FileNotFoundError("build corpus-engine first")


def same(a, b, exact=True):
    """Equal values of equal kinds; without `exact`, 1 and 1.0 are the same."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return (not exact or type(a) is type(b)) and math.isclose(a, b, rel_tol=1e-12)
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k], exact) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(lambda x, y: same(x, y, exact), a, b))
    return a == b


def agrees(expected, answer):
    if answer is None or expected["ok"] != answer["ok"]:
        return False
    if expected["ok"]:
        return same(expected["value"], answer["value"])
    leaves = answer.get("leaves", {})
    return all(agrees(leaf, leaves.get(path)) for path, leaf in expected.get("leaves", {}).items())


def ask(questions):
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    run = subprocess.run([engine(), "expr"], input=lines, capture_output=True, text=True,
                         env={**os.environ, "KIB_CORPUS_SET": "setval"}, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [question["id"] for question in questions]
    return answers


def ask_about(case, mode):
    run = subprocess.run([engine(), mode, case], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


def own_cases():
    corpus = json.loads(OWN.read_text())
    for case in corpus["cases"]:
        text = case.get("condition", case.get("template"))
        question = {"template": text, "vars": corpus["variables"]}
        if "condition" in case:
            yield {**question, "id": case["id"], "mode": "conditional"}, case["expected"]
            continue
        yield {**question, "id": case["id"], "mode": "template"}, case["expected"]
        as_variable = case.get("expected_as_variable", case["expected"])
        yield {**question, "id": case["id"] + "v", "mode": "as_var"}, as_variable


def test_our_templates_give_what_ansible_gives():
    cases = list(own_cases())
    answers = ask([question for question, _ in cases])
    wrong = [f"{question['template']!r}: expected {expected}, got {answer}"
             for (question, expected), answer in zip(cases, answers)
             if not agrees(expected, answer)]
    assert len(cases) > 200
    assert not wrong, "\n".join(wrong)


if SHARED.is_dir():
    def shared_questions():
        corpus = json.loads((SHARED / "expressions.json").read_text())
        for case in corpus["cases"]:
            question = {"template": case["template"],
                        "vars": case.get("vars", corpus["common_vars"])}
            if case["category"] == "conditional":
                yield {**question, "id": case["id"], "mode": "conditional"}, case["expected"], case
                continue
            yield {**question, "id": case["id"], "mode": "template"}, case["expected"], case
            as_variable = case.get("expected_as_var", case["expected"])
            yield {**question, "id": case["id"] + "v", "mode": "as_var"}, as_variable, case

    def test_shared_expressions_reach_their_bars():
        rows = list(shared_questions())
        answers = ask([question for question, _, _ in rows])
        score, wrong = {}, []
        for (question, expected, case), answer in zip(rows, answers):
            good = agrees(expected, answer)
            score.setdefault(case["scope"], []).append(good)
            if not good:
                wrong.append(f"{case['scope']} {question['template']!r}: {expected} / {answer}")
        for scope, bar in BARS.items():
            assert sum(score[scope]) >= bar * len(score[scope]), "\n".join(wrong)

    def shared_cases():
        return sorted(SHARED.glob("cases/*/case.json"))

    @pytest.mark.parametrize("case", shared_cases(), ids=lambda case: case.parent.name)
    def test_layers_merge_as_konvoy_image_builder_merges_them(case):
        status, output = ask_about(case, "merge")
        if "expected_error" in json.loads(case.read_text()):
            assert status != 0
            return
        expected = json.loads((case.parent / "expected-merged.json").read_text())
        assert status == 0
        merged = json.loads(output)
        differing = {key: (expected.get(key), merged.get(key)) for key in {*expected, *merged}
                     if not same(expected.get(key), merged.get(key), exact=False)}
        assert not differing

    def test_shared_variables_resolve_as_in_ansible():
        good, wrong = 0, []
        for case in shared_cases():
            if "expected_error" in json.loads(case.read_text()):
                continue
            status, output = ask_about(case, "resolve")
            assert status == 0
            answers = json.loads(output)
            expected = json.loads((case.parent / "expected-resolved.json").read_text())
            for name, value in expected.items():
                if agrees(value, answers.get(name)):
                    good += 1
                else:
                    wrong.append(f"{case.parent.name} {name}: {value} / {answers.get(name)}")
        assert good >= BAR_VARIABLES * (good + len(wrong)), "\n".join(wrong)

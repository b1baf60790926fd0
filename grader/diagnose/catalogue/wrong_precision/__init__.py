"""Another precision than was asked for: single digits in a double number, or the reverse."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.facts import Facts
from grader.diagnose.quotients import FAR, kinds, left, steps
from grader.diagnose.source import called
from grader.diagnose.trials import Trial, told
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A dtype that a check refuses; float64 with a float32 error; a comparison in another dtype."""
    for finding in facts.wrong:
        params = finding.message.params
        if finding.message.id == "check.tensor.dtype" and "float" in str(params.get("expected")):
            told_by = {
                "value": params.get("value", ""),
                "got": params.get("actual", ""),
                "wanted": params.get("expected", ""),
                "actual": str(params.get("actual", "")),
                "expected": str(params.get("expected", "")),
            }
            return Diagnosis("wrong-precision", 0.95, (finding.check,), told_by)
    found = [trial for trial in facts.trials if _rounded(facts, trial)]
    if found:
        return told("wrong-precision", 0.95, found, got="float32", wanted="float64")
    quotient = [trial for trial in facts.limited if _single_quotient(facts, trial)]
    if quotient:
        return told("wrong-precision", 0.92, quotient, got="float32", wanted="float64")
    table = [t for t in facts.trials if not t.right and t.dtype == "bool" and _other(facts, t)]
    if not table:
        return None
    more = [t for t in facts.trials if not t.right and t not in table and t.expected.size == 1]
    return told("wrong-precision", 0.92, (*table, *more), got="float64", wanted="float32")


def _rounded(facts: Facts, trial: Trial) -> bool:
    """A double number that is off by what single precision loses, and no more."""
    finding = next((f for f in facts.wrong if f.check == trial.check), None)
    if finding is None or trial.dtype != "float64" or trial.actual.shape != trial.expected.shape:
        return False
    single = trial.actual.astype(np.float32).astype(np.float64)
    gap = np.abs(trial.actual - trial.expected)
    return bool(
        np.array_equal(single, trial.actual)
        and gap.max() > 0
        and np.all(gap <= 4e-7 * np.abs(trial.expected))
    )


def _single_quotient(facts: Facts, trial: Trial) -> bool:
    """What a difference quotient of single numbers leaves, where its step would do for doubles."""
    trees = facts.code.trees()
    if trial.right or trial.dtype != "float32" or "central" not in kinds(trees):
        return False
    limit = FAR * float(np.abs(trial.expected).max())
    return any(left(one, "float64") <= limit < left(one, "float32") for one in steps(trees))


def _other(facts: Facts, trial: Trial) -> bool:
    """A comparison of numbers that were widened first, of inputs that are single."""
    check = facts.checks.get(trial.check)
    node = facts.code.answer(check) if isinstance(check, TensorCheck) else None
    if node is None:
        return False
    wide = {
        name
        for name, value in trial.names.items()
        if value.dtype == "float64" and value.kind == "tensor"
    }
    return any(
        (isinstance(n, ast.Name) and n.id in wide)
        or (isinstance(n, ast.Call) and called(n) == "double")
        for n in nodes_of(node)
    )

"""The derivative was approximated by a difference quotient; no pass made it."""

from __future__ import annotations

import ast
import re

from grader.diagnose.facts import Facts
from grader.diagnose.quotients import kinds
from grader.diagnose.source import calls, helpers
from grader.model.exercise import CallCheck, EventCheck, TensorCheck
from grader.model.result import Diagnosis

_PASSES = frozenset(["backward", "grad", "jvp", "vjp", "jacrev", "jacfwd", "jacobian", "hvp"])


def match(facts: Facts) -> Diagnosis | None:
    """A difference of two values of one function, divided, where a gradient is not right."""
    found = [
        finding.check
        for finding, check, node in facts.answers(("failed", "missing", "skipped"))
        if (facts.about_gradient(finding) or isinstance(check, CallCheck))
        and kinds(helpers(facts.code, node))
        and not _asked(check)
        and (facts.about_gradient(finding) or _no_pass(facts) or _instead(facts, check, node))
    ]
    if not found:
        return None
    events = [f.check for f in facts.wrong if f.message.id == "check.event.none"]
    figures = [f.check for f in facts.wrong if f.message.id == "check.figure.not_autograd"]
    return Diagnosis("finite-differences", 0.94, (*found, *events, *figures))


def _asked(check: TensorCheck | CallCheck) -> bool:
    """Whether the answer is to be a difference quotient."""
    name = check.function if isinstance(check, CallCheck) else check.value
    return re.search("differ|quotient|step", name) is not None


def _instead(facts: Facts, check: TensorCheck | CallCheck, node: ast.AST) -> bool:
    """Whether a function holds no pass."""
    return isinstance(check, CallCheck) and not calls(*helpers(facts.code, node)) & _PASSES


def _no_pass(facts: Facts) -> bool:
    return any(
        isinstance(facts.checks.get(f.check), EventCheck) and f.status in ("failed", "missing")
        for f in facts.findings
    )

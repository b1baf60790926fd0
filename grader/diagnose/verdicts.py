"""Functions of the student's that answer yes or no, and answered wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.diagnose.code import Function, Written, defined, written
from grader.diagnose.facts import Facts
from grader.model.exercise import CallCheck


@dataclass(frozen=True, slots=True)
class Verdict:
    """A wrong answer: the check, what the function said, its definition and that one's cell."""

    check: str
    actual: bool
    cell: Written
    function: Function


def verdicts(facts: Facts) -> Iterator[Verdict]:
    """Wrong answers of functions that were called with hidden inputs."""
    for finding in facts.wrong:
        check, actual = facts.checks.get(finding.check), finding.actual
        if not isinstance(check, CallCheck) or actual is None or len(actual.values) != 1:
            continue
        found = defined(written(facts), check.function)
        expected = finding.expected
        if found is None or expected is None or len(expected.values) != 1:
            continue
        if isinstance(expected.values[0], bool) or actual.dtype == "bool":
            yield Verdict(finding.check, bool(actual.values[0]), *found)

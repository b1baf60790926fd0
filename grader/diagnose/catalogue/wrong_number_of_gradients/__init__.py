"""A function's `backward` returned too many gradients, or too few."""

from __future__ import annotations

import re

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

_COUNTS = re.compile(r"expected (\d+), got (\d+)")


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with the two counts that it names."""
    for one in errors.named(facts, "wrong-number-of-gradients"):
        found = _COUNTS.search(one.error.text)
        wanted, got = found.groups() if found else ("?", "?")
        params = {"wanted": wanted, "got": got}
        return Diagnosis("wrong-number-of-gradients", one.confidence, one.checks, params)
    return None

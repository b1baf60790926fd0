"""A function's `backward` returned a gradient of another shape than its input."""

from __future__ import annotations

import re

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

_SHAPES = re.compile(r"got (\[[\d, ]*\]) but expected shape compatible with (\[[\d, ]*\])")


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with the two shapes that it names."""
    for one in errors.named(facts, "invalid-gradient-shape"):
        found = _SHAPES.search(one.error.text)
        got, wanted = found.groups() if found else ("?", "?")
        params = {"got": got, "wanted": wanted}
        return Diagnosis("invalid-gradient-shape", one.confidence, one.checks, params)
    return None

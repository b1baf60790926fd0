"""The weights of a pass do not have the shape of its root."""

from __future__ import annotations

import re

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

_SHAPES = re.compile(r"torch\.Size\((\[[\d, ]*\])\)")


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with the two shapes that it names."""
    for one in errors.named(facts, "cotangent-shape"):
        shapes = [_written(found) for found in _SHAPES.findall(one.error.text)]
        got, wanted = shapes[:2] if len(shapes) >= 2 else ("?", "?")
        params = {"code": one.code, "got": got, "wanted": wanted}
        return Diagnosis("cotangent-shape", one.confidence, one.checks, params)
    return None


def _written(size: str) -> str:
    """`[3, 1]` as `(3, 1)`, `[3]` as `(3,)`."""
    lengths = size.strip("[]")
    return f"({lengths},)" if lengths.isdigit() else f"({lengths})"

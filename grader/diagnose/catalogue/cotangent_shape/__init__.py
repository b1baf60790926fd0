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
        sure = one.confidence - (0.25 if _other_result(facts, one.cell) else 0.0)
        return Diagnosis("cotangent-shape", sure, one.checks, params)
    return None


def _other_result(facts: Facts, cell: int) -> bool:
    """Whether a result that the author asked for has another shape already: that comes first."""
    return any(
        f.message.id in ("check.value.shape", "check.tensor.shape")
        and f.cell is not None
        and f.cell <= cell
        for f in facts.wrong
    )


def _written(size: str) -> str:
    """`[3, 1]` as `(3, 1)`, `[3]` as `(3,)`."""
    lengths = size.strip("[]")
    return f"({lengths},)" if lengths.isdigit() else f"({lengths})"

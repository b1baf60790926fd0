"""One column of the table of derivatives, that of a single input, where the table was asked for."""

from __future__ import annotations

from grader.diagnose import parts
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Every answer is the same column of what is expected."""
    columns = [parts.column(index) for index in range(parts.widest(facts, 1))]
    index, found = parts.instead(facts, *columns)
    return parts.named("column-of-jacobian", 0.94, facts, found, index=index)

"""A cell ended before its last line, by an error that nothing else here explains."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.diagnose.stops import stop
from grader.model.result import Diagnosis

_KNOWN = tuple(stem for stems in errors.STEMS.values() for stem in stems)


def match(facts: Facts) -> Diagnosis | None:
    """The first error of the exercise, with something wrong in its cell or later.

    Not where the cell is no Python, took too long, or lacks the quotation marks of a letter: the
    report says that of the cell itself, and what follows from it needs no name.
    """
    cells = {cell.index: cell for cell in facts.submission.cells}
    for cell in facts.cells():
        error = cell.error
        if error is None or facts.asked_for(cell.cell, error.text):
            continue
        how = stop(facts.exercise, cells[cell.cell], cell)
        checks = facts.near(cell.cell) or tuple(
            f.check for f in facts.wrong if f.cell is None or f.cell >= cell.cell
        )
        asked = all(event.error is None or event.error.text != error.text for event in cell.events)
        if how is None or how.how != "error" or not checks or not asked:
            return None
        if any(stem in error.text for stem in _KNOWN):
            return None
        params = {"code": errors.line(facts, cell.cell, error.line), "error": how.error}
        return Diagnosis("cell-stopped", 0.45, checks, params)
    return None

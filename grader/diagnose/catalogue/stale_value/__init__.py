"""A value from before a change was kept as the one after it."""

from __future__ import annotations

from grader.diagnose.code import Written, assigned, changed, read, written
from grader.diagnose.facts import Facts, close, flat
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A wrong number is an earlier result of the student's, which was not computed again."""
    for pair in facts.pairs():
        finding = pair.finding
        check = facts.checks.get(finding.check)
        if not isinstance(check, TensorCheck) or finding.cell is None:
            continue
        cells = written(facts, locked=True, until=finding.cell)
        if not cells or not _stepped(facts, cells[-1]):
            continue
        earlier = {n for cell in cells[:-1] for s in assigned(cell.tree) for n in s.names}
        for step in assigned(cells[-1].tree):
            kept = read(step.value) & earlier if check.value in step.names else frozenset()
            kept -= {check.value}  # `w -= …` changes `w`, however little
            before = [facts.names(cell.cell).get(name) for cell in cells[:-1] for name in kept]
            if any(close(flat(value), pair.actual) for value in before):
                params = {"value": check.value, "actual": pair.numbers()["actual"]}
                return Diagnosis("stale-value", 0.88, (finding.check,), params)
    return None


def _stepped(facts: Facts, cell: Written) -> bool:
    """Whether something was changed in the cell, before an exception ended it if one did."""
    errors = [o.error for o in facts.cells() if o.cell == cell.cell and o.error is not None]
    stopped = errors[0].line if errors else None
    return any(stopped is None or line < stopped for line, _ in changed(cell.tree))

"""Parts that were to run in threads ran one after the other."""

from __future__ import annotations

from grader.diagnose.code import calls, functions, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

_THREADS = ("Thread", "ThreadPoolExecutor", "ThreadPool", "to_thread")


def match(facts: Facts) -> Diagnosis | None:
    """The author's cells use threads, the student's neither these helpers nor threads at all."""
    cells = written(facts, locked=True)
    helpers = {
        function.name
        for cell in cells
        if cell.locked
        for function in functions(cell.tree)
        if any(calls(function, *_THREADS))
    }
    own = [cell for cell in cells if not cell.locked]
    if not helpers:
        return None
    if any(any(calls(cell.tree, *helpers, *_THREADS)) for cell in own):
        return None
    none = [p.finding.check for p in facts.pairs() if not p.actual.any() and p.expected.any()]
    return Diagnosis("no-threads", 0.9, tuple(none)) if none else None

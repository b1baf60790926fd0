"""A new graph for each pass, where one graph was to be gone over again."""

from __future__ import annotations

from grader.diagnose.code import assigned, in_loop, read, written
from grader.diagnose.facts import Facts
from grader.diagnose.unrecorded import roots
from grader.model.exercise import EventCheck
from grader.model.observation import Event
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A pass over an old graph is missing, and the root was computed anew in that cell."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if not isinstance(check, EventCheck) or finding.cell is None:
            continue
        selector = facts.exercise.events.get(check.event)
        here = [one.event for one in facts.passes() if one.cell == finding.cell]
        if selector is None or not selector.again or any(event.error for event in here):
            continue
        until = [one.event for one in facts.passes(finding.cell)]
        twice = len([e for e in until if selector.api in (None, e.api)]) > 1
        new = bool(here) and twice and not _used_twice(here, until)
        code = _computed_again(facts, finding.cell) if new else None
        if code is not None:
            return Diagnosis("rebuilt-graph", 0.9, (finding.check,), {"code": code})
    return None


def _used_twice(here: list[Event], until: list[Event]) -> bool:
    """Whether one of the passes went over a graph that another pass went over too."""
    return any(one is not other and _one_graph(one, other) for one in here for other in until)


def _one_graph(one: Event, other: Event) -> bool:
    """Whether two passes began at one root, or went over some nodes both; leaves are no graph."""
    same_root = {root.id for root in one.roots} & {root.id for root in other.roots} - {None}
    return bool(same_root or _inner(one) & _inner(other))


def _inner(event: Event) -> set[int]:
    return {node.id for node in event.nodes if not node.name.startswith("AccumulateGrad")}


def _computed_again(facts: Facts, cell: int) -> str | None:
    """The line that computes a root for the second time, in a loop or after another such line."""
    cells = written(facts, until=cell)
    if not cells or cells[-1].cell != cell:
        return None
    here = cells[-1]
    names = {name for expression in roots(here.tree) for name in read(expression)}
    before = [step for one in cells[:-1] for step in assigned(one.tree)]
    steps = assigned(here.tree)
    for step in reversed(steps):
        made = set(step.names) & names
        earlier = [s for s in before + list(steps) if s is not step and made & set(s.names)]
        if made and (earlier or in_loop(here.tree, step.line)):
            return here.line(step.line)
    return None

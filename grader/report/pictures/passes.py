"""Which passes of a run explain an exercise's findings, and the pictures of them.

Only what the student's own run recorded is drawn, and only beside findings that their reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from grader.model.observation import Capture, CellObservation, Event
from grader.model.result import ExerciseResult, Finding
from grader.model.submission import Message, Submission
from grader.report.language import text
from grader.report.pictures import graph, steps
from grader.report.pictures.svg import Picture, beside
from grader.report.prose import sentence

AGAIN = "backward through the graph a second time"
_LOST = 4
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with its heading; `telling` where it shows the fault itself."""

    title: Markup
    picture: Picture
    telling: bool


def pictures(
    exercise: ExerciseResult, submission: Submission, capture: Capture | None, language: str
) -> tuple[Drawn, ...]:
    """At most one graph and one diagram of steps for an exercise that has something to explain."""
    wrong = [check for check in exercise.checks if check.status in ("failed", "missing")]
    if capture is None or not wrong:
        return ()
    own = {cell.index for cell in submission.cells if cell.exercise == exercise.id}
    own |= {check.cell for check in wrong if check.cell is not None}
    seen = [cell for cell in capture.cells if cell.cell in own]
    made = (_graph(wrong, seen, capture, submission, language), _steps(wrong, seen, language))
    return tuple(one for one in made if one is not None)


def _graph(
    wrong: Sequence[Finding],
    seen: Sequence[CellObservation],
    capture: Capture,
    submission: Submission,
    language: str,
) -> Drawn | None:
    event, cell = _chosen(wrong, seen)
    if event is None or cell is None:
        return None
    names = _names(cell)
    again = event.error is not None and AGAIN in event.error.text
    by = _freer(event, capture) if again else None
    freed = {node.id for node in by.nodes} & {node.id for node in event.nodes} if by else set()
    lost = _lost(event, cell, submission) if event.error is not None or not event.leaves else ()
    drawn = graph.boxes(event, names, freed, lost, language)
    picture = graph.graph(drawn, _caption(event, by, lost, language), language)
    if picture is None:
        return None
    meant = graph.graph(graph.intended(drawn or ()), Markup(""), language)
    if meant is not None:
        caption = _remedy(by, lost, language)
        picture = beside(picture, replace(meant, caption=caption), language)
    return Drawn(sentence(Message("picture.graph.title"), language), picture, bool(freed or lost))


def _remedy(by: Event | None, lost: Sequence[str], language: str) -> Markup:
    """What the intended graph differs by."""
    said = []
    if by is not None:
        id = "picture.graph.kept-at" if by.line is not None else "picture.graph.kept-before"
        said.append(Message(id, {"line": by.line or 0}))
    if lost:
        said.append(Message("picture.graph.reached", {"names": ", ".join(lost)}))
    return Markup(" ").join(sentence(message, language) for message in said)


def _caption(event: Event, by: Event | None, lost: Sequence[str], language: str) -> Markup:
    said = []
    if event.line is not None:
        said.append(Message("picture.graph.at", {"line": event.line}))
    if by is not None:
        id = "picture.graph.freed-at" if by.line is not None else "picture.graph.freed-before"
        said.append(Message(id, {"line": by.line or 0}))
    if not event.nodes:
        said.append(Message("picture.graph.cut"))
    if lost:
        said.append(Message("picture.graph.lost", {"names": ", ".join(lost)}))
    return Markup(" ").join(sentence(message, language) for message in said)


def _chosen(
    wrong: Iterable[Finding], seen: Sequence[CellObservation]
) -> tuple[Event | None, CellObservation | None]:
    """The pass that a finding's cell ended with: one that raised rather than one that did not."""
    cells = {cell.cell: cell for cell in seen}
    plain: tuple[Event | None, CellObservation | None] = None, None
    for check in wrong:
        cell = cells.get(check.cell) if check.cell is not None else None
        events = [event for event in cell.events if event.detailed] if cell else []
        if not events:
            continue
        raised = [event for event in events if event.error is not None]
        if raised:
            return raised[-1], cell
        if plain[0] is None:
            plain = events[-1], cell
    return plain


def _freer(event: Event, capture: Capture) -> Event | None:
    """The earlier pass that freed the graph which this one needed."""
    mine = {node.id for node in event.nodes}
    earlier = [
        one
        for cell in capture.cells
        for one in cell.events
        if one.serial < event.serial and one.error is None and not one.retain_graph
    ]
    shared = [one for one in earlier if mine & {node.id for node in one.nodes}]
    return max(shared, key=lambda one: one.serial, default=None)


def _names(cell: CellObservation) -> Mapping[int, str]:
    return {value.id: name for name, value in cell.names.items() if value.id is not None}


def _lost(event: Event, cell: CellObservation, submission: Submission) -> tuple[str, ...]:
    """Tensors of the cell's code that ask for a gradient and that the pass did not reach."""
    source = next((c.source for c in submission.cells if c.index == cell.cell), "")
    written = set(_WORD.findall(source))
    reached = {leaf.id for leaf in event.leaves}
    lost = (
        name
        for name, value in cell.names.items()
        if name in written
        and value.kind == "tensor"
        and value.requires_grad
        and value.leaf
        and value.id not in reached
    )
    return tuple(lost)[:_LOST]


def _steps(
    wrong: Sequence[Finding], seen: Sequence[CellObservation], language: str
) -> Drawn | None:
    """The passes over a leaf whose gradients were added up, where a value differs after them."""
    for check in wrong:
        if check.cell is None or check.kind not in ("tensor", "event"):
            continue
        before = [cell for cell in seen if cell.cell <= check.cell]
        here = [event for cell in before if cell.cell == check.cell for event in cell.events]
        leaf = steps.accumulated(here)
        if leaf is None:
            continue
        events = [event for cell in before for event in cell.events]
        name = _names(before[-1]).get(leaf.id) or text("picture.graph.tensor", language)
        picture = steps.diagram(steps.steps(events, leaf.id), name, language)
        if picture is not None:
            title = sentence(Message("picture.steps.title", {"name": name}), language)
            legend = sentence(Message("picture.steps.legend"), language)
            return Drawn(title, replace(picture, caption=legend), True)
    return None

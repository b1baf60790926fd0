"""How passes add to `.grad`: a row for each pass, what was there before and what it added."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.model.observation import Event, Leaf
from grader.model.value import Value
from grader.report.language import number, text
from grader.report.pictures.svg import Picture, box, drawing, line, words

WIDTH, LEFT, RIGHT = 400, 92, 12
ROW, TOP = 46, 8
MOST = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One pass over one leaf: `.grad` at one element before and after it; `line` of its cell."""

    before: float
    after: float
    line: int | None


def steps(events: Sequence[Event], leaf: int) -> tuple[Step, ...]:
    """What each pass did to a leaf's `.grad`, at the element where it is largest in the end."""
    reached = [
        (event, found)
        for event in events
        if event.api == "backward" and event.error is None
        for found in event.leaves
        if found.id == leaf and found.after is not None
    ]
    ends = [flat for _, found in reached if (flat := _flat(found.after)) is not None]
    if not ends or any(flat.size != ends[-1].size for flat in ends):
        return ()
    place = int(np.argmax(np.where(np.isfinite(ends[-1]), np.abs(ends[-1]), -1)))
    told = (Step(_at(f.before, place), _at(f.after, place), e.line) for e, f in reached)
    made = tuple(step for step in told if math.isfinite(step.before) and math.isfinite(step.after))
    return made[-MOST:]


def accumulated(events: Sequence[Event]) -> Leaf | None:
    """The leaf of the last pass that found something in `.grad` already and added to it."""
    for event in reversed(events):
        for leaf in event.leaves if event.api == "backward" and event.error is None else ():
            before = _flat(leaf.before)
            if before is not None and before.any() and leaf.after is not None:
                return leaf
    return None


def diagram(made: Sequence[Step], name: str, language: str) -> Picture | None:
    """The passes below each other; None where there is nothing to see."""
    ends = [0.0, *(value for step in made for value in (step.before, step.after))]
    size, least = max(ends) - min(ends), min(ends)
    if not size:
        return None
    scale = (WIDTH - LEFT - RIGHT) / size

    def at(value: float) -> float:
        return round(LEFT + (value - least) * scale, 1)

    body = [line(f"M{at(0):g} {TOP}V{TOP + ROW * len(made)}", "axis")]
    said: list[str] = []
    for place, step in enumerate(made):
        top = TOP + ROW * place
        added = step.after - step.before
        told = text(
            "picture.step",
            language,
            number=place + 1,
            before=number(step.before, language),
            added=number(added, language),
            after=number(step.after, language),
        )
        said.append(told)
        title = text("picture.pass", language, number=place + 1)
        body.append(words(LEFT - 12, top + 18, title, "pass", "end"))
        if step.line is not None:
            where = text("picture.line", language, line=step.line)
            body.append(words(LEFT - 12, top + 33, where, "where", "end"))
        body += _bar(at(0), at(step.before), top, "before")
        body += _bar(at(step.before), at(step.after), top, "added")
        before, more, after = (
            _short(value, language) for value in (step.before, added, step.after)
        )
        end = max(step.before, step.after, 0.0)
        late = at(end) > (LEFT + WIDTH) / 2  # where the words have no room on the right
        x = at(end) if late else at(min(0.0, step.before, step.after)) + 4
        anchor = "end" if late else "start"
        body.append(words(x, top + 40, f"{before} + {more} = {after}", "sum", anchor))
    alt = text("picture.steps", language, name=name) + " " + " ".join(said)
    return Picture(drawing(WIDTH, 2 * TOP + ROW * len(made), alt, "steps", "".join(body)), alt)


def _bar(start: float, end: float, top: float, kind: str) -> list[str]:
    low, high = min(start, end), max(start, end)
    return [box(low, top + 6, high - low, 20, kind=kind)] if high > low else []


def _short(value: float, language: str) -> str:
    said = number(float(f"{value:.4g}"), language)
    return f"({said})" if value < 0 else said


def _flat(value: Value | None) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    if value is None or value.data is None or value.data.dtype.kind not in "fiu":
        return None
    return np.asarray(value.data, np.float64).ravel() if value.data.size else None


def _at(value: Value | None, place: int) -> float:
    flat = _flat(value)
    if value is None or value.kind == "none":
        return 0.0
    return float(flat[place]) if flat is not None and place < flat.size else math.nan

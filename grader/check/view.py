"""One run of an exercise, seen through its named cells: the sealed run, or a variation of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from grader.check import syntax
from grader.model.exercise import Exercise
from grader.model.observation import (
    CallObservation,
    Capture,
    CellObservation,
    Event,
    Figure,
    Variation,
)
from grader.model.submission import Message, Submission, SubmittedCell
from grader.model.value import Value

_PATH = re.compile(r"(?P<name>[^\W\d]\w*)(?P<steps>(?:\.grad|\[-?\d{1,9}\])*)")
_STEP = re.compile(r"\.grad|\[-?\d{1,9}\]")


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no such thing in this run, and why: the status it leads to and what to say."""

    message: Message
    status: Literal["missing", "failed"] = "missing"
    cell: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the cell after which it was read."""

    value: Value
    cell: int


@dataclass(frozen=True, slots=True)
class Seen:
    """An event and the cell in which it happened."""

    event: Event
    cell: int


@dataclass(frozen=True)  # without slots: what many checks ask is worked out once
class View:
    """What a run showed of one exercise.

    Attributes:
        label: `run`, or the variation's id; keeps the keys of requests apart.
        cells: observations by index into `Submission.cells`.
        groups: cell name → indexes of the cells that answer it: the named cell, duplicates of it
            and the extra cells behind it, in order.
        injected: the inputs that a variation put in place; empty for the sealed run.
        original: of a variation, the sealed run.
    """

    exercise: Exercise
    submission: Submission
    label: str
    cells: Mapping[int, CellObservation]
    groups: Mapping[str, tuple[int, ...]]
    calls: Mapping[str, CallObservation] = field(default_factory=dict)
    injected: Mapping[str, Value] = field(default_factory=dict)
    original: View | None = None

    @property
    def own_names(self) -> bool:
        """Whether this is a notebook with names of its own."""
        return self.submission.own_names

    def ran(self, indexes: Iterable[int]) -> tuple[CellObservation, ...]:
        """Those of the cells of which the run left something to look at, in order."""
        seen = (self.cells[index] for index in indexes if index in self.cells)
        return tuple(o for o in seen if o.status in ("ok", "error") or o.names or o.events)

    def answer(self, cell: str) -> tuple[SubmittedCell, ...]:
        """The submitted cells that answer `cell`."""
        wanted = set(self.groups.get(cell, ()))
        return tuple(c for c in self.submission.cells if c.index in wanted)

    def moment(self, cell: str) -> CellObservation | Absent:
        """The state after `cell`: after the last cell of its group that left any."""
        indexes = self.groups.get(cell, ())
        if not indexes:
            return Absent(Message("check.cell.absent", {"cell": cell}))
        ran = self.ran(indexes)
        if ran:
            return ran[-1]
        if not any(part.source.strip() for part in self.answer(cell)):  # nobody runs such a cell
            return Absent(Message("check.cell.empty", {"cell": cell}), cell=indexes[0])
        statuses = {self.cells[i].status for i in indexes if i in self.cells}
        for status in ("timeout", "crashed"):
            if status in statuses:
                return Absent(Message(f"check.cell.{status}", {"cell": cell}), cell=indexes[0])
        return Absent(Message("check.cell.not_run", {"cell": cell}), cell=indexes[0])

    def find(self, path: str, cell: str) -> Found | Absent:
        """The value that `path` names after `cell`."""
        observation = self.moment(cell)
        if isinstance(observation, Absent):
            return observation
        value = follow(path, observation.names)
        if value is not None:
            return Found(value, observation.cell)
        return self._lacking(path, cell, observation)

    def _lacking(self, path: str, cell: str, last: CellObservation) -> Absent:
        stopped = self.unset(path, cell)
        if stopped is not None:
            return stopped
        if any(short in last.truncated for short in ("values", "names")):
            return Absent(Message("check.value.bound", {"value": path}), "failed", last.cell)
        where = {"value": path, "cell": cell}
        return Absent(Message("check.value.absent", where), cell=last.cell)

    def unset(self, path: str, cell: str) -> Absent | None:
        """Why `cell` did not come to set the value, where it did not run to its end."""
        where: dict[str, str | int | float] = {"value": path, "cell": cell}
        for observation in reversed(self.ran(self.groups[cell])):
            if observation.status in ("timeout", "crashed"):
                message = Message(f"check.cell.{observation.status}", {"cell": cell})
                return Absent(message, cell=observation.cell)
            if observation.error is not None:
                error = observation.error
                where |= {"type": error.type, "text": error.text[:500]}
                message = Message("check.value.after_error", where)
                return Absent(message, cell=observation.cell, line=error.line)
        return None

    def left_over(self, path: str, cell: str, found: Found) -> Absent | None:
        """Why a tensor is another exercise's: `cell` stopped, and it was there before this one."""
        first = min(index for group in self.groups.values() for index in group)
        before = self.ran(index for index in sorted(self.cells) if index < first)
        was = follow(path, before[-1].names) if before else None
        return self.unset(path, cell) if was is not None and _same(was, found.value) else None

    def stopped(self) -> bool:
        """Whether some cell of the exercise did not run to its end."""
        indexes = (index for group in self.groups.values() for index in group)
        return any(
            index not in self.cells or self.cells[index].status not in ("ok", "error")
            for index in indexes
        )

    def broke_off(self) -> Absent | None:
        """Where a cell of the exercise ended Python or was ended with it: no call was made then."""
        for name, indexes in self.groups.items():
            for observation in (self.cells[index] for index in indexes if index in self.cells):
                timeout = (
                    observation.status == "timeout" and "probe:silent" in observation.truncated
                )
                if timeout or observation.status == "crashed":
                    message = Message(f"check.cell.{observation.status}", {"cell": name})
                    return Absent(message, cell=observation.cell)
        return None

    def events(self, cell: str | None = None) -> tuple[Seen, ...]:
        """Passes in the cells of `cell`, or in every observed cell, in the order they began.

        What is told of a cell in which nothing could have caused a pass is not believed.
        """
        if cell is None:
            return self._passes
        group = self.groups.get(cell, ())
        return tuple(seen for seen in self._passes if seen.cell in group)

    @cached_property
    def _passes(self) -> tuple[Seen, ...]:
        sources = {c.index: c.source for c in self.submission.cells}
        seen = [
            Seen(event, o.cell)
            for o in self.ran(self.cells)
            if o.events and not syntax.inert(sources[o.cell])
            for event in o.events
        ]
        return tuple(sorted(seen, key=lambda s: s.event.serial))

    def events_of_exercise(self) -> tuple[Seen, ...]:
        """Passes in the exercise's cells; in every cell of a notebook with names of its own."""
        if self.own_names:
            return self.events()
        mine = {index for group in self.groups.values() for index in group}
        return tuple(seen for seen in self.events() if seen.cell in mine)

    def figures(self, cell: str, everywhere: bool) -> tuple[tuple[int, Figure], ...]:
        """Figures of the cells of `cell` (or of every cell), each with its cell's index."""
        indexes = sorted(self.cells) if everywhere else self.groups.get(cell, ())
        return tuple((o.cell, figure) for o in self.ran(indexes) for figure in o.figures)


def sealed(exercise: Exercise, submission: Submission, capture: Capture) -> View:
    """The run itself."""
    cells = _by_index(submission, capture.cells)
    groups = grouped(exercise, submission)
    return View(exercise, submission, "run", cells, groups, calls=capture.calls)


def varied(run: View, variation: Variation) -> View:
    """A second run with other inputs."""
    return View(
        run.exercise,
        run.submission,
        variation.id,
        _by_index(run.submission, variation.cells),
        run.groups,
        injected=variation.inputs,
        original=run,
    )


def _by_index(
    submission: Submission, observations: Iterable[CellObservation]
) -> dict[int, CellObservation]:
    """Observations of cells that exist; the first where a capture claims several for one cell."""
    known = {cell.index for cell in submission.cells if cell.kind == "code"}
    cells: dict[int, CellObservation] = {}
    for observation in sorted(observations, key=lambda o: o.cell):
        if observation.cell in known:
            cells.setdefault(observation.cell, observation)
    return cells


def grouped(exercise: Exercise, submission: Submission) -> dict[str, tuple[int, ...]]:
    """Cell name → indexes of the code cells that answer it."""
    groups: dict[str, tuple[int, ...]] = {}
    current: str | None = None
    for cell in submission.cells:
        if cell.kind != "code" or cell.exercise != exercise.id:
            continue
        current = cell.name or current
        if current is not None:
            groups[current] = (*groups.get(current, ()), cell.index)
    return groups


def name_of(path: str) -> str:
    """The name that a path begins with: `x` of `x.grad`."""
    match = _PATH.fullmatch(path)
    return match["name"] if match else path


def follow(path: str, names: Mapping[str, Value]) -> Value | None:
    """The value at `path` (`x`, `x.grad`, `parts[0]`); None where there is nothing.

    A `.grad` that is None of a name that exists is a value of kind `none`.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    value = names.get(match["name"])
    for step in _STEP.findall(match["steps"]):
        if value is None:
            return None
        value = _grad(value) if step == ".grad" else _element(value, int(step[1:-1]))
    return value


def _same(one: Value, other: Value) -> bool:
    """Whether both are one tensor, of which nothing changed."""
    if one.id is None or one.id != other.id or one.data is None or other.data is None:
        return False
    return np.array_equal(one.data, other.data)


def _grad(value: Value) -> Value | None:
    return (value.grad or Value("none")) if value.kind == "tensor" else None


def _element(value: Value, index: int) -> Value | None:
    if value.data is None or not value.shape or value.data.shape != value.shape:
        return None
    if not -value.shape[0] <= index < value.shape[0]:
        return None
    data = np.asarray(value.data[index])
    kind = "number" if value.kind == "list" and data.ndim == 0 else value.kind
    return Value(kind, value.dtype, data.shape, data, requires_grad=value.requires_grad, leaf=False)


def unusable(path: str, found: Found) -> Absent | None:
    """Why the value cannot be taken for a number; None where it can."""
    value = found.value
    params: dict[str, str | int | float] = {"value": path}
    if value.kind == "none" or (value.kind == "opaque" and value.why is None):
        which = "none" if value.kind == "none" else "placeholder"
        return Absent(Message(f"check.value.{which}", params), cell=found.cell)
    if value.kind not in ("tensor", "array", "number", "list"):
        message = Message("check.value.kind", params | {"kind": value.kind})
        return Absent(message, "failed", found.cell)
    if value.data is None:
        why = value.why or "unobserved"
        if why == "too-large":
            return Absent(Message("check.value.bound", params), "failed", found.cell)
        message = Message("check.value.unobservable", params | {"why": why})
        return Absent(message, "failed", found.cell)
    if value.data.shape != value.shape:
        message = Message("check.value.unobservable", params | {"why": "inconsistent"})
        return Absent(message, "failed", found.cell)
    return None

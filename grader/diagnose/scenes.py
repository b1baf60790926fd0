"""The runs of an exercise's cells, and what stood where in them: names, passes, inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from grader.diagnose.arrays import Array, array
from grader.model.exercise import Exercise, TensorCheck
from grader.model.observation import Capture, CellObservation, Event
from grader.model.submission import Submission
from grader.model.value import Value

_STEP = re.compile(r"\.grad|\[-?\d{1,9}\]")
_PATH = re.compile(r"[^\W\d]\w*(?:\.grad|\[-?\d{1,9}\])*")
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One run of an exercise's cells: the run itself or a variation."""

    exercise: Exercise
    submission: Submission
    label: str
    cells: Mapping[int, CellObservation]
    injected: Mapping[str, Value] = field(default_factory=dict)

    def group(self, name: str) -> tuple[int, ...]:
        """The cells that answer the named one: it, and the extra cells behind it."""
        found: list[int] = []
        current: str | None = None
        for cell in self.submission.cells:
            if cell.kind != "code" or cell.exercise != self.exercise.id:
                continue
            current = cell.name or current
            if current == name:
                found.append(cell.index)
        return tuple(found)

    def moment(self, name: str) -> CellObservation | None:
        """The last observation of the named cell that left anything."""
        seen = [self.cells[i] for i in self.group(name) if i in self.cells]
        return next((one for one in reversed(seen) if one.names), None)

    def events(self, until: int, since: int = -1) -> tuple[Event, ...]:
        """Passes in the exercise's cells after `since`, up to and with `until`."""
        mine = {c.index for c in self.submission.cells if c.exercise == self.exercise.id}
        seen = (
            event
            for index, one in self.cells.items()
            if index in mine and since < index <= until
            for event in one.events
        )
        return tuple(sorted(seen, key=lambda event: event.serial))

    def inputs(self) -> dict[str, Array]:
        """What the author's cells before the first answer left, varied inputs in their place."""
        names: dict[str, Value] = {}
        for cell in self.submission.cells:
            if cell.kind != "code" or cell.exercise != self.exercise.id:
                continue
            if not cell.locked:
                break
            if cell.index in self.cells:
                names |= self.cells[cell.index].names
        found = {name: array(value) for name, value in {**names, **self.injected}.items()}
        return {name: numbers for name, numbers in found.items() if numbers is not None}


def narrowed(exercise: Exercise, submission: Submission, capture: Capture) -> Capture:
    """The capture without what other exercises of the notebook left in this one's cells.

    A name goes where it was seen in a cell of another exercise and stands nowhere in the code of
    this one, nor in its checks: no answer to this exercise was made of it.
    """
    if submission.own_names:
        return capture
    mine = {cell.index: cell.source for cell in submission.cells if cell.exercise == exercise.id}
    asked = (check.value for check in exercise.checks if isinstance(check, TensorCheck))
    spoken_of = set(_NAME.findall("\n".join((*mine.values(), *asked))))
    others = [one.names for one in capture.cells if one.cell not in mine]
    foreign: dict[str, bool] = {}

    def own(one: CellObservation) -> CellObservation:
        for name in one.names:
            if name not in foreign:
                foreign[name] = name not in spoken_of and any(name in one for one in others)
        kept = {name: value for name, value in one.names.items() if not foreign[name]}
        return replace(one, names=kept)

    variations = tuple(
        replace(one, cells=tuple(map(own, one.cells))) if one.exercise == exercise.id else one
        for one in capture.variations
    )
    cells = tuple(own(one) if one.cell in mine else one for one in capture.cells)
    return replace(capture, cells=cells, variations=variations)


def scenes(exercise: Exercise, submission: Submission, capture: Capture) -> Iterator[Scene]:
    """The run and its variations."""
    yield Scene(exercise, submission, "run", {one.cell: one for one in capture.cells})
    for one in capture.variations:
        if one.exercise == exercise.id:
            cells = {cell.cell: cell for cell in one.cells}
            yield Scene(exercise, submission, one.id, cells, one.inputs)


def follow(path: str, names: Mapping[str, Value]) -> Value | None:
    """The value at `path` (`x`, `x.grad`, `parts[0]`); None where there is nothing."""
    if _PATH.fullmatch(path) is None:
        return None
    value = names.get(re.split(r"[.\[]", path, maxsplit=1)[0])
    for step in _STEP.findall(path):
        if value is None:
            return None
        if step == ".grad":
            value = value.grad
        elif value.data is None or not value.shape or value.data.shape != value.shape:
            return None
        else:
            index = int(step[1:-1])
            if not -value.shape[0] <= index < value.shape[0]:
                return None
            item = np.asarray(value.data[index])
            value = Value(value.kind, value.dtype, item.shape, item)
    return value

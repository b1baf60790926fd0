"""What matchers look at: findings that did not pass, their numbers, passes, errors, sources.

All of it is observed or found; a matcher concludes. Numbers are those that a report shows, at most
64 elements of a value.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from grader.diagnose import repairs, scenes, source, trials
from grader.diagnose.gathering import gather
from grader.diagnose.repairs import Repair
from grader.diagnose.scenes import Scene
from grader.diagnose.source import Code
from grader.diagnose.trials import Hypothesis, Trial
from grader.model.exercise import CallCheck, Check, EventCheck, Exercise, TensorCheck
from grader.model.expectation import Expectation
from grader.model.observation import Capture, CellObservation, Event, Raised
from grader.model.result import Finding, Shown
from grader.model.submission import Submission
from grader.model.value import Value

Array = npt.NDArray[np.float64]
Params = Mapping[str, str | int | float]

_MOST = 64
_NEAR = 2e-3
_ABOUT_GRADIENTS = re.compile(
    r"grad|deriv|slope|jacob|[jv][jv]p|partial|tangent|direction|hess|curvature|dual_",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A finding that holds two numbers against each other: flat, of one length, finite."""

    finding: Finding
    actual: Array
    expected: Array

    @property
    def at(self) -> int:
        """The element by which to show the difference: the largest expected one."""
        return int(np.argmax(np.abs(self.expected)))

    def numbers(self) -> dict[str, str | int | float]:
        """`actual` and `expected` at that element."""
        return {
            "actual": float(self.actual[self.at]),
            "expected": float(self.expected[self.at]),
        }


@dataclass(frozen=True, slots=True)
class Pass:
    """An event and the cell in which it happened."""

    event: Event
    cell: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """An exception: of a pass (`event`), or one that ended a cell (`uncaught`), or both."""

    error: Raised
    cell: int
    event: Event | None
    uncaught: bool


@dataclass(frozen=True)
class Facts:
    """Everything about one exercise of one submission.

    `trials`, `code` and `repairs` are worked out when they are first asked for. `whole`: the facts
    with more checks, of which these are a part: what does not hang on other checks is taken there.
    """

    exercise: Exercise
    submission: Submission
    capture: Capture
    findings: tuple[Finding, ...]
    checks: Mapping[str, Check] = field(default_factory=dict)
    expectations: Mapping[str, Expectation] = field(default_factory=dict)
    whole: Facts | None = None

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """Answers of checks that did not pass, beside what was expected, in every run."""
        return tuple(trial for trial in self._gathered if not trial.limited)

    @cached_property
    def limited(self) -> tuple[Trial, ...]:
        """Answers that only had to be good enough, and were not, beside what would have been."""
        return tuple(trial for trial in self._gathered if trial.limited)

    @cached_property
    def _gathered(self) -> tuple[Trial, ...]:
        return gather(
            self.exercise, self.submission, self.capture, self.expectations, self.findings
        )

    @cached_property
    def scene(self) -> Scene:
        """The run itself, by its named cells."""
        return next(scenes.scenes(self.exercise, self.submission, self.capture))

    @cached_property
    def alone(self) -> tuple[Trial, ...]:
        """The trials whose answer is a `.grad` that held something before, without that."""
        found = (trials.surplus_removed(trial) for trial in self.trials)
        return tuple(trial for trial in found if trial is not None and not trial.right)

    @cached_property
    def code(self) -> Code:
        """The exercise's code as syntax trees."""
        if self.whole is not None:
            return self.whole.code
        return source.read(self.exercise, self.submission)

    @cached_property
    def repairs(self) -> tuple[Repair, ...]:
        """For each check with a wrong answer by a formula: the smallest change that mends it."""
        found = []
        known = {} if self.whole is None else {r.trials[0].check: r for r in self.whole.repairs}
        for id, group in trials.by_check(self.trials).items():
            check = self.checks.get(id)
            if self.whole is not None:
                if id in known:
                    own = tuple(trial for trial in group if not trial.right)
                    found.append(replace(known[id], trials=own))
                continue
            if isinstance(check, TensorCheck | CallCheck):
                repair = repairs.find(self.code, self.code.answer(check), group)
                if repair is not None:
                    found.append(repair)
        return tuple(found)

    def answers(
        self, kind: tuple[str, ...] = ("failed", "missing", "undecidable")
    ) -> Iterator[tuple[Finding, TensorCheck | CallCheck, ast.AST]]:
        """Findings about a value or a function that did not pass, with the code of the answer."""
        for finding in self.findings:
            check = self.checks.get(finding.check)
            if finding.status in kind and isinstance(check, TensorCheck | CallCheck):
                node = self.code.answer(check)
                if node is not None:
                    yield finding, check, node

    @cached_property
    def causes(self) -> Mapping[str, frozenset[str]]:
        """Wrong answers that are made by a function that is itself judged, and wrong.

        By their checks: the checks of those functions. Functions that call each other are not
        one another's cause.
        """
        judged: dict[str, list[str]] = {}
        for finding in self.wrong:
            if isinstance(check := self.checks.get(finding.check), CallCheck):
                judged.setdefault(check.function, []).append(finding.check)
        called: dict[str, set[str]] = {}
        made: dict[str, tuple[str, set[str]]] = {}
        for finding, check, node in self.answers():
            own = check.function if isinstance(check, CallCheck) else ""
            code = source.helpers(self.code, node)
            names = {one.name for one in code if isinstance(one, ast.FunctionDef)} - {own}
            made[finding.check] = own, names & judged.keys()
            called.setdefault(own, set()).update(names)
        found = {
            id: frozenset(
                check
                for name in names
                if not own or own not in called.get(name, ())
                for check in judged[name]
            )
            for id, (own, names) in made.items()
        }
        return {id: causes for id, causes in found.items() if causes}

    def explained(self, foretell: Hypothesis) -> tuple[Trial, ...]:
        """Wrong trials of the checks whose every answer the hypothesis foretells.

        Where `.grad` held something before, what was added by the last pass is looked at too.
        """
        held = trials.explained(self.trials, foretell)
        known = {trial.check for trial in held}
        return held + tuple(
            trial for trial in trials.explained(self.alone, foretell) if trial.check not in known
        )

    @cached_property
    def wrong(self) -> tuple[Finding, ...]:
        """Findings that earned nothing because of what the submission did."""
        return tuple(f for f in self.findings if f.status in ("failed", "missing", "undecidable"))

    def pairs(self) -> Iterator[Pair]:
        """Failed findings with numbers on both sides, where one was to be the other."""
        limited = {trial.check for trial in self.limited}
        for finding in self.findings:
            if finding.check in limited:
                continue
            if finding.status != "failed" or finding.actual is None or finding.expected is None:
                continue
            actual, expected = numbers(finding.actual), numbers(finding.expected)
            if actual is not None and expected is not None and actual.shape == expected.shape:
                yield Pair(finding, actual, expected)

    def cells(self) -> tuple[CellObservation, ...]:
        """The exercise's cells that ran; all cells of a notebook with names of its own."""
        return self._cells

    @cached_property
    def _cells(self) -> tuple[CellObservation, ...]:
        mine = {
            cell.index
            for cell in self.submission.cells
            if self.submission.own_names or cell.exercise == self.exercise.id
        }
        return tuple(cell for cell in self.capture.cells if cell.cell in mine)

    def names(self, cell: int | None = None) -> Mapping[str, Value]:
        """The names after a cell; after the last that left any, without one."""
        for observation in reversed(self.cells()):
            if observation.names and (cell is None or observation.cell == cell):
                return observation.names
        return {}

    def passes(self, until: int | None = None) -> tuple[Pass, ...]:
        """Passes in the exercise's cells, up to and with a cell, in the order they began."""
        seen = (
            Pass(event, o.cell)
            for o in self.cells()
            if until is None or o.cell <= until
            for event in o.events
        )
        return tuple(sorted(seen, key=lambda one: one.event.serial))

    def troubles(self, stem: str) -> tuple[Trouble, ...]:
        """Exceptions with `stem` in their text, except where an exercise asked for one."""
        found: list[Trouble] = []
        for cell in self._raising:
            ended = cell.error is not None and stem in cell.error.text
            events = [e for e in cell.events if e.error is not None and stem in e.error.text]
            if self.asked_for(cell.cell, stem):
                continue
            for event in events:
                if event.error is not None:
                    found.append(Trouble(event.error, cell.cell, event, ended))
            if ended and not events and cell.error is not None:
                found.append(Trouble(cell.error, cell.cell, None, True))
        return tuple(found)

    @cached_property
    def _raising(self) -> tuple[CellObservation, ...]:
        """The cells in which anything was raised, whether it ended them or not."""
        return tuple(
            cell
            for cell in self.cells()
            if cell.error is not None or any(e.error is not None for e in cell.events)
        )

    def asked_for(self, cell: int, stem: str) -> bool:
        """Whether a check wants this very exception in this cell, and got it."""
        return any(
            wanted == cell and (raised in stem or stem in raised) for wanted, raised in self._raised
        )

    @cached_property
    def _raised(self) -> tuple[tuple[int | None, str], ...]:
        """The cells in which an exception was asked for and raised, and a part of its text."""
        return tuple(
            (finding.cell, check.raised)
            for finding in self.findings
            if finding.status == "passed"
            and isinstance(check := self.checks.get(finding.check), EventCheck)
            and check.raised is not None
        )

    def near(self, cell: int) -> tuple[str, ...]:
        """Checks that did not pass and speak of that cell."""
        return tuple(f.check for f in self.wrong if f.cell == cell)

    def about_gradient(self, finding: Finding) -> bool:
        """Whether the author's own words say that a gradient is asked for."""
        check = self.checks.get(finding.check)
        words = [finding.check]
        for name in ("value", "expect", "function"):
            words.append(str(getattr(check, name, None) or ""))
        if any(_ABOUT_GRADIENTS.search(word) for word in words):
            return True
        # What waits for a pass and is no input is what the pass gives.
        given = self.exercise.vary.names if self.exercise.vary is not None else {}
        return (
            isinstance(check, TensorCheck)
            and root(check.value) not in given
            and any(
                isinstance(event := self.checks.get(need), EventCheck) and event.fills_grad
                for need in check.needs
            )
        )

    def about_gradient_of(self, check: str) -> bool:
        """Whether the author's own words say that the check with that id asks for a gradient."""
        found = next((finding for finding in self.findings if finding.check == check), None)
        return found is not None and self.about_gradient(found)

    def called(self, finding: Finding) -> str:
        """What the student knows the judged value as."""
        check = self.checks.get(finding.check)
        if isinstance(check, TensorCheck):
            return check.value
        return str(finding.message.params.get("value") or getattr(check, "function", "") or "y")

    def sources(self) -> tuple[str, ...]:
        """The student's own code of the exercise, cell by cell."""
        return tuple(
            cell.source
            for cell in self.submission.cells
            if cell.kind == "code"
            and not cell.locked
            and (self.submission.own_names or cell.exercise == self.exercise.id)
        )


def numbers(shown: Shown) -> Array | None:
    """The shown elements, flat; None where some are no finite real numbers, or there are none."""
    flat: list[float] = []
    for item in shown.values:
        if not isinstance(item, int | float):
            return None
        flat.append(float(item))
    return np.array(flat) if flat and np.isfinite(flat).all() else None


def flat(value: Value | None) -> Array | None:
    """The first elements of an observed value, flat; None where they are not finite and real."""
    if value is None or value.data is None or value.data.dtype.kind not in "fiub":
        return None
    data = value.data.ravel()[:_MOST].astype(np.float64)
    return data if data.size and bool(np.isfinite(data).all()) else None


def close(first: Array | None, second: Array | None) -> bool:
    """Whether two rows of numbers are the same but for rounding; never where both are zero."""
    if first is None or second is None or first.shape != second.shape:
        return False
    size = np.maximum(np.abs(first), np.abs(second))
    if not size.any():
        return False
    return bool(np.all(np.abs(first - second) <= _NEAR * size + 1e-6 * size.max()))


def root(value: str) -> str:
    """The name that a path begins with: `x` of `x.grad`."""
    return re.split(r"[.\[]", value, maxsplit=1)[0]

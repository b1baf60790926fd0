"""What must hold between the parts of an exercise. Each rule yields problems; none raises."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields

from grader.errors import Problem
from grader.languages import LANGUAGES
from grader.model.exercise import (
    CallCheck,
    Check,
    ChoiceCheck,
    Draw,
    EventCheck,
    Exercise,
    FigureCheck,
    Limits,
    Role,
    SourceCheck,
    TensorCheck,
)
from grader.model.value import COMPLEX, FLOATS
from grader.spec.files import Files

_PATH = re.compile(r"(?P<name>[A-Za-z_]\w*)(\.grad|\[\d+\])*")
FEW = 1000
"""A draw with fewer outcomes than this is told from the notebook's own values only by another."""

_DTYPES = (*FLOATS, *COMPLEX, "int64", "int32", "bool")


def problems_of(exercise: Exercise, files: Files) -> list[Problem]:
    """Every mistake in an exercise that fits the format."""
    rules = Rules(exercise, files)
    return [*rules.points(), *rules.names(), *rules.vary(), *rules.each_check()]


LEAST = {
    "wall_factor": 1,
    "memory_bytes": 256 << 20,
    "processes": 32,
    "open_files": 64,
    "file_bytes": 1 << 20,
    "scratch_bytes": 8 << 20,
    "scratch_files": 256,
}
"""Less, and not even an empty cell would run."""


def problems_of_limits(limits: Limits, name: str) -> list[Problem]:
    """Every limit that cannot be held, or that would let nothing run; `name` is the file's."""
    problems = []
    for field in fields(limits):
        value = getattr(limits, field.name)
        least = LEAST.get(field.name, 0)
        if not math.isfinite(value) or value < least or value == 0:
            expected = f"{least} or more" if least else "a finite number over 0"
            problems.append(Problem(name, f"limits.{field.name}", expected, repr(value)))
    return problems


def problems_of_preload(modules: tuple[str, ...], name: str) -> list[Problem]:
    """Every entry that is no module's name; whether it is installed is seen where kernels start."""
    return [
        Problem(name, "preload", "names of modules, such as scipy.special", repr(module))
        for module in modules
        if not all(part.isidentifier() for part in module.split("."))
    ]


def warnings_of(exercise: Exercise, files: Files) -> tuple[str, ...]:
    """What an author should know but need not mend."""
    warnings = []
    for language in LANGUAGES:
        if language not in exercise.prompts:
            warnings.append(f"{files.toml_name}: there is no prompt.{language}.md")
        if language not in exercise.title:
            warnings.append(f"{files.toml_name}: title has no {language!r}")
        lacking = [c.id for c in exercise.checks if language not in c.title]
        if lacking:
            warnings.append(
                f"{files.toml_name}: no title in {language!r} for checks {', '.join(lacking)}"
            )
    return tuple(warnings)


class Rules:
    """The rules, with the exercise they are about."""

    def __init__(self, exercise: Exercise, files: Files) -> None:
        self.exercise = exercise
        self.files = files
        self.cells = {cell.name: cell for cell in exercise.cells}
        self.assigned = frozenset[str]().union(*files.assigned.values())

    def problem(self, key: str, expected: str, found: str) -> Problem:
        """A problem in this exercise's TOML."""
        return Problem(self.files.toml_name, key, expected, found)

    def points(self) -> Iterator[Problem]:
        """The points of the checks add up, and none is negative."""
        if not self.exercise.checks:
            yield self.problem("checks", "at least one [[checks]] table", "none")
        total = math.fsum(check.points for check in self.exercise.checks)
        if not math.isclose(total, self.exercise.points):
            yield self.problem(
                "points", f"the sum of the checks' points, {total:g}", f"{self.exercise.points:g}"
            )
        for check in self.exercise.checks:
            if not (math.isfinite(check.points) and check.points >= 0):
                yield self.problem(f"checks.{check.id}.points", "0 or more", f"{check.points}")

    def names(self) -> Iterator[Problem]:
        """Ids are unique and well formed; needs exist and do not go round in a circle."""
        seen: set[str] = set()
        for check in self.exercise.checks:
            if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", check.id):
                yield self.problem(f"checks.{check.id}.id", "kebab-case", repr(check.id))
            if check.id in seen:
                yield self.problem(f"checks.{check.id}.id", "an id used once", "a second one")
            for need in check.needs:
                if need not in seen:
                    yield self.problem(
                        f"checks.{check.id}.needs", "checks that stand before it", repr(need)
                    )
            seen.add(check.id)
        for name, selector in self.exercise.events.items():
            yield from self.cell(f"events.{name}.cell", selector.cell)
            for key in ("root", "leaf"):
                yield from self.path(f"events.{name}.{key}", getattr(selector, key))
        yield from self.roles("roles", self.exercise.roles)
        if not self.exercise.title:
            yield self.problem("title", "a title in one language at least", "none")

    def vary(self) -> Iterator[Problem]:
        """Varied names are set by the locked cell that is named."""
        vary = self.exercise.vary
        if vary is None:
            return
        yield from self.cell("vary.cell", vary.cell)
        cell = self.cells.get(vary.cell)
        if cell is not None and not cell.locked:
            yield self.problem("vary.cell", "a locked cell", repr(vary.cell))
        for name, draw in vary.names.items():
            if cell is not None and name not in self.files.assigned[vary.cell]:
                yield self.problem(
                    f"vary.names.{name}", f"a name that the cell {vary.cell} sets", "it does not"
                )
            yield from self.draw(f"vary.names.{name}", draw)
            if vary.times == 1 and _outcomes(draw) < FEW:
                yield self.problem(
                    "vary.times",
                    f"2 or more, because {name} has few values to be drawn from, and one draw may "
                    "give what the notebook gives",
                    "1",
                )
        if vary.times < 1:
            yield self.problem("vary.times", "1 or more", str(vary.times))

    def each_check(self) -> Iterator[Problem]:
        """The rules of each check's own kind."""
        for check in self.exercise.checks:
            key = f"checks.{check.id}"
            yield from self.roles(f"{key}.roles", check.roles)
            if check.vary and self.exercise.vary is None:
                yield self.problem(f"{key}.vary", "a [vary] table in the exercise", "none")
            if check.visibility == "public":
                yield from self.discloses_nothing(key, check)
            match check:
                case TensorCheck():
                    yield from self.tensor(key, check)
                case CallCheck():
                    yield from self.call(key, check)
                case EventCheck():
                    yield from self.event(key, check)
                case FigureCheck():
                    yield from self.cell(f"{key}.cell", check.cell)
                    for curve in check.curves:
                        yield from self.function(f"{key}.curves", curve.expect, check, ("x",))
                case SourceCheck():
                    for cell in check.cells:
                        yield from self.cell(f"{key}.cells", cell)
                    if not (check.forbid or check.require):
                        yield self.problem(key, "forbid or require", "neither")
                case ChoiceCheck():
                    yield from self.cell(f"{key}.cell", check.cell)
                    yield from self.path(f"{key}.value", check.value)
                    for answer in check.answer:
                        if answer not in check.options:
                            yield self.problem(f"{key}.answer", "one of options", repr(answer))

    def discloses_nothing(self, key: str, check: Check) -> Iterator[Problem]:
        """A public check needs no reference and holds no secret."""
        secret = ""
        match check:
            case TensorCheck(expect=str()):
                secret = "expect"
            case TensorCheck(equals=equals, disclosed=False) if equals is not None:
                secret = "equals without disclosed = true"
            case CallCheck():
                secret = "kind = call"
            case EventCheck() if check.gradient or check.leaf_gradient:
                secret = "a reference"
            case FigureCheck(curves=curves) if curves:
                secret = "curves"
            case ChoiceCheck(answer=answer) if answer:
                secret = "answer"
            case _:
                pass
        if secret:
            yield self.problem(
                f"{key}.visibility", "after_due or hidden for a check with a secret", secret
            )

    def tensor(self, key: str, check: TensorCheck) -> Iterator[Problem]:
        """A tensor check expects something of a name that the starter has."""
        yield from self.cell(f"{key}.cell", check.cell)
        yield from self.path(f"{key}.value", check.value)
        if check.expect is not None:
            yield from self.function(f"{key}.expect", check.expect, check, ())
        expectations = (
            check.expect, check.equals, check.shape, check.requires_grad, check.leaf,
            check.grad_fn, check.in_place, check.none, check.dtype or None,
        )  # fmt: skip
        if all(item is None for item in expectations):
            yield self.problem(key, "an expectation (expect, equals, shape, …)", "none")
        if check.expect is not None and check.equals is not None:
            yield self.problem(key, "either expect or equals", "both")

    def call(self, key: str, check: CallCheck) -> Iterator[Problem]:
        """A call check's inputs are the reference's parameters."""
        yield from self.cell(f"{key}.cell", check.cell)
        yield from self.path(f"{key}.function", check.function)
        if not check.inputs:
            yield self.problem(f"{key}.inputs", "at least one case", "none")
        for name in check.untouched:
            if not all(name in case for case in check.inputs):
                yield self.problem(f"{key}.untouched", "parameters of every case", name)
        yield from self.there(f"{key}.expect", check.expect)
        for name, function in check.gradients.items():
            yield from self.there(f"{key}.gradients.{name}", function)
        for index, case in enumerate(check.inputs):
            for name, draw in case.items():
                yield from self.draw(f"{key}.inputs[{index}].{name}", draw)
            given = tuple(case)
            yield from self.called(f"{key}.inputs[{index}]", check.expect, given)
            for name, function in check.gradients.items():
                inside = case.get(name)
                if inside is None or not inside.requires_grad:
                    yield self.problem(
                        f"{key}.gradients.{name}", "an input with requires_grad = true", "not so"
                    )
                known = (*given, "cotangent")
                yield from self.called(f"{key}.inputs[{index}]", function, known)

    def event(self, key: str, check: EventCheck) -> Iterator[Problem]:
        """An event check names a selector and expects something of it."""
        if check.event not in self.exercise.events:
            known = ", ".join(self.exercise.events) or "none"
            yield self.problem(f"{key}.event", f"one of [events.*]: {known}", repr(check.event))
        for name in ("gradient", "leaf_gradient"):
            function = getattr(check, name)
            if function is not None:
                yield from self.function(f"{key}.{name}", function, check, ())
        expectations = (
            check.raised, check.succeeded, check.retain_graph, check.fills_grad, check.argument,
            check.gradient, check.leaf_gradient,
        )  # fmt: skip
        if all(item is None for item in expectations):
            yield self.problem(key, "an expectation (raised, succeeded, …)", "none")

    def cell(self, key: str, name: str | None) -> Iterator[Problem]:
        """`name` is a cell of the starter."""
        if name is not None and name not in self.cells:
            yield self.problem(key, f"a cell of the starter ({', '.join(self.cells)})", repr(name))

    def path(self, key: str, path: str | None) -> Iterator[Problem]:
        """`path` is well formed and begins with a name that the starter binds."""
        if path is None:
            return
        match = _PATH.fullmatch(path)
        if match is None:
            yield self.problem(key, "a path such as x, x.grad or parts[0]", repr(path))
        elif match["name"] not in self.assigned:
            known = ", ".join(sorted(self.assigned))
            yield self.problem(key, f"a name that the starter has ({known})", repr(match["name"]))

    def roles(self, key: str, roles: Mapping[str, Role]) -> Iterator[Problem]:
        """Each role is a value after a cell, or a field of an event."""
        for name, role in roles.items():
            at = f"{key}.{name}"
            moment = role.cell is not None and role.value is not None
            event = role.event is not None and role.field is not None
            if moment == event or (moment and (role.event or role.field)):
                yield self.problem(at, "either cell and value, or event and field", "not so")
            yield from self.cell(f"{at}.cell", role.cell)
            yield from self.path(f"{at}.value", role.value)
            if role.event is not None and role.event not in self.exercise.events:
                yield self.problem(f"{at}.event", "one of [events.*]", repr(role.event))

    def function(
        self, key: str, name: str, check: Check, given: tuple[str, ...]
    ) -> Iterator[Problem]:
        """`name` is a reference function whose parameters are known roles."""
        yield from self.there(key, name)
        parameters = self.files.functions.get(name, ())
        roles = {*given, *self.exercise.roles, *check.roles}
        for parameter in parameters:
            if parameter not in roles:
                yield self.problem(
                    key, f"a role for every parameter of {name}", f"none for {parameter!r}"
                )

    def there(self, key: str, name: str) -> Iterator[Problem]:
        """`name` is a reference function."""
        if name not in self.files.functions:
            known = ", ".join(self.files.functions) or "none"
            yield self.problem(key, f"a function of reference.py ({known})", repr(name))

    def called(self, key: str, name: str, given: tuple[str, ...]) -> Iterator[Problem]:
        """The reference function `name` has the parameters that a call gives it, and no others."""
        parameters = self.files.functions.get(name)
        if parameters is not None and set(parameters) != set(given):
            yield self.problem(
                key, f"the parameters of {name} ({', '.join(parameters)})", ", ".join(given)
            )

    def draw(self, key: str, draw: Draw) -> Iterator[Problem]:
        """A draw can be made."""
        if draw.dtype not in _DTYPES:
            yield self.problem(f"{key}.dtype", f"one of {', '.join(_DTYPES)}", repr(draw.dtype))
        if any(size < 0 for size in draw.shape) or math.prod(draw.shape) > 100_000:
            yield self.problem(f"{key}.shape", "sizes of 100,000 elements at most", f"{draw.shape}")
        if draw.draw == "choice" and not draw.values:
            yield self.problem(f"{key}.values", "values to choose from", "none")
        if draw.draw in ("uniform", "sorted", "integers") and not draw.low < draw.high:
            yield self.problem(f"{key}.low", "less than high", f"{draw.low} and {draw.high}")


def _outcomes(draw: Draw) -> float:
    """How many tensors may be drawn, roughly; infinity for real numbers."""
    size = min(math.prod(draw.shape), 64)
    if draw.draw == "choice":
        return len(draw.values)
    if draw.dtype == "bool":
        return 2.0**size
    if draw.draw == "integers" or draw.dtype.startswith("int"):
        width = 4 * draw.scale if draw.draw == "normal" else draw.high - draw.low
        return max(width, 1.0) ** size
    return math.inf if size else 1

"""What the page shows, as data: every text is in its language, every stranger's text is bounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite

from markupsafe import Markup, escape

from grader.model.result import ExerciseResult, Finding, Shown, Tolerance, Worst
from grader.model.submission import Message
from grader.report.inert import one_line
from grader.report.language import has, number, param, text
from grader.report.pictures.curves import curves
from grader.report.pictures.heat import heat
from grader.report.pictures.svg import Picture
from grader.report.prose import sentence, title_markup
from grader.report.texts import naming_parts, title
from grader.report.values import flat, marked_up, pair, shape

FEW = 12  # values beside a picture of all
UNCOMPARED = ("check.vary.failed", "check.vary.raised", "check.vary.impossible")
HUGE = 1000  # per cent; beyond it, one says how many times
PASSED = Message("check.passed")
SYMBOLS = {
    "passed": "✓",
    "partial": "◐",
    "failed": "✗",
    "missing": "?",
    "skipped": "–",
    "undecidable": "≈",
    "needs_rerun": "↻",
    "error": "!",
    "not_graded": "–",
}


@dataclass(frozen=True, slots=True)
class State:
    """A status as a reader meets it: never by colour alone."""

    name: str
    symbol: str
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """One row of a comparison."""

    label: str
    value: Markup
    shape: str
    dtype: str
    more: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check."""

    state: State
    title: Markup
    kind: str
    points: str
    message: Markup
    sides: tuple[Side, ...]
    far: Markup
    remarks: Markup
    pictures: tuple[Titled, ...]
    visibility: str
    cell: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Titled:
    """A picture with its heading; `open` where it is shown without being asked for."""

    title: Markup
    picture: Picture
    open: bool = True


@cache
def state(status: str, language: str, kind: str = "status") -> State:
    """The sign and the word for a status of a check, or of an exercise (`kind="exercise"`)."""
    return State(status, SYMBOLS.get(status, "–"), text(f"{kind}.{status}", language))


def points(score: float, max_score: float, language: str) -> str:
    """`2 / 3` as the language writes numbers."""
    return f"{number(score, language)} / {number(max_score, language)}"


def check_view(
    check: Finding, exercise: ExerciseResult, language: str, instructor: bool
) -> CheckView:
    """`check` for the page; what it compared and how is shown unless it simply passed."""
    check = compared(check)
    passed = check.status == "passed"
    named = naming_parts(check.message, exercise, language)
    counted = check.max_score > 0 and check.status != "undecidable"
    return CheckView(
        state=state(check.status, language),
        title=title_markup(title(check.title, check.check, language)),
        kind=text(f"kind.{check.kind}", language) if has(f"kind.{check.kind}") else "",
        points=points(check.score, check.max_score, language) if counted else "",
        message=Markup("") if check.message == PASSED else sentence(named, language),
        sides=() if passed else _sides(check, language),
        far=Markup("") if passed else _far(check, language),
        remarks=Markup("") if passed else Markup(" ").join(_remarks(check, language)),
        pictures=() if passed else _pictures(check, language),
        visibility=text(f"visibility.{check.visibility}", language)
        if instructor and check.visibility != "public"
        else "",
        cell=check.cell,
        line=check.line,
    )


def remarks(tolerance: Tolerance | None, worst: Worst | None, language: str) -> Iterable[Message]:
    """How far off the worst element is, and what was accepted, as messages."""
    if worst is not None and worst.ulp is not None and tolerance is not None:
        place = "[" + ", ".join(str(part) for part in worst.index[:16]) + "]"
        id = "report.worst.element" if worst.index else "report.worst.number"
        yield Message(
            id,
            {
                "index": place,
                "count": int(worst.ulp) if float(worst.ulp).is_integer() else worst.ulp,
                "dtype": tolerance.dtype,
            },
        )
    if tolerance is not None:
        yield Message(
            f"report.tolerance.{tolerance.mode}",
            {
                "absolute": param(tolerance.absolute, language),
                "dtype": tolerance.dtype,
            },
        )


def compared(check: Finding) -> Finding:
    """`check` without numbers that do not tell what is wrong.

    Those of the first run, which was right, beside a second run that did not end; and what rounding
    explains, where it explains everything.
    """
    if check.message.id in UNCOMPARED:
        return replace(check, expected=None, actual=None, tolerance=None, worst=None, plotted=None)
    return replace(check, tolerance=None, worst=None) if check.status == "undecidable" else check


def far(check: Finding, language: str) -> Message | None:
    """The worst place in plain words: both values there, and how far off in per cent."""
    if check.worst is None or check.expected is None or check.actual is None:
        return None
    place = flat(check.worst.index, check.expected.shape)
    both = [shown.values for shown in (check.expected, check.actual)]
    if place is None or any(place >= len(values) for values in both):
        return None
    expected, actual = (values[place] for values in both)
    if not isinstance(expected, int | float) or not isinstance(actual, int | float):
        return None
    if not expected or not isfinite(times := actual / expected):
        return None
    percent = abs(100 * (times - 1))
    index = "[" + ", ".join(str(part) for part in check.worst.index[:16]) + "]"
    said = [number(float(f"{value:.6g}"), language) for value in (expected, actual)]
    id = "report.far.element" if check.worst.index else "report.far.number"
    return Message(
        id if percent <= HUGE else f"{id}.times",
        {
            "index": index,
            "expected": said[0],
            "actual": said[1],
            "percent": float(f"{percent:.3g}"),
            "times": float(f"{times:.3g}"),
        },
    )


def _far(check: Finding, language: str) -> Markup:
    message = far(check, language)
    return Markup("") if message is None else sentence(message, language)


def _pictures(check: Finding, language: str) -> tuple[Titled, ...]:
    """A curve or a heat map of what differs."""
    if check.plotted is not None:
        drawn = curves(check.plotted, language)
        kind = "curves"
    elif check.expected is not None and check.actual is not None and check.worst is not None:
        relative = (check.tolerance.relative if check.tolerance else None) or 0.0
        drawn = heat(check.expected, check.actual, relative, language)
        kind = "heat"
    else:
        return ()
    if drawn is None:
        return ()
    if kind == "heat":
        drawn = replace(drawn, caption=Markup(text("picture.heat.legend", language)))
    return (Titled(Markup(text(f"picture.{kind}.title", language)), drawn),)


def _remarks(check: Finding, language: str) -> Iterable[Markup]:
    for message in remarks(check.tolerance, check.worst, language):
        yield sentence(message, language)


def _sides(check: Finding, language: str) -> tuple[Side, ...]:
    index = check.worst.index if check.worst else None
    shown_ = [_short(one) if check.plotted else one for one in (check.expected, check.actual)]
    relative = (check.tolerance.relative if check.tolerance else None) or 0.0
    both = pair(shown_[0], shown_[1], index, relative)
    sides = []
    for name, shown, lines in zip(("expected", "actual"), shown_, both, strict=True):
        if shown is None:
            continue
        left_out = shown.elements - len(shown.values)
        sides.append(
            Side(
                label=text(f"report.{name}", language),
                value=marked_up(lines) if lines else _nothing(shown.kind, language),
                shape=shape(shown) if shown.dtype else "",
                dtype="" if name == "expected" and _free(check) else _dtype(shown, language),
                more=text("report.more-values", language, count=left_out) if left_out > 0 else "",
            )
        )
    return tuple(sides)


def _short(shown: Shown | None) -> Shown | None:
    """The beginning of a value whose whole is in a picture."""
    return shown if shown is None else replace(shown, values=shown.values[:FEW])


def _dtype(shown: Shown, language: str) -> str:
    return one_line(shown.dtype or text(f"word.{shown.kind}", language), 40)


def _free(check: Finding) -> bool:
    """Whether a float of another precision would do: what is expected is computed in float64."""
    dtypes = [str(one.dtype) for one in (check.expected, check.actual) if one]
    return check.message.id != "check.tensor.dtype" and all("float" in dtype for dtype in dtypes)


def _nothing(kind: str, language: str) -> Markup:
    return escape("None" if kind == "none" else text("report.no-values", language))


def marked_lines(checks: Sequence[Finding], cell: int) -> frozenset[int]:
    """The lines of `cell` that checks which did not pass speak of."""
    return frozenset(
        check.line
        for check in checks
        if check.cell == cell and check.line is not None and check.status != "passed"
    )

"""What the page shows, as data: every text is in its language, every stranger's text is bounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.model.result import Diagnosis, ExerciseResult, Finding, Tolerance, Worst
from grader.model.submission import Message
from grader.report.inert import one_line
from grader.report.language import has, number, param, text
from grader.report.prose import inline, passage, safe_link, sentence, title_markup
from grader.report.texts import DiagnosisText, Texts, naming_checks, title
from grader.report.values import Line, Piece, pair, shape

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
    lines: tuple[Line, ...]
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
    remarks: tuple[Markup, ...]
    visibility: str
    cell: int | None
    line: int | None
    full: bool


@dataclass(frozen=True, slots=True)
class DiagnosisView:
    """One misconception that explains what was found."""

    title: Markup
    message: Markup
    see: str
    confidence: str


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
    passed = check.status == "passed"
    named = naming_checks(check.message, exercise, language)
    counted = check.max_score > 0 and check.status != "undecidable"
    return CheckView(
        state=state(check.status, language),
        title=title_markup(title(check.title, check.check, language)),
        kind=text(f"kind.{check.kind}", language) if has(f"kind.{check.kind}") else "",
        points=points(check.score, check.max_score, language) if counted else "",
        message=Markup("") if check.message == PASSED else sentence(named, language),
        sides=() if passed else _sides(check, language),
        remarks=() if passed else tuple(_remarks(check, language)),
        visibility=text(f"visibility.{check.visibility}", language)
        if instructor and check.visibility != "public"
        else "",
        cell=check.cell,
        line=None if "line" in check.message.params else check.line,
        full=not passed,
    )


def diagnosis_views(
    exercise: ExerciseResult, language: str, texts: Texts, instructor: bool
) -> tuple[DiagnosisView, ...]:
    """The exercise's misconceptions, the likeliest first."""
    ranked = sorted(exercise.diagnoses, key=lambda diagnosis: -diagnosis.confidence)
    return tuple(_diagnosis(diagnosis, language, texts, instructor) for diagnosis in ranked[:3])


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


def _remarks(check: Finding, language: str) -> Iterable[Markup]:
    for message in remarks(check.tolerance, check.worst, language):
        yield sentence(message, language)


def _sides(check: Finding, language: str) -> tuple[Side, ...]:
    index = check.worst.index if check.worst else None
    both = pair(check.expected, check.actual, index)
    sides = []
    for name, shown, lines in zip(
        ("expected", "actual"), (check.expected, check.actual), both, strict=True
    ):
        if shown is None:
            continue
        left_out = shown.elements - len(shown.values)
        sides.append(
            Side(
                label=text(f"report.{name}", language),
                lines=lines or _nothing(shown.kind, language),
                shape=shape(shown) if shown.dtype else "",
                dtype=one_line(shown.dtype or shown.kind, 40),
                more=text("report.more-values", language, count=left_out) if left_out > 0 else "",
            )
        )
    return tuple(sides)


def _nothing(kind: str, language: str) -> tuple[Line, ...]:
    return ((Piece("None" if kind == "none" else text("report.no-values", language)),),)


def _diagnosis(
    diagnosis: Diagnosis, language: str, texts: Texts, instructor: bool
) -> DiagnosisView:
    found = texts.get(diagnosis.id) or DiagnosisText(text("diagnosis.unknown", language))
    percent = round(100 * diagnosis.confidence)
    return DiagnosisView(
        title=inline(found.title, diagnosis.params, language),
        message=passage(found.message, diagnosis.params, language),
        see=safe_link(found.see),
        confidence=text("report.confidence", language, percent=percent) if instructor else "",
    )


def marked_lines(checks: Sequence[Finding], cell: int) -> frozenset[int]:
    """The lines of `cell` that checks which did not pass speak of."""
    return frozenset(
        check.line
        for check in checks
        if check.cell == cell and check.line is not None and check.status != "passed"
    )

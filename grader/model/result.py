"""Verdicts, and the result that is written out (`schema: 1`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from grader.model.observation import RunInfo
from grader.model.submission import Message

CheckStatus = Literal[
    "passed", "failed", "skipped", "missing", "undecidable", "needs_rerun", "error"
]
ExerciseStatus = Literal["passed", "partial", "failed", "missing", "not_graded"]
Audience = Literal["student", "instructor"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it is shown: at most 64 elements of `values`, in C order, `elements` in all.

    Real numbers are floats (or ints, bools); complex ones are [re, im]; NaN and infinities are the
    strings `nan`, `inf`, `-inf`, because JSON has no such numbers. Text is one string.
    """

    kind: str
    dtype: str | None = None
    shape: tuple[int, ...] = ()
    values: tuple[float | int | bool | str | tuple[float | str, float | str], ...] = ()
    elements: int = 0


@dataclass(frozen=True, slots=True)
class Plotted:
    """Both sides of a comparison for a picture, place by place, 80 places at most.

    `at` holds a curve's x, or a vector's indices. None stands for NaN and infinities.
    """

    at: tuple[float | None, ...]
    expected: tuple[float | None, ...]
    actual: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The tolerance that was used at the worst element.

    Attributes:
        absolute: |actual − expected| up to this is accepted.
        relative: the same, divided by |expected| (None where expected is 0).
        mode: `elementwise`, `normwise` or `exact`.
        floor, gap, spread: the three candidates whose largest it is, absolute.
        dtype: the precision in which the comparison was made.
    """

    absolute: float
    relative: float | None
    mode: Literal["elementwise", "normwise", "exact"]
    floor: float
    gap: float
    spread: float
    dtype: str


@dataclass(frozen=True, slots=True)
class Worst:
    """The element that is farthest off: its index, and the distance in ULP of `Tolerance.dtype`."""

    index: tuple[int, ...]
    ulp: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `score` is what it earned; nothing is earned by default.

    `cell` is the index into `Submission.cells` that the finding speaks of, and `line` the line
    in it (1-based), where known. `plotted` is there for a curve or a long vector that differs.
    """

    check: str
    kind: str
    status: CheckStatus
    score: float
    max_score: float
    visibility: Literal["public", "after_due", "hidden"]
    message: Message
    expected: Shown | None = None
    actual: Shown | None = None
    tolerance: Tolerance | None = None
    worst: Worst | None = None
    cell: int | None = None
    line: int | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    plotted: Plotted | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A misconception that explains findings: id in the catalogue, 0 < confidence ≤ 1, evidence.

    `params` fill the misconception's texts; `checks` are the findings that it explains.
    """

    id: str
    confidence: float
    checks: tuple[str, ...]
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExerciseResult:
    """One exercise's verdict.

    `spec` is the digest of the exercise that it was judged by, and `asked` what its run was asked:
    `call:` and a check's id → digest of its calls, `vary` → of the varied inputs, `cells` → of the
    cells.

    `diagnoses` explain all of the checks. `for_students` holds what is told to those who see only
    some of them: `public`, before the due time, and `after_due`; each is made from the checks that
    are seen then, as if there were no others. Where all are seen, a stage is not there. `basis` is
    a digest of what they were made by and from, the run and the findings aside.

    `parts` is what the exercise's text calls its cells: name → language → heading.
    """

    id: str
    title: Mapping[str, str]
    score: float
    max_score: float
    status: ExerciseStatus
    checks: tuple[Finding, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    spec: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    for_students: Mapping[str, tuple[Diagnosis, ...]] = field(default_factory=dict)
    basis: str = ""
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of grading one submission."""

    assignment: str
    spec_hash: str
    released_hash: str | None
    student: str | None
    language: str
    seed: int
    audience: Audience
    as_of: str | None
    status: Literal["graded", "not_graded"]
    reason: str | None
    score: float
    max_score: float
    exercises: tuple[ExerciseResult, ...]
    run: RunInfo
    notices: tuple[Message, ...] = ()
    cells: tuple[tuple[int, str, float], ...] = field(default=())

    @property
    def unwalled(self) -> bool:
        """Whether a notebook ran, and nothing kept it away from who graded it."""
        ran = self.run.status != "refused" and self.status == "graded"
        return ran and not self.run.isolation

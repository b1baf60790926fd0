"""Exercises and checks as the items of a test: how hard they are, and whom they tell apart.

Classical test theory (Lord & Novick, Statistical Theories of Mental Test Scores, 1968):

- **Difficulty** is the mean share of an item's points that was earned, p; of an item that is right
  or wrong this is the share that passed. A high p is an easy item.
- **Discrimination** is the correlation of an item with the rest of the test, the item itself left
  out, because an item correlates with a total that it is a part of (Henrysson, Correction of
  item-total correlations in item analysis, Psychometrika 28, 1963, 211–218). For an item that is
  right or wrong, Pearson's coefficient is the point-biserial one.

Ebel & Frisbie (Essentials of Educational Measurement, 5th ed. 1991) call an item below 0.20 poor,
to be rejected or revised; a negative one says that those who are good at the rest fail it, which is
often a mistake of the item. The standard error of a correlation of nothing with nothing is
1/√(n − 1), 0.19 for 30 answers: below `FEW` answers nothing is said about discrimination.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from grader.classroom.line import CheckLine, ExerciseLine, Line, Titles

Outcome = Literal["passed", "partial", "failed", "skipped", "missing", "open"]
Note = Literal["reversed", "weak", "everybody", "nobody"]

FEW = 30
POOR = 0.2


@dataclass(frozen=True, slots=True)
class Item:
    """An exercise, or one of its checks.

    Attributes:
        check: "" for the exercise as a whole.
        counts: how many answers came to what; `open` ones are in no figure below.
        n: of how many answers it is known what they earned.
        difficulty: mean share of the points that they earned, 0 to 1; None of no answer.
        discrimination: correlation with the share of points earned in all the rest, −1 to 1; None
            where either does not vary.
        note: what is worth a look: `reversed` (negative), `weak` (below 0.2), or that `everybody`
            or `nobody` has it right, so that it tells nobody apart.
        checks: of an exercise.
    """

    exercise: str
    check: str
    title: Titles
    counts: Mapping[Outcome, int]
    n: int
    difficulty: float | None
    discrimination: float | None
    note: Note | None
    checks: tuple[Item, ...] = ()


# what one student has of an item: outcome, value, and (earned, highest) points of it
_Points = tuple[float, float]
_Answer = tuple[Outcome, float | None, _Points]
_NOTHING = (0.0, 0.0)


def items(lines: Iterable[Line]) -> tuple[Item, ...]:
    """The exercises, in the assignment's order, of all who handed in something that could be run.

    What a check could not be asked about because an earlier one failed (`skipped`), and what is
    not there (`missing`), earned nothing; what nobody has decided is left out. The rest of a
    check are all other checks, by what each earned; the rest of an exercise are the others.
    """
    wholes: dict[str, _Column] = {}
    parts: dict[str, dict[str, _Column]] = {}
    for line in lines:
        if not line.answered:
            continue
        answers = [_whole(one) for one in line.exercises]
        checks = [[_part(check) for check in one.checks] for one in line.exercises]
        all_, all_checks = _sum(answers), _sum(part for mine in checks for part in mine)
        for one, answer, mine in zip(line.exercises, answers, checks, strict=True):
            if one.id not in wholes:
                wholes[one.id], parts[one.id] = _Column(one.title), {}
            wholes[one.id].add(answer, all_)
            columns = parts[one.id]
            for check, part in zip(one.checks, mine, strict=True):
                if check.id not in columns:
                    columns[check.id] = _Column(check.title)
                columns[check.id].add(part, all_checks)
    return tuple(
        column.item(
            (exercise, ""),
            tuple(part.item((exercise, check)) for check, part in parts[exercise].items()),
        )
        for exercise, column in wholes.items()
    )


class _Column:
    """The answers to one item, and what was earned in all the rest beside each."""

    def __init__(self, title: Titles) -> None:
        self._title = title
        self._counts: Counter[Outcome] = Counter()
        self._values: list[float] = []
        self._pairs: list[tuple[float, float]] = []

    def add(self, answer: _Answer, all_: _Points) -> None:
        outcome, value, own = answer
        self._counts[outcome] += 1
        if value is None:
            return
        self._values.append(value)
        earned, most = all_[0] - own[0], all_[1] - own[1]
        if most > 1e-9:  # there is a rest
            self._pairs.append((value, earned / most))

    def item(self, id: tuple[str, str], checks: tuple[Item, ...] = ()) -> Item:
        n = len(self._values)
        difficulty = statistics.fmean(self._values) if n else None
        discrimination = correlation(self._pairs)
        return Item(
            exercise=id[0],
            check=id[1],
            title=self._title,
            counts=MappingProxyType(dict(self._counts)),
            n=n,
            difficulty=difficulty,
            discrimination=discrimination,
            note=_note(n, difficulty, discrimination),
            checks=checks,
        )


def _sum(answers: Iterable[_Answer]) -> _Points:
    points = [points for _, _, points in answers]
    return sum(earned for earned, _ in points), sum(most for _, most in points)


def _whole(one: ExerciseLine) -> _Answer:
    if one.value is None:
        return "open", None, _NOTHING
    outcome = _outcome(one.value, "missing" if one.status == "missing" else "failed")
    return outcome, one.value, (one.score, one.max_score)


def _part(check: CheckLine) -> _Answer:
    if check.value is None:
        return "open", None, _NOTHING
    nothing: Outcome = check.status if check.status in ("skipped", "missing") else "failed"
    return _outcome(check.value, nothing), check.value, (check.value * check.points, check.points)


def _outcome(value: float, nothing: Outcome) -> Outcome:
    if value <= 0:
        return nothing
    return "passed" if value >= 1 - 1e-9 else "partial"


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's coefficient; None of fewer than two pairs, or where one side does not vary.

    With one side in {0, 1} it is the point-biserial coefficient.
    """
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    if not pairs or max(xs) - min(xs) < 1e-9 or max(ys) - min(ys) < 1e-9:
        return None
    return statistics.correlation(xs, ys)


def _note(n: int, difficulty: float | None, discrimination: float | None) -> Note | None:
    if n < 2 or difficulty is None:
        return None
    if difficulty <= 1e-9:
        return "nobody"
    if difficulty >= 1 - 1e-9:
        return "everybody"
    if n < FEW or discrimination is None:
        return None
    if discrimination < 0:
        return "reversed"
    return "weak" if discrimination < POOR else None

"""What was drawn: curves pooled over figures and axes, labels, legend, density. Never pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from grader.check import curves
from grader.check.curves import Drawn, drawn, from_autograd, pooled
from grader.check.outcome import Answers, Outcome, absent, equal, failed, missing, passed
from grader.check.plotted import distance, paired
from grader.check.roles import key
from grader.check.view import Absent, View
from grader.model.exercise import FigureCheck
from grader.model.expectation import Expectation, Request
from grader.model.observation import Axes
from grader.model.result import Plotted


def requests(view: View, check: FigureCheck) -> tuple[Request, ...]:
    """Each wanted curve's reference at the x of each drawn curve."""
    return tuple(
        Request(
            key=_key(view, check, wanted, candidate),
            exercise=view.exercise.id,
            function=curve.expect,
            roles={"x": one.x_value},
            dtype=curves.DTYPE,
            actual=one.value,
        )
        for candidate, one in enumerate(drawn(view, check))
        for wanted, curve in enumerate(check.curves)
    )


def _key(view: View, check: FigureCheck, wanted: int, candidate: int) -> str:
    return key(view, check, f"{wanted}/{candidate}")


def judge(view: View, check: FigureCheck, answers: Answers) -> Outcome:
    """The curves first, then their points and range, then the words around them."""
    axes = pooled(view, check)
    candidates = drawn(view, check)
    if not any(one.curves for _, one in axes):
        return _nothing(view, check)
    cell = axes[-1][0]
    count = sum(len(one.curves) for _, one in axes)
    if count < check.min_curves:
        return failed("check.figure.curves", cell, actual=count, expected=check.min_curves)
    outcome, matched = _curves(view, check, candidates, answers)
    if not outcome.passed:
        return replace(outcome, cell=cell if outcome.cell is None else outcome.cell)
    looked = matched or _largest(view, check, candidates)
    words = tuple(one for _, one in axes)
    return replace(_extent(check, looked) or _words(check, words) or passed(), cell=cell)


def _largest(view: View, check: FigureCheck, candidates: Sequence[Drawn]) -> list[Drawn]:
    """The curves that come nearest to what is asked for, as many as the cell's checks ask for.

    More may be drawn, a detail or a zero line: neither do they fall short for the others, nor do
    they stand in for them.
    """
    asked = [
        max(len(one.curves), one.min_curves)
        for one in view.exercise.checks
        if isinstance(one, FigureCheck) and one.cell == check.cell
    ]
    best = sorted(candidates, key=lambda one: (_extent(check, [one]) is None, one.x.size))
    return best[-max(1, *asked) :]


def _nothing(view: View, check: FigureCheck) -> Outcome:
    if view.own_names:
        if not check.own_names:
            return missing("check.own_names")
        return missing("check.figure.none")
    moment = view.moment(check.cell)
    if isinstance(moment, Absent):
        return absent(moment)
    if "figures" in moment.truncated:
        return failed("check.figure.bound", moment.cell)
    return missing("check.figure.none", moment.cell)


def _curves(
    view: View, check: FigureCheck, candidates: Sequence[Drawn], answers: Answers
) -> tuple[Outcome, list[Drawn]]:
    """Each wanted curve matched by another drawn one."""
    events = view.events_of_exercise()
    fits: list[list[int]] = []
    for wanted, curve in enumerate(check.curves):
        outcomes = [
            equal(one.value, answers.get(_key(view, check, wanted, i)), curves.DTYPE, "y", one.cell)
            for i, one in enumerate(candidates)
        ]
        fault = next((o for o in outcomes if o.status == "error"), None)
        if fault is not None:
            return fault, []
        alike = [i for i, outcome in enumerate(outcomes) if outcome.passed]
        if not alike:
            undecided = next((o for o in outcomes if o.status == "undecidable"), None)
            wrong = failed("check.figure.no_curve", index=wanted + 1, drawn=len(candidates))
            left = [i for i in range(len(candidates)) if not any(i in fit for fit in fits)]
            plotted = _nearest(
                [(candidates[i], answers.get(_key(view, check, wanted, i))) for i in left]
            )
            return undecided or replace(wrong, plotted=plotted), []
        if curve.from_autograd:
            alike = [i for i in alike if from_autograd(candidates[i], events)]
            if not alike:
                return failed("check.figure.not_autograd", index=wanted + 1), []
        fits.append(alike)
    taken = curves.match(fits, None)
    if taken is None:
        index, count = len(check.curves), len(candidates)
        return failed("check.figure.no_curve", index=index, drawn=count), []
    if check.same_x and len(fits) > 1:
        taken = curves.match(fits, _shared(candidates))
        if taken is None:
            return failed("check.figure.other_x"), []
    return passed(), [candidates[i] for i in taken]


def _nearest(answered: Iterable[tuple[Drawn, Expectation | None]]) -> Plotted | None:
    """The wanted curve beside the one that comes nearest to it."""
    made = (
        paired(one.x, answer.exact, one.value)
        for one, answer in answered
        if answer is not None and answer.exact is not None
    )
    return min((each for each in made if each is not None), key=distance, default=None)


def _shared(candidates: Sequence[Drawn]) -> dict[tuple[int, int], bool]:
    numbered = list(enumerate(candidates))
    return {(i, j): curves.alike(a.x, b.x) for i, a in numbered for j, b in numbered}


def _extent(check: FigureCheck, looked: Sequence[Drawn]) -> Outcome | None:
    """Whether the curves have points enough and span the range, to within one step."""
    for one in looked:
        if one.x.size < check.min_points:
            return failed("check.figure.points", actual=one.x.size, expected=check.min_points)
    if check.covers is None:
        return None
    low, high = check.covers
    for one in looked:
        x = one.x[np.isfinite(one.x)]
        if not x.size:
            return failed("check.figure.range", low=low, high=high)
        step = float(x.max() - x.min()) / max(x.size - 1, 1)
        step = min(step * 1.001, (high - low) / 4)
        if x.min() > low + step or x.max() < high - step:
            return failed("check.figure.range", low=low, high=high)
    return None if looked else failed("check.figure.range", low=low, high=high)


def _words(check: FigureCheck, axes: Sequence[Axes]) -> Outcome | None:
    for wanted, there, id in (
        (check.legend, any(one.legend for one in axes), "legend"),
        (check.xlabel, any(one.xlabel.strip() for one in axes), "xlabel"),
        (check.ylabel, any(one.ylabel.strip() for one in axes), "ylabel"),
        (check.title_text, any(one.title.strip() for one in axes), "title"),
    ):
        if wanted and not there:
            return failed(f"check.figure.{id}")
    return None

"""The curve covers a part of the range that was asked for."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import array
from grader.diagnose.facts import Facts
from grader.model.exercise import FigureCheck
from grader.model.result import Diagnosis

_EDGE = 0.01  # of the range: what rounding and margins may add


def match(facts: Facts) -> Diagnosis | None:
    """A drawn curve ends before the range does, or begins after it, and lies in it."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if finding.message.id != "check.figure.range" or not isinstance(check, FigureCheck):
            continue
        drawn = [
            x
            for cell in facts.cells()
            for figure in cell.figures
            for axes in figure.axes
            for curve in axes.curves
            if (x := array(curve.x)) is not None and np.isfinite(x).any()
        ]
        if not drawn or check.covers is None:
            continue
        slack = _EDGE * (check.covers[1] - check.covers[0])
        spans = [(float(np.nanmin(x)), float(np.nanmax(x))) for x in drawn]
        short = [
            (low, high)
            for low, high in spans
            if low > check.covers[0] + slack or high < check.covers[1] - slack
        ]
        if not short:
            continue
        low, high = max(short, key=lambda span: span[1] - span[0])
        if low == high or low < check.covers[0] - slack or high > check.covers[1] + slack:
            continue  # moved somewhere else: that is another mistake
        params = {
            "low": f"{low:.4g}",
            "high": f"{high:.4g}",
            "wanted": f"{check.covers[0]:.4g} … {check.covers[1]:.4g}",
        }
        return Diagnosis("half-a-period", 0.95, (finding.check,), params)
    return None

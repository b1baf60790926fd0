"""The curve covers a part of the range that was asked for."""

from __future__ import annotations

import numpy as np

from grader.diagnose.facts import Facts
from grader.diagnose.trials import array
from grader.model.exercise import FigureCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A drawn curve ends before the range does, or begins after it."""
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
        widest = max(drawn, key=lambda x: float(np.nanmax(x) - np.nanmin(x)))
        params = {
            "low": f"{float(np.nanmin(widest)):.4g}",
            "high": f"{float(np.nanmax(widest)):.4g}",
            "wanted": f"{check.covers[0]:.4g} … {check.covers[1]:.4g}",
        }
        return Diagnosis("half-a-period", 0.95, (finding.check,), params)
    return None

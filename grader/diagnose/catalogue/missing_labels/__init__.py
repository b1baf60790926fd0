"""A figure without a legend, or with axes without names."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

_CALLS = {
    "check.figure.legend": "plt.legend()",
    "check.figure.xlabel": "plt.xlabel(...)",
    "check.figure.ylabel": "plt.ylabel(...)",
    "check.figure.title": "plt.title(...)",
}


def match(facts: Facts) -> Diagnosis | None:
    """The figure is there and is not labelled; not where its cell stopped before that."""
    stopped = {cell.cell for cell in facts.cells() if cell.error is not None}
    for finding in facts.wrong:
        missing = _CALLS.get(finding.message.id)
        if missing is not None and finding.cell not in stopped:
            params = {"missing": missing}
            return Diagnosis("missing-labels", 0.8, (finding.check,), params)
    return None

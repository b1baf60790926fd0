"""A sum where a mean was asked for: too large by the number of what was added."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.diagnose.source import calls, helpers, loops
from grader.diagnose.trials import Trial, by_check, counts, ratio, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """n times what is expected, n the number of elements, rows or parts."""
    mended = [t for repair in facts.repairs if repair.id == "sum-for-mean" for t in repair.trials]
    found: list[Trial] = []
    summed = bool(mended)
    for id, group in by_check((*facts.trials, *facts.alone)).items():
        check = facts.checks.get(id)
        wrong = [trial for trial in group if not trial.right]
        if not wrong or not isinstance(check, TensorCheck | CallCheck):
            continue
        ratios = [ratio(trial) for trial in wrong]
        if all(r is not None and _is_count(r, t) for r, t in zip(ratios, wrong, strict=True)):
            code = facts.code.trees(check.cell) if isinstance(check, TensorCheck) else ()
            code_of_call = helpers(facts.code, facts.code.answer(check))
            summed |= "sum" in calls(*code, *code_of_call)
            adds = "sum" in calls(*code, *code_of_call) or loops(*code, *code_of_call)
            if adds or len({round(r) for r in ratios if r is not None}) > 1:
                found += wrong
    shown = (*found, *mended)
    if not shown:
        return None
    factor = ratio(found[0]) if found else None
    # A loop may also be passes that were added up.
    return told(
        "sum-for-mean", 0.91 if summed else 0.89, shown, count=round(factor) if factor else "n"
    )


def _is_count(factor: float, trial: Trial) -> bool:
    if (trial.dtype or "").startswith(("int", "uint", "bool")):
        return False  # no mean was asked for: that is seldom a whole number
    return factor > 1.5 and any(abs(factor - n) < 1e-3 * n for n in counts(trial))

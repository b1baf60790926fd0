"""A path, a variable or a few rows were left out of a sum."""

from __future__ import annotations

from grader.diagnose.arrays import alike, total
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.trials import Trial, by_check, ratio, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """One term more mends the formula; or all parts were added up and parts are too few."""
    mended = [repair for repair in facts.repairs if repair.id == "missing-term"]
    if mended:
        trials = [trial for repair in mended for trial in repair.trials]
        return told("missing-term", 0.91, trials, after=mended[0].after)
    found: list[Trial] = []
    for group in by_check(facts.trials).values():
        wrong = [trial for trial in group if not trial.right and trial.here]
        if wrong and all(_parts(trial) for trial in wrong):
            found += wrong
    # Where what is added up is wrong itself, there may be parts enough.
    found = [trial for trial in found if not facts.causes.get(trial.check)]
    if not found:
        return None
    calls = [t for t in facts.trials if not t.right and not t.names and t not in found]
    if any(facts.causes.get(trial.check) for trial in calls):
        return None
    return told("missing-term", 0.92, (*found, *calls), after="…")


def _parts(trial: Trial) -> bool:
    """The answer is the sum of what several passes gave, and each of them was needed."""
    gave = [given(event) for event in trial.here if event.error is None and event.api == "grad"]
    for id in gave[0] if gave else ():
        parts = [one[id] for one in gave if id in one and one[id].shape == trial.actual.shape]
        for count in range(2, len(parts) + 1):
            for start in (0, len(parts) - count):
                if alike(total(parts[start : start + count]), trial.actual):
                    return ratio(trial) is None
    return False

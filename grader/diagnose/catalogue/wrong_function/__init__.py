"""Already the value is another: another function was written, and differentiated rightly."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, alike, array, given, told
from grader.model.exercise import CallCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A value that is no gradient differs; or a pass gave what was stored, of something else."""
    wrong = [trial for trial in facts.trials if not trial.right]
    values = [t for t in wrong if not facts.about_gradient_of(t.check) and t.result is None]
    gradients = [t for t in wrong if t not in values and _by_pass(facts, t)]
    if not values and not gradients:
        return None
    first = (*values, *gradients)
    return told("wrong-function", 0.6 if values else 0.5, first)


def _by_pass(facts: Facts, trial: Trial) -> bool:
    """Whether the answer is what a pass gave, with the weights that were asked for."""
    if isinstance(facts.checks.get(trial.check), CallCheck):
        return trial.result is None
    return any(
        alike(one, trial.actual) for event in trial.passes for one in given(event).values()
    ) or any(
        alike(array(leaf.after), trial.actual) for event in trial.passes for leaf in event.leaves
    )

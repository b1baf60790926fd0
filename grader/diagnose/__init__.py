"""Names the misconceptions that explain what checks found.

    diagnose(exercise, submission, capture, expectations, findings)   at most 3, surest first
    texts(id, language)                                               what to say about one

The catalogue is a package of packages: a folder a misconception, with a matcher
`match(facts) -> Diagnosis | None` and its texts.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache

from grader.diagnose import catalogue
from grader.diagnose.facts import Facts
from grader.diagnose.words import filled, texts
from grader.model.exercise import Exercise
from grader.model.expectation import Expectation
from grader.model.observation import Capture
from grader.model.result import Diagnosis, Finding
from grader.model.submission import Submission

__all__ = ["diagnose", "filled", "ids", "texts"]

Matcher = Callable[[Facts], Diagnosis | None]
_MOST = 3


@cache
def _matchers() -> Mapping[str, Matcher]:
    names = sorted(module.name for module in pkgutil.iter_modules(catalogue.__path__))
    prefix = catalogue.__name__
    return {
        name.replace("_", "-"): importlib.import_module(f"{prefix}.{name}").match for name in names
    }


def ids() -> tuple[str, ...]:
    """The ids of all known misconceptions."""
    return tuple(_matchers())


def diagnose(
    exercise: Exercise,
    submission: Submission,
    capture: Capture,
    expectations: Mapping[str, Expectation],
    findings: tuple[Finding, ...],
) -> tuple[Diagnosis, ...]:
    """The likeliest misconceptions, surest first; none where nothing went wrong."""
    checks = {check.id: check for check in exercise.checks}
    facts = Facts(exercise, submission, capture, findings, checks, expectations)
    if not facts.wrong:
        return ()
    found = [one for match in _matchers().values() if (one := match(facts)) is not None]
    return tuple(sorted(found, key=lambda one: (-one.confidence, one.id))[:_MOST])

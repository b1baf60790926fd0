"""Names the misconceptions that explain what checks found.

    diagnose(exercise, submission, capture, expectations, findings)   at most 2, surest first
    diagnose_in_stages(…, stages)                                     and for those who see less
    basis(…), evidence(findings), same_evidence(findings, others)     what these hang on
    ids()                                                             all that are known
    texts(id, language)                                               what to say about one

The catalogue is a package of packages: a folder a misconception, with a matcher
`match(facts) -> Diagnosis | None` and its texts.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache

from grader.diagnose import catalogue, scenes
from grader.diagnose.facts import Facts
from grader.diagnose.grounds import basis, evidence, same_evidence
from grader.diagnose.untouched import attempted
from grader.diagnose.words import filled, plain, snippets, texts
from grader.model.exercise import Exercise, Visibility
from grader.model.expectation import Expectation
from grader.model.observation import Capture
from grader.model.result import Diagnosis, Finding
from grader.model.submission import Submission

__all__ = [
    "basis",
    "diagnose",
    "diagnose_in_stages",
    "evidence",
    "filled",
    "ids",
    "plain",
    "ranked",
    "same_evidence",
    "snippets",
    "texts",
]

Matcher = Callable[[Facts], Diagnosis | None]
_MOST = 2
_LATER = 0.02
_BESIDE = 0.8
_SEEN = 0.97


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
    seen = evidence(findings)
    return _explained(_facts(exercise, submission, capture, expectations, seen))


def diagnose_in_stages(  # noqa: PLR0917
    exercise: Exercise,
    submission: Submission,
    capture: Capture,
    expectations: Mapping[str, Expectation],
    findings: tuple[Finding, ...],
    stages: Mapping[str, Collection[Visibility]],
) -> tuple[tuple[Diagnosis, ...], dict[str, tuple[Diagnosis, ...]]]:
    """What `diagnose` says, and what it says to those who see the checks of some visibilities only.

    A stage is made as if there were no other checks; one at which all are seen is left out.
    """
    shown = evidence(findings)
    whole = _facts(exercise, submission, capture, expectations, shown)
    told: dict[str, tuple[Diagnosis, ...]] = {}
    made: dict[tuple[str, ...], tuple[Diagnosis, ...]] = {}
    for stage, visibilities in stages.items():
        checks = tuple(one for one in exercise.checks if one.visibility in visibilities)
        if len(checks) == len(exercise.checks):
            continue
        names = tuple(one.id for one in checks)
        if names not in made:  # often nothing more is seen after the due time
            seen = tuple(one for one in shown if one.visibility in visibilities)
            alone = replace(exercise, checks=checks)
            part = _facts(alone, submission, capture, expectations, seen)
            made[names] = _explained(replace(part, whole=whole))
        told[stage] = made[names]
    return _explained(whole), told


def _facts(
    exercise: Exercise,
    submission: Submission,
    capture: Capture,
    expectations: Mapping[str, Expectation],
    findings: tuple[Finding, ...],
) -> Facts:
    checks = {check.id: check for check in exercise.checks}
    tried = attempted(exercise, submission, findings)
    facts = Facts(exercise, submission, capture, tried, checks, expectations)
    if not facts.wrong:
        return facts  # nobody will look at it, and most answers are right
    return replace(facts, capture=scenes.narrowed(exercise, submission, capture))


def _explained(facts: Facts) -> tuple[Diagnosis, ...]:
    if not facts.wrong:
        return ()
    found = [one for id in _matchers() if (one := _matched(id, facts)) is not None]
    return ranked(_first_hand(found, facts.causes), tuple(one.check for one in facts.wrong))


def _first_hand(found: list[Diagnosis], causes: Mapping[str, frozenset[str]]) -> list[Diagnosis]:
    """Without what only explains answers of a function where another explains the function itself.

    What a wrong function gave to others says nothing of its own.
    """
    explained = {check for one in found if one.confidence >= _BESIDE for check in one.checks}
    return [
        one
        for one in found
        if not all(causes.get(check, frozenset()) & explained for check in one.checks)
    ]


def _matched(id: str, facts: Facts) -> Diagnosis | None:
    """What one matcher says. Marks do not hang on it: one that fails is logged and passed over."""
    try:
        return _matchers()[id](facts)
    except Exception:
        logging.getLogger(__name__).exception("the matcher of %s failed", id)
        return None


def ranked(found: list[Diagnosis], wrong: tuple[str, ...] = ()) -> tuple[Diagnosis, ...]:
    """Surest first; of those about as sure, what explains the first thing that went wrong.

    What surer ones explain already is not explained once more: a general name (`constant-factor`)
    goes where a special one (`mean-for-sum`) says why, a consequence goes where its cause does, and
    of two that explain the same numbers one only can be true. Beside another stands only what is
    likely in itself. `wrong` are the checks that went wrong, in order: one that was skipped has its
    reason in the one that it waits for, and what only explains that stands for itself only where it
    is likely and nothing likely explains what went wrong. Beside what was seen to happen (inputs
    that were replaced, a `.grad` that nothing filled) nothing more is concluded from its answers.
    """
    first_hand = [one for one in found if set(wrong) & set(one.checks)]
    likely = any(one.confidence >= _BESIDE for one in first_hand)
    beside = [one for one in found if one not in first_hand]
    beside = [one for one in beside if one.confidence >= _BESIDE and not likely]
    kept: list[Diagnosis] = []
    for one in sorted(
        first_hand + beside,
        key=lambda one: (_LATER * (not set(wrong[:1]) & set(one.checks)) - one.confidence, one.id),
    ):
        explained = {check for other in kept for check in other.checks}
        seen = {check for other in kept if other.confidence >= _SEEN for check in other.checks}
        if kept and (one.confidence < _BESIDE or set(one.checks) <= explained):
            continue
        if seen & set(one.checks):
            continue
        kept.append(one)
    return tuple(kept[:_MOST])

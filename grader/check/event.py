"""A pass that happened: `backward` or `autograd.grad`, with what, how it ended, what it gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.check import passes
from grader.check.held import ask, hold
from grader.check.outcome import Answers, Outcome, absent, failed, missing, passed
from grader.check.roles import Attempt, Question, bind, leaves_of, root_of
from grader.check.view import Absent, Found, Seen, View, unusable
from grader.model.exercise import EventCheck, EventSelector
from grader.model.expectation import Request
from grader.model.observation import CellObservation
from grader.model.submission import Message


@dataclass(frozen=True, slots=True)
class _Try:
    """An attempt and its place among those that are judged."""

    number: int
    attempt: Attempt


def requests(view: View, check: EventCheck) -> tuple[Request, ...]:
    """For each attempt: the cotangent and what the leaf was given, as far as they are asked for."""
    return tuple(
        one
        for tried in _tries(view, check)
        for question in (_about_cotangent(view, check, tried), _about_leaf(view, check, tried))
        if question is not None and question.actual.data is not None
        for one in ask(view, check, question)
    )


def _about_cotangent(view: View, check: EventCheck, tried: _Try) -> Question | None:
    seen = tried.attempt.seen
    actual = passes.cotangent(seen.event, root_of(view, check.event, seen))
    if check.gradient is None or actual is None:
        return None
    bound = bind(view, check, check.gradient, tried.attempt)
    return Question(f"{tried.number}/v", check.gradient, bound, actual, "gradient")


def _about_leaf(view: View, check: EventCheck, tried: _Try) -> Question | None:
    leaf = tried.attempt.leaf
    given = passes.given(tried.attempt.seen.event, leaf) if leaf is not None else None
    if check.leaf_gradient is None or given is None:
        return None
    bound = bind(view, check, check.leaf_gradient, tried.attempt)
    part, function = f"{tried.number}/leaf", check.leaf_gradient
    return Question(part, function, bound, given.value, ".grad", before=given.before)


def judge(view: View, check: EventCheck, answers: Answers) -> Outcome:
    """Passed if some attempt meets every expectation; else the nearest attempt is told."""
    tries = tuple(_tries(view, check))
    if not tries:
        return _nothing(view, check)
    nearest: tuple[int, Outcome] | None = None
    for tried in tries:
        met, outcome = _attempt(view, check, tried, answers)
        if outcome.passed:
            return outcome
        if nearest is None or met >= nearest[0]:
            nearest = met, outcome
    return nearest[1] if nearest else _nothing(view, check)


def _tries(view: View, check: EventCheck) -> Iterator[_Try]:
    """The attempts: each selected pass, with each leaf of it where leaves matter.

    Passes that were only counted say nothing of leaves, so those seen in detail come first.
    """
    selector = view.exercise.events.get(check.event)
    selected = passes.select(view, selector) if selector is not None else ()
    seen = [one for one in selected if one.event.detailed] or selected
    apart = check.leaf_gradient is not None

    def size(one: Seen) -> int:
        return max(len(leaves_of(view, check.event, one)), 1) if apart else 1

    attempts: list[Attempt] = []
    for one in passes.spread(seen, size):
        leaves = leaves_of(view, check.event, one)
        if apart and leaves:
            attempts += [Attempt(one, leaf) for leaf in leaves]
        else:
            attempts.append(Attempt(one, leaves[0] if leaves else None))
    for number, attempt in enumerate(attempts):
        yield _Try(number, attempt)


def _nothing(view: View, check: EventCheck) -> Outcome:
    """Why no pass was selected."""
    selector = view.exercise.events.get(check.event)
    if selector is None:
        return Outcome("error", Message("check.not_asked", {"what": check.event}))
    if view.own_names and not selector.own_names:
        return missing("check.own_names")
    if view.own_names or selector.cell is None:
        observed = view.ran(view.cells)
    else:
        moment = view.moment(selector.cell)
        if isinstance(moment, Absent):
            return absent(moment)
        observed = view.ran(view.groups[selector.cell])
    where = observed[-1].cell if observed else None
    if any(_overlooked(observation, selector) for observation in observed):
        total = sum(o.events_total for o in observed)
        return failed("check.event.bound", where, total=total)
    for observation in () if view.own_names else reversed(observed):
        if observation.error is not None:
            error = observation.error
            params = {"type": error.type, "text": error.text[:500]}
            message = Message("check.event.none_after_error", params)
            return Outcome("missing", message, cell=observation.cell, line=error.line)
    return missing("check.event.none", where)


def _overlooked(observation: CellObservation, selector: EventSelector) -> bool:
    """Whether the pass that is asked for may be one that was only counted.

    Those of one line differ in their tensors, not in their kind: for a kind the ones that were seen
    in detail speak for the others.
    """
    if observation.events_total > len(observation.events):
        return True
    kind = selector.root is None and selector.leaf is None and selector.again is None
    known = {(one.line, one.api) for one in observation.events if one.detailed and one.line}
    return any(
        not one.detailed
        and selector.api in (None, one.api)
        and not (kind and (one.line, one.api) in known)
        for one in observation.events
    )


def _attempt(view: View, check: EventCheck, tried: _Try, answers: Answers) -> tuple[int, Outcome]:
    """How many expectations the attempt meets, and its outcome: the first that it does not."""
    seen = tried.attempt.seen
    judges = (_ending, _retained, _filled, _argued)
    outcomes = [outcome for one in judges if (outcome := one(check, seen)) is not None]
    if check.gradient is not None:
        question = _about_cotangent(view, check, tried)
        outcomes.append(_answered(view, check, question, seen, answers))
    if check.leaf_gradient is not None:
        question = _about_leaf(view, check, tried)
        outcomes.append(_answered(view, check, question, seen, answers))
    wrong = [outcome for outcome in outcomes if not outcome.passed]
    outcome = wrong[0] if wrong else (outcomes or [passed()])[-1]
    faults = [o for o in wrong if o.status == "error"]
    met = len(outcomes) - len(wrong)
    return met, replace((faults or [outcome])[0], cell=seen.cell, line=seen.event.line)


def _ending(check: EventCheck, seen: Seen) -> Outcome | None:
    error = seen.event.error
    if check.raised is None and check.succeeded is None:
        return None
    if check.raised is not None:
        if error is None:
            return failed("check.event.not_raised", expected=check.raised)
        if check.raised not in error.text:
            return failed(
                "check.event.other_error",
                expected=check.raised,
                type=error.type,
                text=error.text[:500],
            )
    if check.succeeded and error is not None:
        return failed("check.event.raised", type=error.type, text=error.text[:500])
    if check.succeeded is False and error is None:
        return failed("check.event.not_raised", expected="")
    return passed()


def _retained(check: EventCheck, seen: Seen) -> Outcome | None:
    if check.retain_graph is None:
        return None
    if check.retain_graph == seen.event.retain_graph:
        return passed()
    return failed(f"check.event.must_{'' if check.retain_graph else 'not_'}retain")


def _filled(check: EventCheck, seen: Seen) -> Outcome | None:
    if check.fills_grad is None:
        return None
    event = seen.event
    after = event.returned if event.api == "grad" else [leaf.after for leaf in event.leaves]
    filled = event.error is None and any(value is not None for value in after)
    if filled == check.fills_grad:
        return passed()
    return failed("check.event.fills_nothing" if check.fills_grad else "check.event.fills_grad")


def _argued(check: EventCheck, seen: Seen) -> Outcome | None:
    if check.argument is None:
        return None
    if check.argument == any(gradient is not None for gradient in seen.event.gradients):
        return passed()
    return failed(f"check.event.{'no' if check.argument else 'an'}_argument")


def _answered(
    view: View, check: EventCheck, question: Question | None, seen: Seen, answers: Answers
) -> Outcome:
    if question is None:
        return failed("check.event.no_gradient")
    what = unusable(question.what, Found(question.actual, seen.cell))
    return absent(what) if what else hold(view, check, answers, question, seen.cell)

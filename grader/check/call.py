"""A function that the student wrote, called with hidden inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from grader.check.held import hold
from grader.check.outcome import Answers, Outcome, absent, passed
from grader.check.roles import COTANGENT, Bound, Question, key, request
from grader.check.source import untouched
from grader.check.view import Absent, Found, View, unusable
from grader.model.exercise import CallCheck
from grader.model.expectation import Expectation, Request
from grader.model.observation import CallObservation, Raised
from grader.model.submission import Message
from grader.model.value import Value
from grader.numerics import shown


def call_id(exercise: str, check: str, case: int) -> str:
    """The id of one case in the plan."""
    return f"{exercise}/{check}/{case}"


def requests(view: View, check: CallCheck) -> tuple[Request, ...]:
    """For each case that returned numbers: the result, and each gradient asked for."""
    return tuple(
        request(view, check, question)
        for case in range(len(check.inputs))
        for _, question in _questions(check, case, _observed(view, check, case))
    )


def _observed(view: View, check: CallCheck, case: int) -> CallObservation | None:
    return view.calls.get(call_id(view.exercise.id, check.id, case))


def judge(view: View, check: CallCheck, answers: Answers) -> Outcome:
    """Every case must be right; the first that is not is the one to tell."""
    moment = view.moment(check.cell)
    if isinstance(moment, Absent):
        return absent(moment)
    undecided: Outcome | None = None
    for case in range(len(check.inputs)):
        observed = _observed(view, check, case)
        outcome = _case(view, check, case, observed, answers)
        outcome = replace(outcome, cell=moment.cell if outcome.cell is None else outcome.cell)
        if outcome.status == "undecidable":
            undecided = undecided or outcome
        elif not outcome.passed:
            return outcome
    return undecided or passed(moment.cell)


def _case(
    view: View, check: CallCheck, case: int, observed: CallObservation | None, answers: Answers
) -> Outcome:
    if observed is None:
        if view.stopped():
            return Outcome("missing", Message("check.cell.not_run", {"cell": check.cell}))
        return Outcome("needs_rerun", Message("check.not_asked", {"what": check.function}))
    about = {"function": check.function, "inputs": rendered(observed.inputs)}
    if observed.status == "crashed" and (ended := view.broke_off()) is not None:
        return absent(ended)
    if observed.status != "ok":
        stopped = view.unset(check.function, check.cell) if observed.status == "missing" else None
        return _unfinished(check, observed, about) if stopped is None else absent(stopped)
    returned = observed.returned
    if returned is None or returned.kind == "none":
        if untouched(view, check.cell):
            return Outcome("missing", Message("check.cell.empty", {"cell": check.cell}))
        return Outcome("failed", Message("check.call.returned_none", about))
    what = unusable(f"{check.function}({about['inputs']})", Found(returned, 0))
    if what is not None:
        return replace(absent(what), status="failed")
    compared = _compared(view, check, case, observed, answers)
    left = _left(check, observed, about) if compared.status in ("passed", "undecidable") else None
    return left or compared


def _left(check: CallCheck, observed: CallObservation, about: Mapping[str, str]) -> Outcome | None:
    """What is wrong with a call that gave the right numbers."""
    returned = observed.returned
    wanted = check.requires_grad
    if wanted is not None and returned is not None and returned.requires_grad != wanted:
        must = "must" if wanted else "must_not"
        return Outcome("failed", Message(f"check.call.{must}_require_grad", about))
    changed = next((name for name in check.untouched if name in observed.changed), None)
    if changed is not None:
        return Outcome("failed", Message("check.call.changed", {**about, "name": changed}))
    return None


def _unfinished(check: CallCheck, observed: CallObservation, about: Mapping[str, str]) -> Outcome:
    """A call that came to no result."""
    if observed.status == "missing":
        params = {"function": check.function, "cell": check.cell}
        return Outcome("missing", Message("check.call.absent", params))
    if observed.status == "error":
        error = observed.error or Raised("Exception", "")
        params = {**about, "type": error.type, "text": error.text[:500]}
        return Outcome("failed", Message("check.call.raised", params))
    return Outcome("failed", Message(f"check.call.{observed.status}", about))


def _compared(
    view: View, check: CallCheck, case: int, observed: CallObservation, answers: Answers
) -> Outcome:
    """The result, then each gradient of it."""
    about = {"function": check.function, "inputs": rendered(observed.inputs)}
    for name in check.gradients:
        gradient = observed.gradients.get(name)
        if gradient is None or gradient.data is None or gradient.data.shape != gradient.shape:
            return Outcome("failed", Message("check.call.no_gradient", {**about, "name": name}))
    undecided: Outcome | None = None
    expected = _shape(answers.get(key(view, check, _returned(case))))
    for name, question in _questions(check, case, observed, expected):
        outcome = hold(view, check, answers, question, None)
        if name and outcome.message.id == "check.reference.failed":
            # Only a right result is differentiated, so nothing of the student's is to blame.
            broken = Message("check.reference.broken", outcome.message.params)
            outcome = replace(outcome, status="error", message=broken)
        if outcome.status == "undecidable":
            undecided = undecided or outcome
        elif not outcome.passed:
            return _told(outcome, about, name)
    return undecided or passed()


def _told(outcome: Outcome, about: Mapping[str, str], name: str) -> Outcome:
    """A difference with the inputs at which it shows, and the gradient's name if it is one."""
    if outcome.message.id != "check.value.differs":
        return outcome
    if not name:
        return replace(outcome, message=Message("check.call.differs", about))
    message = Message("check.call.gradient_differs", {**about, "name": name})
    return replace(outcome, message=message)


def _questions(
    check: CallCheck,
    case: int,
    observed: CallObservation | None,
    expected: tuple[int, ...] | None = None,
) -> Iterator[tuple[str, Question]]:
    """What of an answered call can be held against the reference: "" or a gradient's name, and it.

    The cotangent that the kernel was given is spread over the result as it was there: in
    `expected`, the shape of the reference's own result, or, while that is not known, in each that
    it may have. A list for a result of more axes is forgiven where no cotangent has to fit both.
    """
    if observed is None or observed.status != "ok" or observed.returned is None:
        return
    returned = observed.returned
    if unusable("", Found(returned, 0)) is not None or returned.data is None:
        return
    what = f"{check.function}({rendered(observed.inputs)})"
    roles: dict[str, Value | None] = {n: observed.inputs.get(n) for n in check.inputs[case]}
    bound = Bound(roles)
    forms = tuple(form for form in _shapes(returned) if expected in (None, form))
    loose = bool(forms) or not check.gradients
    yield "", Question(_returned(case), check.expect, bound, returned, what, loose=loose)
    weights = np.resize(np.asarray(observed.cotangent or (1.0,)), returned.data.size)
    for name, function in check.gradients.items():
        gradient = observed.gradients.get(name)
        if gradient is None or gradient.data is None:
            continue
        for form in forms:
            squeezed = "" if form == returned.shape else "/squeezed"
            part = f"{case}/gradient/{name}{squeezed}"
            cotangent = Value("tensor", returned.dtype, form, weights.reshape(form))
            weighted = Bound(roles | {COTANGENT: cotangent})
            yield name, Question(part, function, weighted, gradient, what)


def _returned(case: int) -> str:
    return f"{case}/returned"


def _shapes(returned: Value) -> tuple[tuple[int, ...], ...]:
    """The shapes that the reference's own result may have, as far as they are forgiven.

    A list of tensors of one element may stand for a vector, or for a column of them.
    """
    squeezed = tuple(n for n in returned.shape if n != 1)
    strict = returned.kind == "tensor" or squeezed == returned.shape
    return (returned.shape,) if strict else (returned.shape, squeezed)


def _shape(answer: Expectation | None) -> tuple[int, ...] | None:
    """The shape of the reference's own result; None where it gave none."""
    return None if answer is None or answer.exact is None else answer.exact.shape


def rendered(inputs: Mapping[str, Value]) -> str:
    """Inputs as a short line: `x=[1, 2.5], n=3`."""
    parts = []
    for name, value in inputs.items():
        parts.append(f"{name}={_short(value)}")
        if value.grad is not None:
            parts.append(f"{name}.grad={_short(value.grad)}")
    return ", ".join(parts)


def _short(value: Value) -> str:
    listed = shown(value).values
    items = [f"{item:.6g}" if isinstance(item, float) else str(item) for item in listed[:8]]
    if not value.shape:
        return items[0] if items else value.kind
    more = ", …" if value.data is not None and value.data.size > 8 else ""
    return f"[{', '.join(items)}{more}]"

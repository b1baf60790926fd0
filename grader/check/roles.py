"""What a reference function's parameters stand for in one run, and the request made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.check import passes
from grader.check.view import Absent, Found, Seen, View, unusable
from grader.model.exercise import CallCheck, CheckBase, EventCheck, Role
from grader.model.expectation import Request
from grader.model.observation import Leaf
from grader.model.submission import Message
from grader.model.value import Value
from grader.numerics import working_dtype

COTANGENT = "cotangent"
"""The parameter of a reference's gradients that no role stands for: what weights the result."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A pass that is being judged, and the leaf of it that roles speak of."""

    seen: Seen
    leaf: Leaf | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """Roles of one request: `values` found, `absent` ones with the reason."""

    values: Mapping[str, Value | None] = field(default_factory=dict)
    absent: Mapping[str, Absent] = field(default_factory=dict)


def bind(view: View, check: CheckBase, function: str, attempt: Attempt | None = None) -> Bound:
    """The values of the roles that `function` has parameters for (of all of them if unknown)."""
    roles = {**view.exercise.roles, **check.roles}
    parameters = view.exercise.functions.get(function)
    values: dict[str, Value | None] = {}
    absent: dict[str, Absent] = {}
    for name, role in roles.items():
        if parameters is not None and name not in parameters:
            continue
        value = _value(view, check, role, attempt)
        if isinstance(value, Value):
            values[name] = value
        elif role.optional and (value is None or value.status == "missing"):
            values[name] = None
        else:
            absent[name] = value or Absent(Message("check.role.absent", {"role": name}))
    return Bound(values, absent)


def _value(
    view: View, check: CheckBase, role: Role, attempt: Attempt | None
) -> Value | Absent | None:
    if role.event is None:
        return _named(view, role.value or "", role.cell or str(getattr(check, "cell", "")))
    own = check.event if isinstance(check, EventCheck) else attempt.event if attempt else None
    if attempt is None or own != role.event:
        selector = view.exercise.events.get(role.event)
        seen = passes.one(view, selector) if selector is not None else None
        attempt = Attempt(seen, leaf_of(view, role.event, seen)) if seen else None
    if attempt is None:
        return Absent(Message("check.event.none"))
    return _usable(role.field or "", _field(view, role, attempt), attempt.seen.cell)


def _named(view: View, path: str, cell: str) -> Value | Absent:
    vary = view.exercise.vary
    if vary is not None and cell == vary.cell and path in view.injected:
        return view.injected[path]  # replaced right after the cell, whenever that was observed
    found = view.find(path, cell)
    if isinstance(found, Absent):
        return found
    return unusable(path, found) or found.value


def _usable(path: str, value: Value | None, cell: int) -> Value | Absent | None:
    return value if value is None else unusable(path, Found(value, cell)) or value


def _field(view: View, role: Role, attempt: Attempt) -> Value | None:
    event, leaf = attempt.seen.event, attempt.leaf
    match role.field:
        case "leaf":
            return leaf.value if leaf else None
        case "before":
            return leaf.before if leaf else None
        case "root":
            index = root_of(view, role.event or "", attempt.seen)
            return event.roots[index] if index < len(event.roots) else None
        case "gradient":
            return passes.cotangent(event, root_of(view, role.event or "", attempt.seen))
        case None:
            return None


def origin(view: View, check: CheckBase, function: str, actual: Value) -> Attempt | None:
    """The last pass that produced `actual` as its leaf's gradient, of those that roles speak of.

    A cell may hold more passes than the one that is asked for: what a student tries out
    afterwards, on another tensor, says nothing of the value that they named.
    """
    roles = {**view.exercise.roles, **check.roles}
    wanted = view.exercise.functions.get(function, tuple(roles))
    events = {roles[name].event for name in wanted if name in roles}
    for event in sorted(name for name in events if name is not None):
        selector = view.exercise.events.get(event)
        if selector is None:
            continue
        for seen in reversed(passes.select(view, selector)):
            for leaf in leaves_of(view, event, seen):
                given = passes.given(seen.event, leaf)
                for gradient in (given.value if given else None, leaf.after):
                    if gradient is not None and _same_numbers(gradient, actual):
                        return Attempt(seen, leaf, event)
    return None


def of_events(view: View, check: CheckBase, function: str) -> bool:
    """Whether a role of `function` is taken from an event."""
    roles = {**view.exercise.roles, **check.roles}
    wanted = view.exercise.functions.get(function, tuple(roles))
    return any(roles[name].event is not None for name in wanted if name in roles)


def _same_numbers(first: Value, second: Value) -> bool:
    if first.data is None or second.data is None or first.data.size != second.data.size:
        return False
    if "b" in (first.data.dtype.kind, second.data.dtype.kind):
        return False
    # a gradient that went through `.item()` or a list of floats is the same one in float32
    left, right = (np.asarray(part.data).ravel() for part in (first, second))
    with np.errstate(all="ignore"):
        return np.array_equal(left.astype(np.complex64), right.astype(np.complex64))


def root_of(view: View, event: str, seen: Seen) -> int:
    """The position of the root that the selector of `event` names; else the first."""
    selector = view.exercise.events.get(event)
    if selector is None or selector.root is None or selector.cell is None or view.own_names:
        return 0
    found = view.find(selector.root, selector.cell)
    return passes.root_index(seen.event, found.value.id if isinstance(found, Found) else None)


def leaves_of(view: View, event: str, seen: Seen) -> tuple[Leaf, ...]:
    """The leaves of a pass that the selector of `event` means: the named one, else large enough."""
    selector = view.exercise.events.get(event)
    leaves = seen.event.leaves[: passes.CANDIDATES]
    if selector is None:
        return leaves
    if selector.leaf is not None and selector.cell is not None and not view.own_names:
        found = view.find(selector.leaf, selector.cell)
        id = found.value.id if isinstance(found, Found) else None
        return tuple(leaf for leaf in leaves if id is not None and leaf.id == id)
    return tuple(leaf for leaf in leaves if passes.elements(leaf.value) >= selector.leaf_elements)


def leaf_of(view: View, event: str, seen: Seen) -> Leaf | None:
    """The one leaf that roles of `event` speak of: the first that the selector means."""
    return next(iter(leaves_of(view, event, seen)), None)


@dataclass(frozen=True, slots=True)
class Question:
    """`actual` against `function` of `roles`; `part` tells a check's questions apart.

    `what` is what the student calls it. `loose`: a container that lost axes of size one is
    forgiven. `before`: what `actual` was added to, whose rounding it carries.
    """

    part: str
    function: str
    bound: Bound
    actual: Value
    what: str
    loose: bool = False
    before: Value | None = None


def request(view: View, check: CheckBase, question: Question) -> Request:
    """The run of the reference that the question needs."""
    return Request(
        key=key(view, check, question.part),
        exercise=view.exercise.id,
        function=question.function,
        roles=question.bound.values,
        dtype=dtype_of(question),
        drawn=_drawn(view, check, question.bound),
        actual=question.actual,
    )


def dtype_of(question: Question) -> str:
    """The precision in which the student worked."""
    values = [value for value in question.bound.values.values() if value is not None]
    return working_dtype([*values, question.actual])


def _drawn(view: View, check: CheckBase, bound: Bound) -> bool:
    """Whether all of a request's values were put in the place of the run's own by the plan.

    A cotangent has the shape of what the student's function returned.
    """
    if isinstance(check, CallCheck):
        return COTANGENT not in bound.values
    roles = {**view.exercise.roles, **check.roles}
    vary = view.exercise.vary
    if not bound.values:
        return True
    return vary is not None and all(
        roles[name].event is None
        and (roles[name].cell or getattr(check, "cell", "")) == vary.cell
        and roles[name].value in view.injected
        for name in bound.values
    )


def key(view: View, check: CheckBase, part: str) -> str:
    """A request's key: unique in a grading, the same when asked again."""
    return f"{view.exercise.id}|{view.label}|{check.id}|{part}"


def varied_roles(view: View, check: CheckBase) -> dict[str, str]:
    """Role → the varied name that it is bound to by the name alone."""
    vary = view.exercise.vary
    roles = {**view.exercise.roles, **check.roles}
    names = vary.names if vary is not None else {}
    return {role: b.value for role, b in roles.items() if b.value is not None and b.value in names}


def before_varying(view: View, check: CheckBase, role: str) -> tuple[Value, ...]:
    """Every value that a role could have had in the sealed run that `view` is a variation of."""
    binding = {**view.exercise.roles, **check.roles}.get(role)
    if view.original is None or binding is None:
        return ()
    if binding.event is None:
        value = _value(view.original, check, binding, None)
        return (value,) if isinstance(value, Value) else ()
    selector = view.exercise.events.get(binding.event)
    seen = passes.select(view.original, selector) if selector is not None else ()
    attempts = (
        Attempt(one, leaf)
        for one in seen[-passes.CANDIDATES :]
        for leaf in (*leaves_of(view.original, binding.event, one), None)
    )
    values = (_field(view.original, binding, attempt) for attempt in attempts)
    return tuple(value for value in values if value is not None)

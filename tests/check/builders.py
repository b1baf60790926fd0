"""Small synthetic exercises, submissions and captures; no kernel, no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader import check
from grader.model.exercise import Check, Exercise, Role, TemplateCell, Vary
from grader.model.expectation import Expectation, Request
from grader.model.observation import (
    Axes,
    CallObservation,
    Capture,
    CellObservation,
    Curve,
    Event,
    Figure,
    Leaf,
    Node,
    RunInfo,
    Variation,
)
from grader.model.result import Finding
from grader.model.submission import Submission, SubmittedCell
from grader.model.value import Value, array

NONE = Value("none")
X = [1.0, 2.0, 3.0, 4.0]
Reference = Callable[..., Any]


def tensor(values: Any, dtype: str = "float32", **attributes: Any) -> Value:
    """A tensor with exactly these values, rounded to float32 where that is its dtype."""
    data = np.asarray(values, np.float64)
    if dtype == "float32":
        data = data.astype(np.float32).astype(np.float64)
    return replace(array(data, dtype), **attributes)


def leaf_tensor(values: Any, grad: Any = None, id: int = 1, dtype: str = "float32") -> Value:
    held = None if grad is None else tensor(grad, dtype)
    return tensor(values, dtype, requires_grad=True, leaf=True, id=id, grad=held)


def exercise(
    *checks: Check,
    roles: Mapping[str, Role] | None = None,
    vary: Vary | None = None,
    cells: Sequence[str] = ("inputs", "answer"),
    **more: Any,
) -> Exercise:
    """An exercise with a locked cell `inputs` and answers behind it."""
    return Exercise(
        id="ex",
        title={"en": "Ex"},
        points=sum(one.points for one in checks),
        checks=checks,
        cells=tuple(
            TemplateCell(name=name, source=f"# {name}", locked=name == "inputs") for name in cells
        ),
        roles={"x": Role(cell="inputs", value="x")} if roles is None else roles,
        vary=vary,
        **more,
    )


def submission(
    *sources: str, names: Sequence[str | None] = ("inputs", "answer"), own_names: bool = False
) -> Submission:
    """One code cell a name; None is an extra cell."""
    texts = [*sources, *["y = f(x)"] * (len(names) - len(sources))]
    cells = tuple(
        SubmittedCell(
            index=i,
            kind="code",
            source=texts[i],
            exercise=None if own_names else "ex",
            name=None if own_names else name,
            locked=name == "inputs" and not own_names,
        )
        for i, name in enumerate(names)
    )
    return Submission(cells=cells, own_names=own_names)


def cell(index: int, names: Mapping[str, Value] | None = None, **more: Any) -> CellObservation:
    events = more.get("events", ())
    more = {"status": "ok", "events_total": len(events)} | more
    return CellObservation(index, names=names or {}, **more)


def capture(
    *cells: CellObservation,
    calls: Sequence[CallObservation] = (),
    variations: Sequence[Variation] = (),
) -> Capture:
    run = RunInfo("completed")
    answered = {call.id: call for call in calls}
    return Capture(1, run, cells, answered, tuple(variations))


def event(serial: int = 0, **more: Any) -> Event:
    return Event(serial=serial, **({"api": "backward"} | more))


def backward(
    x: Value,
    given: Any,
    *,
    root: Value | None = None,
    before: Any = None,
    serial: int = 0,
    nodes: Sequence[Node] = (),
    **more: Any,
) -> Event:
    """A pass from a scalar root that gave the leaf x a gradient."""
    total = np.asarray(given, np.float64) + (0.0 if before is None else np.asarray(before))
    reached = Leaf(
        x.id or 0, x, None if before is None else tensor(before), tensor(total, x.dtype or "")
    )
    return event(
        serial,
        roots=(root or tensor(28.0, requires_grad=True, leaf=False, id=9),),
        gradients=more.pop("gradients", (None,)),
        leaves=(reached,),
        nodes=tuple(nodes),
        **more,
    )


def figure(*curves: tuple[Any, Any], legend: Sequence[str] | None = None, **words: str) -> Figure:
    drawn = tuple(
        Curve(array(np.asarray(x, float)), array(np.asarray(y, float))) for x, y in curves
    )
    return Figure((Axes(drawn, legend=None if legend is None else tuple(legend), **words),))


def variation(x: Sequence[float], *cells: CellObservation, time: int = 0, **more: Any) -> Variation:
    """A rerun in which `x` was injected."""
    inputs = {"x": leaf_tensor(x, id=100)}
    more = {"status": "ok", "inputs": inputs} | more
    return Variation(f"ex/vary/{time}", "ex", cells=cells, **more)


def answers(
    requests: Sequence[Request], references: Mapping[str, Reference]
) -> dict[str, Expectation]:
    """What a reference process would say, from NumPy functions of the roles' values."""
    said: dict[str, Expectation] = {}
    for request in requests:
        roles = {n: None if v is None else v.data for n, v in request.roles.items()}
        try:
            exact = np.asarray(references[request.function](**roles), np.float64)
        except ValueError as error:
            why = f"raised: ValueError: {error}"
            said[request.key] = Expectation(request.key, error=why, on_drawn=request.drawn)
            continue
        spread = np.maximum(np.abs(exact), 1.0) * 2.0**-23
        said[request.key] = Expectation(request.key, array(exact), array(exact), spread)
    return said


def graded(
    exercise: Exercise,
    handed_in: Submission,
    observed: Capture,
    **references: Reference,
) -> dict[str, Finding]:
    """Findings by check, with the references' answers to what is asked."""
    asked = check.requests(exercise, handed_in, observed)
    said = answers(asked, references)
    found = check.judge(exercise, handed_in, observed, said)
    assert [one.check for one in found] == [one.id for one in exercise.checks]
    for one in found:
        assert one.score == (one.max_score if one.status == "passed" else 0.0)
        assert set(one.message.params) == set(check.MESSAGES[one.message.id]), one.message
    return {one.check: one for one in found}

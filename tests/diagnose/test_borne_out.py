"""Names that two mistakes at once bring up, and that nothing in the code or the run bears out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import check
from grader.diagnose import diagnose
from grader.model.exercise import Draw, TensorCheck, Vary
from grader.model.observation import Event, Leaf, Raised
from grader.model.result import Diagnosis
from tests.check.builders import (
    answers,
    backward,
    capture,
    cell,
    event,
    exercise,
    leaf_tensor,
    submission,
    tensor,
    variation,
)
from tests.diagnose import cases, error_cases
from tests.diagnose.number_cases import LEAF, ONCE, ROOT, A, Called, Celled, V, X, Y, called, celled
from tests.diagnose.number_cases import one as once

SLOPE = 3 * np.cos(X)


def ids(named: tuple[Diagnosis, ...]) -> list[str]:
    return [one.id for one in named]


# What was cleared, and what was overwritten.


def passed(serial: int, gave: Any, before: Any) -> Event:
    """A pass that filled the `.grad` of x, and added to that of b, which is left alone."""
    b = leaf_tensor(V, id=2)
    kept = None if serial == 0 else tensor(V)
    after = gave if before is None else gave + before
    reached = (
        Leaf(1, LEAF, None if before is None else tensor(before), tensor(after)),
        Leaf(2, b, kept, tensor((serial + 1) * V)),
    )
    return event(serial, roots=(ROOT,), gradients=(None,), leaves=reached)


def summed(*events: Event) -> list[str]:
    """What is named where the second of two gradients is the answer, and not their sum."""
    case = Celled(
        {"gradient": tensor(SLOPE)},
        {"gradient": ONCE + SLOPE},
        events=events,
        source="for v in parts:\n    run(v)\ngradient = kept",
    )
    return ids(celled(case))


def test_what_was_cleared_is_not_overwritten_also_where_another_leaf_goes_on() -> None:
    assert summed(passed(0, ONCE, None), passed(1, SLOPE, None)) == ["over-cleared"]
    zeroed = summed(passed(0, ONCE, None), passed(1, SLOPE, np.zeros(4)))
    assert zeroed == ["over-cleared"]


def test_of_gradients_that_were_returned_the_last_one_remained() -> None:
    both = [
        event(n, api="grad", inputs=(1,), returned=(tensor(gave),), roots=(ROOT,))
        for n, gave in enumerate((ONCE, SLOPE))
    ]
    named = summed(*both)
    assert named[0] == "last-part-only"
    assert "over-cleared" not in named


@pytest.mark.parametrize(
    ("body", "overwrites"),
    [
        ("y.sum().backward(create_graph=True)\n        y = leaf.grad", False),
        ("g = part(y)\n        y = g", False),
        ("y = part(n)\n        print(y)", True),
        ("leaf.grad = None\n        y = part(n)", True),
    ],
    ids=["a pass over it", "a name between", "read afterwards", "something else before"],
)
def test_what_the_next_round_starts_from_is_not_overwritten(body: str, overwrites: bool) -> None:
    source = (
        "def slope(x):\n    leaf = x.clone().requires_grad_()\n    y = f(leaf)\n"
        f"    for n in range(2):\n        {body}\n    return y"
    )
    named = ids(called(once(lambda x: x**2 + 3, lambda x: np.tanh(x) * x - 0.3, source)))
    assert ("last-part-only" in named) is overwrites


# What was never run.


@pytest.mark.parametrize(
    ("stopped", "named"),
    [(None, True), (3, True), (2, False)],
    ids=["not at all", "after the change", "in the change"],
)
def test_a_value_is_stale_only_where_the_change_was_made(stopped: int | None, named: bool) -> None:
    case = error_cases.CASES["stale-value"]
    error = Raised("TypeError", "unsupported operand type(s)", stopped)
    answer = case.answer if stopped is None else cell(1, status="error", error=error)
    assert (replace(case, answer=answer).alone("stale-value") is not None) is named


@pytest.mark.parametrize(
    ("value", "line", "named"),
    [
        ("kept", "kept = w", True),
        ("w", "w -= rate * w.grad", False),
        ("w", "w -= rate * slope", False),
    ],
)
def test_what_changes_a_name_does_not_keep_it(value: str, line: str, named: bool) -> None:
    check = TensorCheck(id="after", cell="answer", value=value, expect="after")
    wrong = replace(error_cases.differs(14.0, expected=(5.0,), value=value), check="after")
    before = {"w": tensor(14.0), "rate": tensor(0.1), "slope": tensor(0.0)}
    case = error_cases.Built(
        f"with torch.no_grad():\n    w -= 0 * rate\n    {line}",
        (wrong,),
        (check,),
        before=before,
        given="w = torch.tensor(14.0)\nrate = 0.1\nslope = 0",
    )
    assert (case.alone("stale-value") is not None) is named


@pytest.mark.parametrize("there", [True, False])
def test_what_a_later_cell_calls_so_is_no_answer_of_a_cell_that_had_none(there: bool) -> None:
    ex = exercise(
        TensorCheck(id="y", cell="answer", value="y", expect="y", vary=True),
        cells=("inputs", "answer", "later"),
        vary=Vary(cell="inputs", names={"x": Draw(shape=(4,))}, times=1),
    )
    sources = ("import torch", "y = other(x)", "y = torch.sin(x)")
    handed_in = submission(*sources, names=("inputs", "answer", "later"))
    x, y = {"x": leaf_tensor(X)}, {"y": tensor(np.sin(X))}
    first = cell(1, x | y) if there else cell(1, x)
    forked = {"x": leaf_tensor(Y)} | {"y": tensor(np.sin(Y))}
    observed = capture(
        cell(0, x),
        first,
        cell(2, x | y),
        variations=(variation(list(Y), cell(0, forked), cell(1, forked), cell(2, forked)),),
    )
    said = answers(check.requests(ex, handed_in, observed), {"y": lambda x: x**2 + 1})
    findings = check.judge(ex, handed_in, observed, said)
    assert [finding.status for finding in findings] == ["failed" if there else "missing"]
    named = ids(diagnose(ex, handed_in, observed, said, findings))
    assert ("wrong-function" in named) is there


# What looks alike.


@pytest.mark.parametrize(
    ("code", "cut"),
    [
        ("int(x * 100)", True),
        ("int(0.5 * x * 200)", True),
        ("int(x * 100 - 0.5)", False),
        ("math.floor(x * 100 + 0.5)", False),
    ],
)
def test_where_a_half_is_added_somebody_rounds(code: str, cut: bool) -> None:
    both = [({"x": A(0.29)}, A(29.0), A(28.0)), ({"x": A(2.5)}, A(250.0), A(250.0))]
    named = ids(called(Called(both, f"def slope(x):\n    return {code}")))
    assert ("truncation-for-rounding" in named) is cut


@pytest.mark.parametrize("sibling", ["slope", "value"])
def test_the_square_of_what_is_no_gradient_is_no_squared_gradient(sibling: str) -> None:
    case = Celled(
        {sibling: tensor(ONCE), "second": tensor(ONCE**2)},
        {sibling: ONCE, "second": SLOPE},
        source=f"{sibling} = made()\nsecond = {sibling} * {sibling}",
    )
    assert ("square-of-the-gradient" in ids(celled(case))) is (sibling == "slope")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("y = y.detach().requires_grad_()\nprint(y)", "y = y.detach().requires_grad_()"),
        ("z = y.detach().requires_grad_()\ny = 2 * z", "z = y.detach().requires_grad_()"),
        ("b = x.detach().requires_grad_()\ny = 2 * b", "y.backward()"),
    ],
    ids=["the root", "on the way", "of another leaf"],
)
def test_the_line_that_made_a_leaf_of_a_result_is_the_one_that_cut(lines: str, said: str) -> None:
    a = leaf_tensor(X, id=3)
    case = cases.Case(
        cases.gave(cases.NONE, backward(leaf_tensor(X), cases.ONCE, line=5), names={"a": a}),
        checks=(cases.GRADIENT,),
        source=f"a = torch.tensor([1.0], requires_grad=True)\ny = f(x, a)\n{lines}\n"
        "y.backward()\nx_gradient = a.grad",
    )
    (first, *_) = cases.diagnosed(case)
    assert (first.id, first.params["code"]) == ("detached-early", said)


@pytest.mark.parametrize(("made", "cut"), [("f(x, a)", True), ("f(x)", False)])
def test_a_leaf_from_which_nothing_was_computed_lost_no_connection(made: str, cut: bool) -> None:
    a = leaf_tensor(X, id=3)
    case = cases.Case(
        cases.gave(cases.NONE, backward(leaf_tensor(X), cases.ONCE, line=3), names={"a": a}),
        checks=(cases.GRADIENT,),
        source=f"a = torch.tensor([1.0], requires_grad=True)\ny = {made}\n"
        "y.backward()\nx_gradient = a.grad",
    )
    assert ("detached-early" in ids(cases.diagnosed(case))) is cut

"""Right numbers that were asked for otherwise: each name where it is true, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.model.exercise import CallCheck, EventCheck, TensorCheck
from grader.model.observation import CallObservation
from grader.model.result import Diagnosis
from grader.model.value import Value
from tests.check.builders import NONE, event, leaf_tensor, tensor
from tests.diagnose.error_cases import Built, found
from tests.diagnose.number_cases import CELLS, DONE, ONCE, ROOT, Celled, X, celled

RESULT = tensor(X, requires_grad=True, leaf=False, grad_fn="SubBackward0")


def ids(named: tuple[Diagnosis, ...]) -> list[str]:
    return [one.id for one in named]


# What a function returns, and what it leaves of what it was given.

CALL = CallCheck(id="call", cell="answer", function="f", inputs=({},), expect="g")


@pytest.mark.parametrize(
    ("returned", "is_kept"),
    [(RESULT, True), (leaf_tensor(X), False), (tensor(X), False), (None, False)],
    ids=["a result", "a leaf that requires grad", "plain", "nothing observed"],
)
def test_a_graph_is_kept_only_by_what_has_one(returned: Value | None, is_kept: bool) -> None:
    wrong = found("call", "call.must_not_require_grad", function="f", inputs="w=[1, 2]")
    call = CallObservation("ex/call/0", "ok", returned=returned)
    case = Built("def f(w):\n    return w", (wrong,), (CALL,), calls=(call,))
    assert ids(case.diagnosed()) == ["graph-kept"] * is_kept


@pytest.mark.parametrize(("value", "is_kept"), [(RESULT, True), (leaf_tensor(X), False)])
def test_a_value_that_keeps_its_graph_is_told_by_its_name(value: Value, is_kept: bool) -> None:
    check = TensorCheck(id="y", cell="answer", value="y", requires_grad=False)
    named = celled(Celled({"y": value}, checks=(check,), source="y = x - 1"))
    assert ids(named) == ["graph-kept"] * is_kept
    assert [one.params for one in named] == [{"value": "y"}] * is_kept


LEFT = CELLS["left-in-grad"]


@pytest.mark.parametrize(
    ("body", "first"),
    [
        ("x.grad = x * 2\n    return x.grad", "left-in-grad"),
        ("(x * x).sum().backward()\n    return x.grad", "left-in-grad"),
        ("x.requires_grad_()\n    (x * x).sum().backward()\n    return x.grad", "callers"),
        ("(x * x).sum().backward()\n    x -= 1\n    return x.grad", "callers"),
        ("x.data = x.data - 1\n    x.grad = x * 2\n    return x.grad", "callers"),
        ("return g(x)", "callers"),
    ],
)
def test_a_grad_that_a_function_filled_is_the_one_that_is_left(body: str, first: str) -> None:
    wrong = found("call", "call.changed", function="f", inputs="x=[1, 2]", name="x")
    left = found("left", "tensor.must_be_none", value="left")
    case = Built(
        f"def f(x):\n    {body}\ng = f(x)\nleft = x.grad",
        (wrong, left),
        (CALL, *LEFT.checks),
        answer=Built("", ()).answer,
        events=LEFT.selectors,
    )
    names = {"x": leaf_tensor(X), "left": tensor(ONCE)}
    case = replace(case, answer=replace(case.answer, names=names))
    named = ids(case.diagnosed())
    if first == "left-in-grad":
        assert named == ["left-in-grad"]
    else:
        assert named == ["callers-tensor-changed", "left-in-grad"]


# A tensor that was to be written to.


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("z = 3 * x\nz = z + 1", "z = z + 1"),
        ("z = 3 * x + 1", "z = 3 * x + 1"),
        ("z = 3 * x\nz = torch.add(z, 1)", "z = torch.add(z, 1)"),
        ("z = 3 * x\nz = z.add(1)", "z = z.add(1)"),
        ("t = 3 * x\nz = t", None),
        ("z = 3 * x\nz = z.view(-1)", None),
        ("z = add_one(3 * x)", None),
        ("class A:\n    def made(self, z):\n        return z\nz = A().made(3 * x)", None),
        ("z = 3 * x\nz.data += 1", None),
        ("z = 3 * x\nz.detach().numpy()[:] += 1", None),
        ("globals()['z'] = 3 * x + 1", None),
    ],
)
def test_a_new_tensor_is_told_where_a_line_made_one(source: str, code: str | None) -> None:
    named = celled(replace(CELLS["not-in-place"], source=source))
    assert [one.params["code"] for one in named if one.id == "not-in-place"] == (
        [] if code is None else [code]
    )


def test_a_tensor_that_was_written_to_is_not_a_new_one() -> None:
    case = CELLS["not-in-place"]
    written = replace(case.names["z"], version=1)
    assert celled(replace(case, names={"z": written})) == ()


# The argument of a pass.

ONE, THREE = tensor(1.0), tensor(3.0)
FOUR = tensor(X**2, requires_grad=True, leaf=False, id=9)


def argued(asked: bool, *given: Value | None, root: Value = ROOT, **more: Any) -> list[str]:
    """What is named where an argument was asked for, or none, and a pass was given something."""
    reference = more.pop("reference", None)
    check = EventCheck(id="argument", event="pass", argument=asked, gradient=reference and "v")
    case = Celled(
        {"gradient": tensor(more.pop("gradient", ONCE))},
        {"gradient": more.pop("expected", ONCE)} | ({"v": reference} if reference else {}),
        events=(replace(DONE, roots=(root,), gradients=given, line=1, **more),),
        checks=(check,),
        source="s.backward()\ngradient = x.grad",
    )
    if reference:
        # What the argument must equal is no value of the student's.
        held = TensorCheck(id="v", cell="answer", value="v", none=True)
        case = replace(case, checks=(check, held), names={**case.names, "v": NONE})
    return ids(celled(case))


def test_an_argument_of_one_and_none_are_the_same_pass() -> None:
    assert argued(True, None) == ["argument-not-said"]
    assert argued(False, ONE) == ["argument-not-said"]
    assert argued(True, ONE) == argued(False, None) == []


def test_another_argument_than_one_is_another_pass() -> None:
    assert "argument-not-said" not in argued(False, THREE)
    assert "argument-not-said" not in argued(False, tensor(np.ones(4)), root=FOUR)
    assert argued(True, None, reference=1.0) == ["argument-not-said"]
    assert "argument-not-said" not in argued(True, None, reference=3.0)
    assert "argument-not-said" not in argued(True, None, gradient=ONCE, expected=3 * ONCE)


def test_the_pass_is_called_as_the_student_called_it() -> None:
    case = CELLS["argument-not-said"]
    (named,) = celled(case)
    assert named.params == {"wanted": "backward(gradient)", "code": "y.backward()"}
    taken = event(
        api="grad", roots=(ROOT,), gradients=(ONE,), inputs=(1,), returned=(tensor(ONCE),), line=1
    )
    check = EventCheck(id="argument", event="pass", argument=False)
    source = "gradient, = torch.autograd.grad(y, x, torch.tensor(1.0))"
    (named,) = celled(replace(case, events=(taken,), checks=(check,), source=source))
    assert named.params == {"wanted": "grad(...)", "code": source}

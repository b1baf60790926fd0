"""What another cell left is named where a cell made nothing of its own, and only there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grader import check
from grader.diagnose import diagnose
from grader.model.exercise import EventSelector, Role, TensorCheck
from grader.model.submission import SubmittedCell
from tests.check.builders import (
    answers,
    backward,
    capture,
    cell,
    exercise,
    leaf_tensor,
    submission,
    tensor,
)
from tests.diagnose.number_cases import CELLS, DONE, LEAF, ONCE, ROOT, X, celled

FORGOTTEN = CELLS["leftovers"]


def ids(named):
    return [one.id for one in named]


def test_the_evidence_is_the_name_and_the_value_that_were_left():
    (first, *_) = celled(FORGOTTEN)
    assert first.params["name"] == "x.grad"
    assert first.params["actual"] in np.float32(ONCE)


def test_a_cell_with_a_pass_of_its_own_read_no_leftovers():
    own = replace(FORGOTTEN, events=(backward(LEAF, ONCE, root=ROOT, serial=1),))
    assert "leftovers" not in ids(celled(own))


def test_a_cell_that_is_asked_to_read_the_pass_before_it_is_not_blamed():
    elsewhere = replace(FORGOTTEN, selectors={"pass": EventSelector(cell="earlier")})
    assert "leftovers" not in ids(celled(elsewhere))


def test_the_same_numbers_by_a_formula_are_no_leftovers():
    formula = replace(FORGOTTEN, source="gradient = 2 * x.detach()")
    assert "leftovers" not in ids(celled(formula))


def test_another_value_than_was_left_is_none():
    other = replace(FORGOTTEN, names={"gradient": tensor(0.3 * ONCE + 1)})
    assert "leftovers" not in ids(celled(other))


def of_two_parts(source, second=ONCE):
    """`first_gradient` of the cell `earlier` is right; `gradient` is what a later cell stored."""
    asked_for = {"first_gradient": "earlier", "gradient": "answer"}
    ex = exercise(
        *(TensorCheck(id=n, cell=c, value=n, expect=n) for n, c in asked_for.items()),
        roles={"x": Role(cell="inputs", value="x")},
        cells=("inputs", "earlier", "answer"),
    )
    earlier = "y.backward()\nfirst_gradient = x.grad.clone()"
    handed_in = submission("import torch", earlier, source, names=("inputs", "earlier", "answer"))
    names = {"x": leaf_tensor(X, ONCE), "first_gradient": tensor(ONCE)}
    observed = capture(
        cell(0, {"x": LEAF}),
        cell(1, names, events=(DONE,)),
        cell(2, {**names, "gradient": tensor(second)}),
    )
    asked = check.requests(ex, handed_in, observed)
    said = answers(asked, {"first_gradient": lambda **_: ONCE, "gradient": lambda **_: 3 * X**2})
    findings = check.judge(ex, handed_in, observed, said)
    return diagnose(ex, handed_in, observed, said, findings)


def test_the_answer_of_another_part_handed_in_once_more():
    named = of_two_parts("y = (x**3).sum()\ngradient = first_gradient.clone()")
    assert ids(named)[0] == "leftovers"
    assert named[0].params["name"] == "first_gradient"
    assert named[0].params["code"] == "first_gradient = x.grad.clone()"


def test_what_was_computed_from_another_part_is_not_that_part():
    named = of_two_parts("gradient = first_gradient.clone() - 1", ONCE - 1)
    assert "leftovers" not in ids(named)


def foreign(source, **left):
    """A notebook whose first exercise leaves names, and an answer in the second one."""
    wanted = TensorCheck(id="gradient", cell="answer", value="gradient", expect="gradient")
    ex = exercise(wanted, roles={"x": Role(cell="inputs", value="x")})
    mine = submission("import torch\nx = torch.ones(4)", source).cells
    before = SubmittedCell(index=0, kind="code", source="slope = 2 * z", exercise="other", name="a")
    cells = (before, *(replace(one, index=one.index + 1) for one in mine))
    handed_in = replace(submission(), cells=cells)
    start = {"x": leaf_tensor(X), **left}
    observed = capture(
        cell(0, left), cell(1, start), cell(2, {**start, "gradient": tensor(7 * X)}, events=(DONE,))
    )
    asked = check.requests(ex, handed_in, observed)
    said = answers(asked, {"gradient": lambda **_: 3 * X**2})
    findings = check.judge(ex, handed_in, observed, said)
    return diagnose(ex, handed_in, observed, said, findings)


def test_a_name_that_only_another_exercise_makes_is_its_leftover():
    named = foreign("gradient = slope + 5 * x.detach()", slope=tensor(2 * X))
    assert ids(named)[0] == "leftovers"
    assert (named[0].params["name"], named[0].params["code"]) == ("slope", "slope = 2 * z")


def test_a_name_that_the_cell_makes_itself_is_its_own():
    named = foreign("slope = 2 * x\ngradient = slope + 5 * x", slope=tensor(2 * X))
    assert "leftovers" not in ids(named)
    named = foreign("def f(slope):\n    return 7 * slope\ngradient = f(x)", slope=tensor(2 * X))
    assert "leftovers" not in ids(named)

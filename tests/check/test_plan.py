from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import check
from grader.check.draws import draw, rounded
from grader.model.exercise import (
    CallCheck,
    Draw,
    EventCheck,
    EventSelector,
    Role,
    TensorCheck,
    Vary,
)
from tests.check.builders import exercise, submission

torch = pytest.importorskip("torch")

CALL = CallCheck(
    id="f",
    cell="answer",
    function="f",
    expect="g",
    inputs=({"x": Draw(shape=(3,)), "n": Draw(draw="integers", low=1, high=4, dtype="int64")},) * 2,
    gradients={"x": "h"},
)
VARIED = TensorCheck(id="t", cell="answer", value="y", expect="g", vary=True)
VARY = Vary(cell="inputs", names={"x": Draw(shape=(4,), requires_grad=True)}, times=3)
EXERCISE = exercise(CALL, VARIED, vary=VARY)


def planned(ex=EXERCISE, handed_in=None, seed=7):
    return check.plan(ex, handed_in or submission(), check.rng(seed, ex.id))


def test_every_case_and_every_variation_is_planned_under_its_own_id():
    plan = planned()
    assert [call.id for call in plan.calls] == ["ex/f/0", "ex/f/1"]
    assert [rerun.id for rerun in plan.reruns] == ["ex/vary/0", "ex/vary/1", "ex/vary/2"]
    assert [list(call.inputs) for call in plan.calls] == [["x", "n"], ["x", "n"]]
    assert plan.reruns[0].inputs["x"].requires_grad
    assert len(plan.calls[0].cotangent) > 1


def numbers(plan):
    values = [v for c in plan.calls for v in c.inputs.values()]
    values += [v for r in plan.reruns for v in r.inputs.values()]
    return [v.data.tolist() for v in values]


def test_the_same_seed_draws_the_same_and_another_does_not():
    assert numbers(planned()) == numbers(planned())
    assert numbers(planned()) != numbers(planned(seed=8))


def test_variations_take_the_values_of_a_choice_in_turn():
    given = Draw(draw="choice", values=(1.0, 2.0, 3.0))
    ex = exercise(VARIED, vary=Vary(cell="inputs", names={"x": given}, times=3))
    drawn = [
        [float(rerun.inputs["x"].data) for rerun in planned(ex, seed=seed).reruns]
        for seed in range(8)
    ]
    assert all(sorted(values) == [1.0, 2.0, 3.0] for values in drawn)
    assert len({values[0] for values in drawn}) > 1


def test_exercises_draw_independently_of_each_other():
    first, second = check.rng(7, "a").random(), check.rng(7, "b").random()
    assert first != second
    assert first == check.rng(7, "a").random()


def test_what_is_absent_is_not_asked_and_shifts_nothing():
    without_answer = planned(handed_in=submission(names=["inputs"]))
    assert without_answer.calls == ()
    assert [r.inputs["x"].data.tolist() for r in without_answer.reruns] == [
        r.inputs["x"].data.tolist() for r in planned().reruns
    ]
    assert planned(handed_in=submission(names=["answer"])).reruns == ()


def test_a_notebook_with_names_of_its_own_is_asked_nothing():
    plan = planned(handed_in=submission(own_names=True))
    assert (plan.calls, plan.reruns) == ((), ())


def until(*checks, names=("inputs", "answer", None, "more", None, "why"), **more):
    ex = exercise(*checks, vary=VARY, **more)
    return planned(ex, submission(names=names)).reruns[0].until


def test_what_follows_the_last_cell_that_is_looked_at_is_not_run_again():
    late = replace(VARIED, cell="more")
    assert until(VARIED) == 2  # with the extra cell behind it
    assert until(VARIED, late) == 4
    assert until(VARIED, replace(late, vary=False)) == 2
    assert until(VARIED, names=("inputs", "answer", "why", "answer")) == 3  # handed in twice
    assert until(late, names=("inputs", "answer")) == 0


def test_cells_that_roles_and_events_speak_of_are_looked_at():
    assert until(replace(VARIED, roles={"x": Role(cell="more", value="x")})) == 4
    of_a_pass = replace(VARIED, roles={"x": Role(event="pass", field="leaf")})
    assert until(of_a_pass, events={"pass": EventSelector(cell="more")}) == 4
    assert until(of_a_pass, events={"pass": EventSelector()}) is None
    passed = EventCheck(id="e", event="pass", vary=True)
    assert until(passed, events={"pass": EventSelector(cell="why")}) == 5


def test_no_variation_is_planned_that_no_check_wants():
    assert planned(exercise(CALL, vary=VARY)).reruns == ()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_rounding_is_what_torch_does(dtype, numbers):
    data = np.array(numbers)
    want = torch.tensor(data).to(getattr(torch, dtype)).to(torch.float64).numpy()
    inside = np.isfinite(want)
    got = rounded(data, dtype)
    with np.errstate(over="ignore"):
        via_float32 = data.astype(np.float32) if dtype == "bfloat16" else data
    inside &= via_float32 == data if dtype == "bfloat16" else True  # torch rounds twice
    assert np.array_equal(got[inside], want[inside])
    assert np.isfinite(got).all()


@pytest.mark.parametrize(
    "how",
    [
        Draw(shape=(50,)),
        Draw(shape=(5, 6), dtype="bfloat16", scale=100.0),
        Draw(draw="uniform", shape=(50,), low=0.5, high=0.501, dtype="float16"),
        Draw(draw="uniform", shape=(50,), low=0.5, high=4.0, dtype="float8_e4m3fn"),
        Draw(draw="integers", shape=(50,), low=-3, high=3, dtype="int64"),
        Draw(draw="integers", shape=(50,), low=0, high=2, dtype="bool"),
        Draw(draw="integers", shape=(), low=1, high=2),
        Draw(draw="sorted", shape=(200,), low=-3, high=5),
        Draw(draw="choice", shape=(2,), values=((1.0, 2.0), (3.0, 4.0))),
        Draw(draw="choice", values=(1.0, 2.0)),
        Draw(shape=(3,), dtype="complex64"),
        Draw(shape=(0,)),
    ],
)
def test_what_is_drawn_has_the_shape_dtype_and_range_that_it_claims(how):
    value = draw(how, check.rng(1, "x"))
    assert value.shape == how.shape == value.data.shape
    assert value.dtype == how.dtype
    assert value.data.dtype.name in ("float64", "complex128", "int64", "bool")
    made = torch.tensor(value.data).to(getattr(torch, how.dtype))
    if value.data.dtype.kind == "f":
        assert np.array_equal(made.to(torch.float64).numpy(), value.data)
    if how.draw in ("uniform", "sorted", "integers") and how.dtype != "bool":
        assert ((value.data >= how.low) & (value.data < how.high)).all()
    if how.draw == "sorted":
        assert (np.diff(value.data) >= 0).all()

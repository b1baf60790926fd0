from dataclasses import replace

import numpy as np
import pytest

from grader.check import requests
from grader.model.exercise import (
    Draw,
    EventCheck,
    EventSelector,
    ExpectedCurve,
    FigureCheck,
    Role,
    TensorCheck,
    Vary,
)
from grader.model.observation import Raised
from tests.check.builders import (
    X,
    backward,
    capture,
    cell,
    exercise,
    figure,
    graded,
    leaf_tensor,
    submission,
    tensor,
    variation,
)

VARY = Vary(cell="inputs", names={"x": Draw(shape=(4,))}, times=2)
GRAD = TensorCheck(id="c", cell="answer", value="x.grad", expect="double", vary=True)
OTHER = ([0.5, -1.0, 2.5, 8.0], [3.0, 1.5, -2.0, 0.25])


def double(x):
    return 2 * np.asarray(x)


def run(x, grad, events=()):
    """The cells of one run."""
    held = leaf_tensor(x, grad)
    return cell(0, {"x": leaf_tensor(x)}), cell(1, {"x": held, "y": tensor(1.0)}, events=events)


SEALED = run(X, double(X))


def finding(variations, spec=GRAD, sealed=SEALED, **more):
    more = {"roles": {"x": Role(cell="answer", value="x")}} | more
    ex = exercise(spec, vary=VARY, **more)
    observed = capture(*sealed, variations=variations)
    return graded(ex, submission(), observed, double=double)["c"]


def followed(time, x=None, grad=None):
    x = OTHER[time] if x is None else x
    return variation(OTHER[time], *run(x, double(x) if grad is None else grad), time=time)


def test_an_answer_that_follows_the_inputs_passes():
    assert finding([followed(0), followed(1)]).status == "passed"


def test_a_typed_in_constant_fails():
    found = finding([followed(0), followed(1, grad=double(X))])
    assert (found.status, found.message.id) == ("failed", "check.vary.differs")
    assert found.expected is not None


@pytest.mark.parametrize("cell_of_role", ["answer", "inputs"])
def test_inputs_replaced_by_constants_fail_wherever_the_role_is_read(cell_of_role):
    roles = {"x": Role(cell=cell_of_role, value="x")}
    constant = [followed(time, x=X, grad=double(X)) for time in (0, 1)]
    assert finding(constant, roles=roles).status == "failed"


def test_inputs_replaced_by_constants_of_ones_own_fail_too():
    own = [9.0, 9.0, 1.0, 2.0]
    sealed = run(own, double(own))
    found = finding([followed(time, x=own, grad=double(own)) for time in (0, 1)], sealed=sealed)
    assert (found.status, found.message.id) == ("failed", "check.vary.rebound")


def test_inputs_restated_in_another_precision_follow():
    def restated(time):
        x = np.asarray(OTHER[time])
        names = {"x": leaf_tensor(x, double(x), dtype="float64")}
        return variation(OTHER[time], cell(0, {"x": leaf_tensor(x)}), cell(1, names), time=time)

    assert finding([restated(0), restated(1)]).status == "passed"


def test_a_role_at_the_locked_cell_is_the_injected_value_itself():
    roles = {"x": Role(cell="inputs", value="x")}
    late = [
        variation(
            OTHER[t],
            cell(0, {"x": leaf_tensor(X)}),
            run(OTHER[t], double(OTHER[t]))[1],
            time=t,
        )
        for t in (0, 1)
    ]
    assert finding(late, roles=roles).status == "passed"


@pytest.mark.parametrize("status", ["timeout", "crashed", "missing"])
def test_a_variation_that_did_not_run_through_fails(status):
    found = finding([followed(0), replace(followed(1), status=status)])
    assert (found.status, found.message.params) == ("failed", {"status": status})


def test_a_variation_that_raised_says_what():
    broken = cell(1, status="error", error=Raised("ValueError", "no"))
    found = finding([followed(0), variation(OTHER[1], broken, time=1)])
    assert (found.status, found.message.id) == ("failed", "check.vary.raised")


def test_variations_that_were_never_run_need_a_rerun():
    assert finding([]).status == "needs_rerun"
    assert finding([followed(0)]).status == "needs_rerun"
    assert finding([followed(0), replace(followed(1), id="ex/vary/7")]).status == "needs_rerun"
    assert finding([followed(0), replace(followed(1), exercise="other")]).status == "needs_rerun"


def test_a_check_that_does_not_vary_asks_for_no_variation():
    assert finding([], replace(GRAD, vary=False)).status == "passed"


def test_a_check_that_fails_at_once_says_so_and_not_that_it_does_not_follow():
    sealed = run(X, X)
    found = finding([followed(0), followed(1)], sealed=sealed)
    assert found.message.id == "check.value.differs"


def test_keys_of_the_run_and_of_variations_differ():
    ex = exercise(GRAD, vary=VARY)
    observed = capture(*SEALED, variations=[followed(0), followed(1)])
    keys = [one.key for one in requests(ex, submission(), observed)]
    assert len(keys) == len(set(keys)) == 3


LEAF = EventCheck(
    id="c",
    event="pass",
    leaf_gradient="double",
    vary=True,
    roles={"x": Role(event="pass", field="leaf")},
)
EVENTS = {"pass": EventSelector(cell="answer")}


def through_events(sealed_leaf, *leaves):
    def cells(x):
        leaf = leaf_tensor(x, id=5)
        return run(x, None, events=(backward(leaf, double(x)),))

    variations = [variation(OTHER[t], *cells(x), time=t) for t, x in enumerate(leaves)]
    return finding(variations, LEAF, cells(sealed_leaf), roles={}, events=EVENTS)


def test_a_pass_over_the_injected_inputs_follows():
    assert through_events(X, *OTHER).status == "passed"


def test_a_pass_over_inputs_drawn_anew_in_every_run_follows():
    assert through_events([5.0], [6.0], [7.0]).status == "passed"


def test_a_pass_over_the_same_constants_in_every_run_does_not():
    found = through_events([5.0, 6.0], [5.0, 6.0], [5.0, 6.0])
    assert (found.status, found.message.id) == ("failed", "check.vary.rebound")


def test_a_curve_must_be_drawn_over_the_injected_inputs():
    spec = FigureCheck(id="c", cell="answer", vary=True, curves=(ExpectedCurve(expect="double"),))

    def cells(x):
        return cell(0), cell(1, figures=(figure((x, double(x))),))

    def drawn(*xs):
        variations = [variation(OTHER[t], *cells(x), time=t) for t, x in enumerate(xs)]
        return finding(variations, spec, cells(X)).status

    assert drawn(*OTHER) == "passed"
    assert drawn(X, X) == "failed"


def test_a_reference_that_fails_on_inputs_of_our_own_is_our_fault():
    def broken(x):
        raise ValueError("of the author's")

    def picky(x):
        if np.array_equal(x, X):
            raise ValueError("only these")
        return 2 * x

    ex = exercise(GRAD, vary=VARY, roles={"x": Role(cell="inputs", value="x")})
    observed = capture(*SEALED, variations=[followed(0), followed(1)])
    ours = graded(ex, submission(), observed, double=broken)["c"]
    assert (ours.status, ours.message.id) == ("error", "check.reference.broken")
    theirs = graded(ex, submission(), observed, double=picky)["c"]
    assert (theirs.status, theirs.message.id) == ("failed", "check.reference.failed")

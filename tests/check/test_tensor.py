from dataclasses import replace

import numpy as np
import pytest

from grader import check
from grader.model.exercise import ChoiceCheck, Role, TensorCheck
from grader.model.expectation import Expectation
from grader.model.observation import Raised
from grader.model.value import Value, number
from tests.check.builders import (
    NONE,
    X,
    capture,
    cell,
    exercise,
    graded,
    leaf_tensor,
    submission,
    tensor,
)


def twice(x):
    return 2 * x


CHECK = TensorCheck(id="twice", cell="answer", value="y", expect="twice", points=2.0)


def finding(value, spec=CHECK, **more):
    names = {"x": leaf_tensor(X)} | ({} if value is None else {"y": value})
    observed = capture(cell(0, {"x": leaf_tensor(X)}), cell(1, names, **more))
    return graded(exercise(spec), submission(), observed, twice=twice)[spec.id]


@pytest.mark.parametrize(
    "value",
    [
        tensor([2, 4, 6, 8]),
        tensor([2, 4, 6, 8], "float64"),
        Value("list", "float64", (4,), np.array([2.0, 4.0, 6.0, 8.0])),
        Value("array", "int64", (4,), np.array([2, 4, 6, 8])),
        Value("array", "float64", (1, 4), np.array([[2.0, 4.0, 6.0, 8.0]])),
        tensor([2, 4, 6, np.nextafter(np.float32(8), np.float32(9))]),
    ],
)
def test_a_right_value_passes_in_any_container(value):
    assert finding(value).status == "passed"


@pytest.mark.parametrize(
    ("value", "status", "message"),
    [
        (tensor([4, 8, 12, 16]), "failed", "check.value.differs"),
        (tensor([2, 4, 6, np.nan]), "failed", "check.value.not_finite"),
        (tensor([2, 4, 6, np.inf]), "failed", "check.value.not_finite"),
        (tensor([[2, 4, 6, 8]]), "failed", "check.value.shape"),
        (tensor([2, 4, 6]), "failed", "check.value.shape"),
        (None, "missing", "check.value.absent"),
        (NONE, "missing", "check.value.none"),
        (Value("opaque"), "missing", "check.value.placeholder"),
        (Value("opaque", why="other"), "failed", "check.value.kind"),
        (Value("text", text="6"), "failed", "check.value.kind"),
        (Value("function", text="x"), "failed", "check.value.kind"),
        (Value("tensor", "float32", (4,), why="layout:sparse_coo"), "failed", None),
        (Value("tensor", "float32", (10**9,), why="too-large"), "failed", "check.value.bound"),
        (Value("tensor", "float32", (9, 9), np.zeros(4)), "failed", "check.value.unobservable"),
    ],
)
def test_anything_else_earns_nothing_and_says_why(value, status, message):
    found = finding(value)
    assert found.status == status
    assert message in (None, found.message.id)


def test_a_name_lost_to_an_exception_says_which_one_and_where():
    error = Raised("RuntimeError", "element 0 of tensors does not require grad", 3)
    found = finding(None, status="error", error=error)
    assert found.status == "missing"
    assert found.message.id == "check.value.after_error"
    assert (found.cell, found.line) == (1, 3)


def test_a_tensor_of_an_earlier_exercise_is_no_answer_of_a_cell_that_stopped():
    other = replace(submission("y = 0").cells[0], exercise="other", name="theirs")
    own = [replace(each, index=each.index + 1) for each in submission().cells]
    handed_in = replace(submission(), cells=(other, *own))
    old, error = leaf_tensor([0.0], id=7), Raised("ZeroDivisionError", "division by zero", 1)

    def told(value, **how):
        names = {"x": leaf_tensor(X), "y": value}
        cells = cell(0, {"y": old}), cell(1, {"x": leaf_tensor(X), "y": old}), cell(2, names, **how)
        return graded(exercise(CHECK), handed_in, capture(*cells), twice=twice)["twice"]

    found = told(old, status="error", error=error)
    assert (found.status, found.message.id) == ("missing", "check.value.after_error")
    assert (found.cell, found.line) == (2, 1)
    for value, how in [(old, {}), (leaf_tensor([0.0], id=8), {"status": "error", "error": error})]:
        assert told(value, **how).message.id == "check.value.shape"


@pytest.mark.parametrize("status", ["timeout", "crashed", "not_run"])
def test_a_cell_that_did_not_run_is_missing(status):
    observed = capture(cell(0, {"x": leaf_tensor(X)}), cell(1, status=status))
    found = graded(exercise(CHECK), submission(), observed, twice=twice)["twice"]
    assert (found.status, found.message.id) == ("missing", f"check.cell.{status}")


@pytest.mark.parametrize("left", [(), (cell(1, status="not_run"),)])
def test_a_cell_with_nothing_in_it_is_said_to_be_empty(left):
    observed = capture(cell(0, {"x": leaf_tensor(X)}), *left)
    found = graded(exercise(CHECK), submission("", " \n"), observed, twice=twice)["twice"]
    assert (found.status, found.message.id) == ("missing", "check.cell.empty")


def test_the_moment_is_after_duplicates_and_extra_cells():
    names = ["inputs", "answer", None, "answer", None]
    wrong, right = tensor(X), tensor([2, 4, 6, 8])
    x = {"x": leaf_tensor(X)}
    cells = [cell(0, x), *(cell(i, {**x, "y": wrong}) for i in (1, 2, 3)), cell(4, {"y": right})]
    found = graded(exercise(CHECK), submission(names=names), capture(*cells), twice=twice)
    assert found["twice"].status == "passed"
    assert found["twice"].cell == 4


def test_a_crash_in_an_extra_cell_keeps_what_came_before():
    names = ["inputs", "answer", None]
    x = {"x": leaf_tensor(X)}
    cells = cell(0, x), cell(1, {**x, "y": tensor([2, 4, 6, 8])}), cell(2, status="crashed")
    found = graded(exercise(CHECK), submission(names=names), capture(*cells), twice=twice)
    assert found["twice"].status == "passed"


def test_observations_of_cells_that_do_not_exist_are_ignored():
    y = {"y": tensor([2, 4, 6, 8]), "x": leaf_tensor(X)}
    observed = capture(cell(10**9, y), cell(-1, y), cell(0, {"x": leaf_tensor(X)}))
    found = graded(exercise(CHECK), submission(), observed, twice=twice)["twice"]
    assert found.status == "missing"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("x.grad", "passed"),
        ("parts[0]", "passed"),
        ("parts[-1]", "failed"),
        ("parts[7]", "missing"),
        ("parts[999999999]", "missing"),
        ("y.grad.grad", "missing"),
        ("x.__class__", "missing"),
        ("__import__('os')", "missing"),
        ("", "missing"),
    ],
)
def test_paths_reach_gradients_and_elements_and_nothing_else(path, status):
    parts = Value("list", "float32", (2, 4), np.array([[2.0, 4, 6, 8], X]))
    names = {"x": leaf_tensor(X, [2, 4, 6, 8]), "parts": parts, "y": tensor(X)}
    spec = replace(CHECK, value=path)
    observed = capture(cell(0, {"x": leaf_tensor(X)}), cell(1, names))
    found = graded(exercise(spec), submission(), observed, twice=twice)["twice"]
    assert found.status == status


def spec_of(**expectations):
    return TensorCheck(id="a", cell="answer", value="y", **expectations)


GRAPH = tensor([1.0], requires_grad=True, leaf=False, grad_fn="MulBackward0")


@pytest.mark.parametrize(
    ("expectations", "good", "bad"),
    [
        ({"shape": (1,)}, GRAPH, tensor(1.0)),
        ({"dtype": ("float32", "float64")}, GRAPH, tensor([1.0], "float16")),
        ({"requires_grad": True}, GRAPH, tensor([1.0])),
        ({"requires_grad": False}, tensor([1.0]), GRAPH),
        ({"leaf": True}, tensor([1.0]), GRAPH),
        ({"leaf": False}, GRAPH, tensor([1.0])),
        ({"leaf": True}, tensor([1.0]), number(1.0)),
        ({"in_place": True}, replace(GRAPH, version=2), GRAPH),
        ({"in_place": False}, GRAPH, replace(GRAPH, version=1)),
        ({"grad_fn": "MulBackward"}, GRAPH, replace(GRAPH, grad_fn="AddmmBackward0")),
        ({"grad_fn": "Mul"}, GRAPH, replace(GRAPH, grad_fn=None)),
        ({"none": True}, NONE, GRAPH),
        ({"none": False}, GRAPH, NONE),
        ({"equals": (1.0,)}, GRAPH, tensor([1.01])),
        ({"equals": 0.1}, tensor(0.1), tensor(0.2)),
        ({"equals": 0.1}, number(float(np.float32(0.1))), number(0.1001)),
        ({"equals": ((1.0, 2.0),)}, tensor([[1.0, 2.0]]), tensor([1.0, 2.0])),
        ({"equals": 28.0}, number(28), Value("number", "float64", (), np.array(np.nan))),
    ],
)
def test_literals_and_attributes(expectations, good, bad):
    assert finding(good, spec_of(**expectations)).status == "passed"
    assert finding(bad, spec_of(**expectations)).status in ("failed", "missing")


def test_a_gradient_that_should_be_none_needs_the_name_to_be_there():
    spec = spec_of(none=True)
    spec = replace(spec, value="x.grad")
    names = {"x": leaf_tensor(X)}
    there = capture(cell(0, names), cell(1, names))
    gone = capture(cell(0, names), cell(1, {}))
    assert graded(exercise(spec), submission(), there)["a"].status == "passed"
    assert graded(exercise(spec), submission(), gone)["a"].status == "missing"


def judged(*expectations: Expectation, roles=None):
    names = {"x": leaf_tensor(X), "y": tensor(X)}
    observed = capture(cell(0, names), cell(1, names))
    (asked,) = check.requests(exercise(CHECK, roles=roles), submission(), observed)
    said = dict.fromkeys([asked.key] if expectations else [], *expectations)
    (found,) = check.judge(exercise(CHECK, roles=roles), submission(), observed, said)
    assert found.score == 0.0
    return found


def test_silence_of_the_reference_is_our_fault():
    assert judged().status == "error"
    assert judged(Expectation("")).status == "error"


def test_a_reference_that_fails_on_the_starters_own_inputs_is_the_authors_fault():
    found = judged(Expectation("", error="raised: ValueError: secret", on_drawn=True))
    assert (found.status, found.message.params) == ("error", {"why": "raised"})


def test_a_reference_that_fails_only_on_this_runs_values_is_the_runs_fault():
    assert judged(Expectation("", error="timeout")).status == "failed"


def test_a_role_that_is_gone_is_missing_rather_than_a_fault():
    gone = {"x": Role(cell="inputs", value="x"), "w": Role(cell="inputs", value="w")}
    found = judged(Expectation("", error="raised: TypeError"), roles=gone)
    assert (found.status, found.message.id) == ("missing", "check.value.absent")


def test_only_the_roles_that_a_function_has_parameters_for_are_sent():
    roles = {"x": Role(cell="inputs", value="x"), "w": Role(cell="answer", value="nowhere")}
    spec = exercise(CHECK, roles=roles, functions={"twice": ("x",)})
    names = {"x": leaf_tensor(X), "y": tensor([2, 4, 6, 8])}
    found = graded(spec, submission(), capture(cell(0, names), cell(1, names)), twice=twice)
    assert found["twice"].status == "passed"


def test_an_optional_role_that_is_not_there_is_none():
    roles = {"x": Role(cell="answer", value="nowhere", optional=True)}
    names = {"y": tensor(1.0)}
    observed = capture(cell(0), cell(1, names))
    found = graded(
        exercise(CHECK, roles=roles), submission(), observed, twice=lambda x: float(x is None)
    )
    assert found["twice"].status == "passed"


def test_what_cannot_be_told_in_the_dtype_is_undecidable():
    names = {"x": leaf_tensor([1.0]), "y": tensor([1.5])}
    observed = capture(cell(0, names), cell(1, names))
    (asked,) = check.requests(exercise(CHECK), submission(), observed)
    one = tensor([1.0])
    said = {asked.key: Expectation(asked.key, one, one, np.array([10.0]))}
    (found,) = check.judge(exercise(CHECK), submission(), observed, said)
    assert (found.status, found.score) == ("undecidable", 0.0)
    assert found.message.params["dtype"] == "float32"


def test_needs_that_did_not_pass_skip_a_check_wherever_they_stand():
    first = replace(CHECK, id="first", needs=("second",))
    second = TensorCheck(id="second", cell="answer", value="nowhere", shape=())
    names = {"x": leaf_tensor(X), "y": tensor([2, 4, 6, 8])}
    found = graded(
        exercise(first, second), submission(), capture(cell(0, names), cell(1, names)), twice=twice
    )
    assert (found["first"].status, found["second"].status) == ("skipped", "missing")


def test_needs_in_a_circle_are_a_fault_and_not_a_mark():
    circle = [replace(CHECK, id=a, needs=(b,)) for a, b in ("ab", "ba")]
    found = graded(exercise(*circle), submission(), capture(), twice=twice)
    assert {one.status for one in found.values()} == {"error"}


def choice(value, answer=("b",)):
    spec = ChoiceCheck(
        id="q", cell="answer", value="y", options=("a", "b", "C 1", "2"), answer=answer
    )
    observed = capture(cell(0), cell(1, {"y": value}))
    return graded(exercise(spec), submission(), observed)["q"]


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (Value("text", text=" B "), ("b",)),
        (Value("text", text="b, A"), ("a", "b")),
        (Value("text", text="['b', 'a']"), ("a", "b")),
        (Value("text", text="c1"), ("C 1",)),
        (number(2), ("2",)),
        (number(2.0), ("2",)),
        (Value("text", text="a"), ()),
    ],
)
def test_a_right_choice_passes_however_it_is_spelt(value, answer):
    assert choice(value, answer).status == "passed"


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (Value("text", text="a"), "failed"),
        (Value("text", text="a,b"), "failed"),
        (Value("text", text="z"), "failed"),
        (Value("text", text=""), "missing"),
        (NONE, "missing"),
        (Value("opaque"), "missing"),
        (tensor(np.full(1000, 2.0)), "failed"),
        (number(float("nan")), "failed"),
        (Value("function", text="b"), "failed"),
    ],
)
def test_a_wrong_or_invalid_choice_earns_nothing(value, status):
    assert choice(value).status == status

from dataclasses import replace

import numpy as np
import pytest

from grader.model.exercise import CallCheck, Draw, TensorCheck
from grader.model.observation import CallObservation, Raised
from grader.model.value import Value
from tests.check.builders import NONE, capture, cell, exercise, graded, submission, tensor

SPEC = CallCheck(
    id="f",
    cell="answer",
    function="f",
    inputs=({"x": Draw(shape=(3,), requires_grad=True)}, {"x": Draw(shape=())}),
    expect="square",
    gradients={"x": "slope"},
)
CASES = (np.array([1.0, 2.0, 3.0]), np.array(4.0))
WEIGHTS = (1.0, -2.0)


def square(x):
    return x**2


def slope(x, cotangent):
    return 2 * x * cotangent


def call(case, **more):
    x = CASES[case]
    weights = np.resize(np.array(WEIGHTS), x.size).reshape(x.shape)
    answer = {
        "status": "ok",
        "inputs": {"x": tensor(x)},
        "cotangent": WEIGHTS,
        "returned": tensor(x**2),
        "gradients": {"x": tensor(2 * x * weights)},
    }
    return CallObservation(f"ex/f/{case}", **(answer | more))


def finding(*calls, source="def f(x): return x**2", **more):
    observed = capture(cell(0), cell(1, **more), calls=calls)
    return graded(exercise(SPEC), submission("", source), observed, square=square, slope=slope)["f"]


def test_a_function_that_is_right_in_every_case_passes():
    assert finding(call(0), call(1)).status == "passed"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"returned": tensor([1.0, 2.0, 3.0])}, "check.call.differs"),
        ({"returned": tensor([1.0, 4.0, np.nan])}, "check.value.not_finite"),
        ({"returned": tensor([[1.0, 4.0, 9.0]])}, "check.value.shape"),
        ({"returned": NONE}, "check.call.returned_none"),
        ({"returned": None}, "check.call.returned_none"),
        ({"returned": Value("text", text="9")}, "check.value.kind"),
        ({"returned": Value("tensor", "float32", (3,), why="device:meta")}, None),
        ({"gradients": {}}, "check.call.no_gradient"),
        ({"gradients": {"x": tensor([2.0, 4.0, 6.0])}}, "check.call.gradient_differs"),
        ({"gradients": {"x": tensor(2.0)}}, "check.value.shape"),
        ({"status": "error", "error": Raised("TypeError", "f()")}, "check.call.raised"),
        ({"status": "error"}, "check.call.raised"),
        ({"status": "timeout"}, "check.call.timeout"),
        ({"status": "crashed"}, "check.call.crashed"),
    ],
)
def test_one_wrong_case_fails(wrong, message):
    found = finding(call(0, **wrong), call(1))
    assert found.status == "failed"
    assert message in (None, found.message.id)


def test_the_failing_case_shows_its_inputs():
    found = finding(call(0), call(1, returned=tensor(1.0)))
    assert found.message.params["inputs"] == "x=4"


def test_a_function_that_is_not_there_is_missing():
    assert finding(call(0, status="missing"), call(1)).status == "missing"


def test_a_function_that_a_cell_stopped_before_is_missing_for_that():
    observed = capture(
        cell(0), cell(1, status="error", error=Raised("SyntaxError", "invalid syntax", 2)),
        calls=[call(0, status="missing")],
    )  # fmt: skip
    found = graded(exercise(SPEC), submission("", "def f(x) return"), observed)["f"]
    assert (found.status, found.message.id) == ("missing", "check.value.after_error")
    assert (found.message.params["value"], found.line) == ("f", 2)


def test_an_untouched_function_that_returns_nothing_is_missing():
    source = "def f(x):\n    '''Fill in.'''\n    ..."
    assert finding(call(0, returned=NONE), call(1), source=source).status == "missing"


def test_a_call_that_was_never_made_needs_a_rerun():
    assert finding(call(0)).status == "needs_rerun"


@pytest.mark.parametrize(
    ("status", "truncated", "message"),
    [
        ("crashed", (), "check.cell.crashed"),
        ("timeout", ("probe:silent",), "check.cell.timeout"),
        ("timeout", (), "check.call.crashed"),
    ],
)
def test_a_function_is_not_blamed_for_a_later_cell_that_ended_python(status, truncated, message):
    observed = capture(
        cell(0), cell(1, {"f": Value("function")}), cell(2, status=status, truncated=truncated),
        calls=[call(0, status="crashed"), call(1, status="crashed")],
    )  # fmt: skip
    made = submission("", "def f(x): return x**2", "os.abort()", names=("inputs", "answer", "then"))
    found = graded(exercise(SPEC), made, observed)["f"]
    assert found.message.id == message
    blamed = message.startswith("check.call")
    assert (found.status, found.cell) == (("failed", 1) if blamed else ("missing", 2))


def test_a_call_that_was_never_made_because_the_run_ended_is_missing():
    assert finding(status="crashed", names={"f": Value("function")}).status == "missing"


def test_answers_under_other_ids_count_for_nothing():
    forged = replace(call(0), id="ex/f/0/../0")
    assert finding(forged, replace(call(1), id="f")).status == "needs_rerun"


def judged(answer, **asked):
    spec = replace(SPEC, inputs=SPEC.inputs[:1], gradients={}, **asked)
    observed = capture(cell(0), cell(1), calls=[call(0, **answer)])
    told = submission("", "def f(x): return x**2")
    return graded(exercise(spec), told, observed, square=square)["f"]


def test_a_function_that_changes_its_callers_tensor_is_told_so_where_that_is_asked():
    found = judged({"changed": ("x",)}, untouched=("x",))
    assert (found.status, found.message.id) == ("failed", "check.call.changed")
    assert found.message.params["name"] == "x"
    assert judged({"changed": ("x",)}).status == "passed"
    assert judged({"changed": ("other",)}, untouched=("x",)).status == "passed"
    wrong = judged({"changed": ("x",), "returned": tensor([1.0, 2.0, 3.0])}, untouched=("x",))
    assert wrong.message.id == "check.call.differs"


@pytest.mark.parametrize("wanted", [True, False])
def test_whether_the_result_requires_grad(wanted):
    right = {"returned": tensor(CASES[0] ** 2, requires_grad=wanted, leaf=not wanted)}
    other = {"returned": tensor(CASES[0] ** 2, requires_grad=not wanted, leaf=wanted)}
    assert judged(right, requires_grad=wanted).status == "passed"
    assert judged(other).status == "passed"
    found = judged(other, requires_grad=wanted)
    must = "must" if wanted else "must_not"
    assert (found.status, found.message.id) == ("failed", f"check.call.{must}_require_grad")


def strict_slope(x, cotangent):
    if np.shape(cotangent) != np.shape(x):
        raise ValueError("a cotangent of another shape than the result")
    return slope(x, cotangent)


def test_a_result_of_another_shape_is_no_fault_of_the_reference():
    also = TensorCheck(id="y", cell="answer", value="y", expect="picky")
    wrong = call(0, returned=tensor(5.0))
    observed = capture(
        cell(0, {"x": tensor([1.0])}), cell(1, {"y": tensor([1.0, 2.0])}), calls=(wrong, call(1))
    )

    def picky(x):
        raise ValueError("not with these values")

    references = {"square": square, "slope": strict_slope, "picky": picky}
    found = graded(exercise(SPEC, also), submission(), observed, **references)
    assert (found["f"].status, found["f"].message.id) == ("failed", "check.value.shape")
    assert (found["y"].status, found["y"].message.id) == ("failed", "check.reference.failed")


@pytest.mark.parametrize("right", [True, False])
def test_a_list_of_one_element_tensors_is_differentiated_as_the_vector_that_it_stands_for(right):
    column = replace(tensor(CASES[0][:, None] ** 2), kind="list")
    gradient = tensor(2 * CASES[0] * np.array([1.0, -2.0, 1.0 if right else 2.0]))
    calls = (call(0, returned=column, gradients={"x": gradient}), call(1))
    observed = capture(cell(0), cell(1), calls=calls)
    references = {"square": square, "slope": strict_slope}
    found = graded(exercise(SPEC), submission(), observed, **references)["f"]
    told = ("passed", "check.passed") if right else ("failed", "check.call.gradient_differs")
    assert (found.status, found.message.id) == told


@pytest.mark.parametrize("shape", [(1, 3), (3, 1)])
def test_a_list_for_a_result_of_more_axes_has_no_gradient_to_compare_and_is_no_fault_of_ours(shape):
    def tall(x):
        return np.reshape(x**2, shape) if np.ndim(x) else x**2

    def tall_slope(x, cotangent):
        if np.shape(cotangent) != (shape if np.ndim(x) else ()):
            raise ValueError("a cotangent of another shape than the result")
        return 2 * x * np.reshape(cotangent, np.shape(x))

    row = replace(tensor(CASES[0] ** 2), kind="list")
    references = {"square": tall, "slope": tall_slope}
    observed = capture(cell(0), cell(1), calls=(call(0, returned=row), call(1)))
    found = graded(exercise(SPEC), submission(), observed, **references)["f"]
    assert (found.status, found.message.id) == ("failed", "check.value.shape")
    assert found.message.params["actual"] == "(3,)"
    assert found.message.params["expected"] == str(shape)
    plain = replace(SPEC, gradients={})
    assert graded(exercise(plain), submission(), observed, **references)["f"].status == "passed"


def test_a_gradient_that_the_reference_cannot_give_of_a_right_result_is_our_fault():
    def broken(x, cotangent):
        raise ValueError("always")

    observed = capture(cell(0), cell(1), calls=(call(0), call(1)))
    found = graded(exercise(SPEC), submission(), observed, square=square, slope=broken)["f"]
    assert (found.status, found.message.id) == ("error", "check.reference.broken")

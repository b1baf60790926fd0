"""What looks like a mistake and is another one, or none, does not get its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import check
from grader.diagnose import diagnose, scenes
from grader.model.exercise import Role, SourceCheck, TensorCheck
from grader.model.result import Diagnosis
from grader.model.value import Value
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
from tests.diagnose.error_cases import CASES, GRAPH, GRAPH_AGAIN, RESULT, RESULT_AGAIN, over
from tests.diagnose.number_cases import (
    CALLS,
    DONE,
    LEAF,
    ONCE,
    ROOT,
    TABLE,
    Called,
    Celled,
    V,
    W,
    X,
    Y,
    called,
    celled,
    one,
)


def ids(named: tuple[Diagnosis, ...]) -> list[str]:
    return [one.id for one in named]


# Numbers that only have to be good enough.


def judged(answer: Value, limit: Any, source: str, **given: Value) -> list[str]:
    """What is named where a reference was given the answer itself, and says what would do."""
    inputs = {"x": leaf_tensor(X), **given}
    ex = exercise(
        TensorCheck(id="close", cell="answer", value="found", expect="good_enough"),
        roles={"found": Role(cell="answer", value="found")},
        functions={"good_enough": ("found",)},
    )
    handed_in = submission("import torch", source)
    observed = capture(cell(0, inputs), cell(1, {**inputs, "found": answer, "p": answer}))
    said = answers(check.requests(ex, handed_in, observed), {"good_enough": lambda found: limit})
    findings = check.judge(ex, handed_in, observed, said)
    assert [finding.status for finding in findings] == ["failed"]
    return ids(diagnose(ex, handed_in, observed, said, findings))


def test_zeros_that_say_no_are_no_product_that_was_left_out() -> None:
    assert judged(tensor(ONCE), 0 * X, "found = p.detach()", none=tensor(0 * X)) == []


def test_what_is_not_good_enough_after_few_passes_is_hardly_trained() -> None:
    assert judged(tensor(ONCE), 0 * X, "p = torch.randn(4)\nfound = p.detach()") == ["untrained"]


def test_a_limit_that_is_a_count_of_times_passed_is_no_mean() -> None:
    assert judged(tensor(4.0), 1.0, "found = (a - b).abs().sum()") == []


QUOTIENT = "def q(t, h):\n    return (f(t + h) - f(t - h)) / (2 * h)\nfound = worst(q(x, {}))"


@pytest.mark.parametrize(
    ("step", "dtype", "named"),
    [
        ("1e-4", "float32", ["wrong-precision"]),
        ("1e-12", "float64", ["bad-step"]),
        ("0.3", "float64", ["bad-step"]),
        ("1e-5", "float64", ["bad-step"]),
        ("1e-4", "float64", []),
    ],
)
def test_a_step_is_blamed_only_where_it_is_the_step(step, dtype, named) -> None:
    assert judged(tensor(5e-3, dtype), 1e-8, QUOTIENT.format(step)) == named


# What other exercises left.


def test_names_of_other_exercises_explain_nothing() -> None:
    ex = exercise(TensorCheck(id="y", cell="answer", value="asked", expect="y"))
    made = submission("import torch", "y = x * 2", names=("inputs", "answer"))
    other = replace(made.cells[0], index=2, exercise="other", name="start", locked=False)
    handed_in = replace(made, cells=(*made.cells, other))
    left = {name: tensor(X) for name in ("x", "y", "theirs", "asked")}
    observed = capture(
        cell(0, left),
        cell(1, left | {"star": tensor(X)}),
        cell(2, left),
        variations=(variation(list(Y), cell(0, left), cell(1, left)),),
    )
    own = scenes.narrowed(ex, handed_in, observed)
    assert [set(one.names) for one in own.cells] == [
        {"x", "y", "asked"},
        {"x", "y", "asked", "star"},  # who made it is not known
        {*left},
    ]
    assert [set(one.names) for one in own.variations[0].cells] == [{"x", "y", "asked"}] * 2
    everything = replace(handed_in, own_names=True)
    assert scenes.narrowed(ex, everything, observed) is observed


def test_a_missing_factor_has_a_name_of_this_exercise() -> None:
    check_ = TensorCheck(id="y", cell="answer", value="y", expect="y")
    made = submission("import torch", "y = torch.sin(x)", names=("inputs", "answer"))
    first = replace(made.cells[0], exercise="other", name="start", locked=False, source="w = 1")
    cells = (first, *(replace(one, index=one.index + 1) for one in made.cells))
    handed_in = replace(made, cells=cells)
    names = {"x": tensor(X), "w": tensor(W)}

    def named(source: str) -> list[str]:
        told = replace(handed_in, cells=(*cells[:2], replace(cells[2], source=source)))
        ex = exercise(check_, roles={"x": Role(cell="inputs", value="x")})
        wrong = names | {"y": tensor(np.sin(X))}
        observed = capture(cell(0, {"w": tensor(W)}), cell(1, names), cell(2, wrong))
        asked = check.requests(ex, told, observed)
        said = answers(asked, {"y": lambda x: W * np.sin(x)})
        return ids(diagnose(ex, told, observed, said, check.judge(ex, told, observed, said)))

    assert named("y = torch.sin(x)  # and w?") == ["missing-chain-factor"]
    assert "missing-chain-factor" not in named("y = torch.sin(x)")


def test_an_input_that_was_changed_is_no_other_function() -> None:
    ex = exercise(
        TensorCheck(id="kept", cell="answer", value="x", expect="given"),
        roles={"x": Role(cell="inputs", value="x")},
    )
    changed = {"x": leaf_tensor([0.0, *X[1:]])}
    observed = capture(cell(0, {"x": leaf_tensor(X)}), cell(1, changed))

    def named(locked: str) -> list[str]:
        handed_in = submission(locked, "with torch.no_grad():\n    x[0] = 0")
        asked = check.requests(ex, handed_in, observed)
        said = answers(asked, {"given": lambda x: x})
        findings = check.judge(ex, handed_in, observed, said)
        return ids(diagnose(ex, handed_in, observed, said, findings))

    assert "wrong-function" in named("import torch")
    assert "wrong-function" not in named("import torch\nx = torch.arange(4.0)")


# Sources that look alike.


@pytest.mark.parametrize(
    ("code", "is_formula"),
    [
        ("torch.pow(residual, 2)", False),
        ("torch.pow(residual, exponent=2)", False),
        ("torch.pow(2.718, -t)", True),
    ],
)
def test_a_square_is_no_formula_for_an_exponential(code, is_formula) -> None:
    case = Celled(
        {"loss": tensor(1.0)},
        checks=(SourceCheck(id="no-exponential", forbid=("torch.pow",)),),
        source=f"loss = {code}",
    )
    named = ids(celled(case))
    assert ("derivative-by-formula" in named) is is_formula
    assert ("forbidden-function" in named) is not is_formula


@pytest.mark.parametrize(
    ("root", "nodes", "is_new"),
    [
        (RESULT_AGAIN, GRAPH_AGAIN, True),
        (RESULT, GRAPH_AGAIN, False),
        (RESULT_AGAIN, GRAPH, False),
    ],
    ids=["another", "one root", "one graph below"],
)
def test_a_graph_that_was_used_twice_was_not_built_anew(root, nodes, is_new) -> None:
    case = CASES["rebuilt-graph"]
    first, _ = case.answer.events
    answer = replace(case.answer, events=(first, over(root, nodes)))
    named = replace(case, answer=answer).alone("rebuilt-graph")
    assert (named is not None) is is_new


ROWS = (
    "def longest_gradient(w, x):\n    w = w.detach().requires_grad_()\n"
    "    row = x[{}.argmax()]\n    return torch.autograd.grad((row @ w) ** 2, w)[0]"
)


@pytest.mark.parametrize(
    ("source", "is_value"),
    [
        (ROWS.format("(x @ w)"), True),
        (ROWS.format("x.norm(dim=1)"), False),
        ("def longest_gradient(w, x):\n    return x[x.norm(dim=1).argmax()]", True),
    ],
    ids=["by its value", "by its length", "the row itself"],
)
def test_a_row_that_is_differentiated_after_all_is_no_value(source, is_value) -> None:
    cases = [
        ({"w": w, "x": x}, 2 * x[0] * (x[0] @ w), 2 * x[1] * (x[1] @ w) + 0.3)
        for w, x in ((V, TABLE), (W, TABLE + 1))
    ]
    named = ids(called(Called(cases, source, name="longest_gradient")))
    assert ("value-for-gradient" in named) is is_value


def test_a_whole_number_is_no_sum_in_the_place_of_a_mean() -> None:
    source = "most = int(steps(x).sum())"
    whole = Celled({"most": tensor(4, "int64")}, {"most": np.array(1)}, source=source)
    assert "sum-for-mean" not in ids(celled(whole))
    real = Celled({"most": tensor(4.8)}, {"most": np.array(1.2)}, source=source)
    assert ids(celled(real)) == ["sum-for-mean"]


PICKED = "def longest_gradient(w, x):\n    {}\n    return {}"


@pytest.mark.parametrize(
    ("work", "result", "is_value"),
    [
        ("rows = 2 * (x @ w)[:, None] * x", "rows[rows.sum(1).argmax()]", False),
        ("k = (x @ w).argmax()", "x[(x @ w).argmax()]", True),
    ],
    ids=["of gradients", "of the inputs"],
)
def test_a_row_of_gradients_that_a_formula_made_is_no_value(work, result, is_value) -> None:
    cases = [
        ({"w": w, "x": x}, 2 * x[0] * (x[0] @ w), 2 * x[1] * (x[1] @ w) + 0.3)
        for w, x in ((V, TABLE), (W, TABLE + 1))
    ]
    named = ids(called(Called(cases, PICKED.format(work, result), name="longest_gradient")))
    assert ("value-for-gradient" in named) is is_value


def test_a_zero_that_is_expected_is_no_share_of_an_axis(caplog) -> None:
    source = "def slope(x):\n    return torch.func.grad(lambda t: t.mean(0).sum())(x)"
    summed = [({"x": TABLE}, np.arange(4.0), np.array([2.0, 4.0]))] * 2
    called(Called(summed, source))
    assert "failed" not in caplog.text


def test_what_has_another_shape_is_no_part_of_a_sum_and_no_trouble_at_zero() -> None:
    loop = (
        "def slope(x):\n    for _ in range(3):\n        y = f(x)\n        x = x - y\n    return y"
    )
    number = one(lambda x: x - 0.3 * np.sin(x), lambda x: np.asarray((x**4).sum()), loop)
    assert "last-part-only" not in ids(called(number))
    assert "last-part-only" in ids(
        called(
            replace(
                number,
                cases=[
                    (inputs, wanted, wanted * 0 + 0.7 + np.cos(wanted))
                    for inputs, wanted, _ in number.cases
                ],
            )
        )
    )
    source = "def slope(x):\n    return grad(torch.log(x[x > 0]).sum(), x)"
    shorter = Called(
        [
            ({"x": X}, 1 / X, 1 / X),
            ({"x": np.array([0, 2.0])}, np.array([0, 0.5]), np.array([0.5])),
        ],
        source,
    )
    assert "undefined-at-zero" not in ids(called(shorter))


def test_a_mask_chooses_among_gradients_and_is_no_folk_multiplication() -> None:
    source = (
        "def slope(x, v):\n    x = x.clone().requires_grad_()\n    (x * x.sum()).sum().backward()\n"
        "    return x.grad * {}"
    )
    case = CALLS["folk-multiplication"]
    assert "folk-multiplication" in ids(called(replace(case, source=source.format("v"))))
    masked = replace(case, source=source.format("(v > 0)"))
    assert "folk-multiplication" not in ids(called(masked))


def test_a_parameter_of_a_module_is_a_leaf_of_its_own() -> None:
    source = (
        "def slope(x):\n    p = {}(x.detach().clone())\n    g(p).backward()\n    return p.grad * 1"
    )
    for maker, cut in (("torch.nn.Parameter", False), ("torch.Tensor.contiguous", True)):
        named = ids(called(one(np.cos, lambda x: x**3 - 0.2, source.format(maker))))
        assert ("detached-early" in named) is cut


def test_a_gradient_that_was_returned_is_none_in_grad_for_another_reason() -> None:
    case = CASES["unused-gives-none"]
    assert case.alone("unused-gives-none") is not None
    returned = event(0, api="grad", inputs=(1,), returned=(tensor(ONCE),))
    kept = replace(case, answer=replace(case.answer, events=(returned,)))
    assert kept.alone("unused-gives-none") is None
    unused = replace(returned, returned=(tensor(ONCE), None))
    asked = replace(case, answer=replace(case.answer, events=(unused,)))
    assert asked.alone("unused-gives-none") is not None


# Another function.

PASS = "def slope(x, v):\n    x = x.detach().requires_grad_()\n    {}\n    return {}"


@pytest.mark.parametrize(
    ("work", "result", "is_another"),
    [
        ("y = (torch.tanh(x) * v).sum()", "torch.autograd.grad(y, x)[0]", True),
        ("y = torch.tanh(x).sum()", "torch.autograd.grad(y, x)[0]", False),
        ("y = torch.tanh(x).expand(v.shape).sum()", "torch.autograd.grad(y, x)[0]", False),
        (
            "g, = torch.autograd.grad((torch.tanh(x) * v).sum(), x, create_graph=True)",
            "g.detach()",
            False,
        ),
        ("y = (torch.tanh(x) * v).sum()", "jacobian(grad(f), x) + 0 * v", False),
        ("y = torch.tanh(x) * v", "y.detach()", False),
    ],
    ids=["one pass", "v unread", "shape of v", "another order", "nested", "no pass"],
)
def test_another_function_is_named_where_one_pass_of_all_that_is_given_differs(
    work, result, is_another
) -> None:
    cases = [
        ({"x": x, "v": v}, 2 * x * v + 1, (1 - np.tanh(x) ** 2) * v) for x, v in ((X, V), (Y, W))
    ]
    named = ids(called(Called(cases, PASS.format(work, result))))
    assert ("wrong-function" in named) is is_another


def test_steps_that_a_function_takes_are_no_value_of_another_function() -> None:
    source = (
        "def fitted(x):\n    for _ in range(4):\n        g, = torch.autograd.grad(f(x), x)\n"
        "        x = (x - 0.1 * g).detach().requires_grad_()\n    return x"
    )
    four = one(
        lambda x: x - 0.5 * np.sin(x), lambda x: x - 0.4 * np.cos(x) * x, source, name="fitted"
    )
    assert "wrong-function" not in ids(called(four))
    plain = replace(four, source="def fitted(x):\n    return x - 0.4 * x.cos() * x")
    assert ids(called(plain)) == ["wrong-function"]


@pytest.mark.parametrize(
    ("weights", "is_another"),
    [(None, True), (np.ones(4), True), (V, True), (np.full(4, 1.1001), False)],
    ids=["none", "ones", "given", "typed in"],
)
def test_a_pass_with_weights_of_the_students_own_says_nothing_of_the_function(
    weights, is_another
) -> None:
    root = replace(ROOT, data=X**2, shape=(4,)) if weights is not None else ROOT
    gave = np.tanh(X) + 0.3
    passed = backward(
        LEAF, gave, root=root, gradients=(None if weights is None else tensor(weights),)
    )
    case = Celled(
        {"gradient": tensor(gave)},
        {"gradient": 3 * X**2 - 1},
        events=(passed,),
        source="x_slope = y.backward()\ngradient = x.grad",
        inputs={"x": LEAF, "v": tensor(V)},
    )
    assert ("wrong-function" in ids(celled(case))) is is_another
    later = replace(case, events=(replace(DONE, create_graph=True), replace(passed, serial=1)))
    assert "wrong-function" not in ids(celled(later))


def test_gradients_that_results_kept_and_that_were_exchanged() -> None:
    first, second = ONCE, 3 * np.cos(X)
    b = tensor(second, requires_grad=True, leaf=False, id=5, grad=tensor(first))
    c = tensor(first, requires_grad=True, leaf=False, id=6, grad=tensor(second))
    case = Celled(
        {"b": b, "c": c, "b_gradient": tensor(second), "c_gradient": tensor(first)},
        {"b_gradient": first, "c_gradient": second},
        events=(DONE,),
        source="y.sum().backward()\nc_gradient, b_gradient = [t.grad.clone() for t in (b, c)]",
    )
    (named,) = celled(case)
    assert (named.id, set(named.checks)) == (
        "gradient-of-another-variable",
        {"b_gradient", "c_gradient"},
    )

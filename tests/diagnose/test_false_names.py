"""What looks like a mistake and is another one, or none, does not get its name."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import check
from grader.diagnose import diagnose, scenes
from grader.diagnose.code import own_functions
from grader.model.exercise import CallCheck, Draw, EventCheck, Role, SourceCheck, TensorCheck
from grader.model.observation import CallObservation, Node
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
from tests.diagnose.error_cases import CASES, GRAPH, GRAPH_AGAIN, RESULT, RESULT_AGAIN, found, over
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


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("", True),
        ("retain_graph=True", True),
        ("create_graph=False", True),
        ("create_graph=True", False),
        ("create_graph=again", False),
        ("None, None, True", False),
        ("**how", False),
    ],
)
def test_a_grad_that_a_pass_with_a_graph_filled_has_one(told: str, named: bool) -> None:
    source = (
        "def slope(x):\n    x = x.detach().requires_grad_()\n"
        f"    f(x).sum().backward({told})\n    g = x.grad\n    g.sum().backward()\n"
        "    return x.grad"
    )
    wrong = ids(called(one(lambda x: x**3 + 3, lambda x: np.tanh(x) * x - 0.3, source)))
    assert ("graph-not-created" in wrong) is named


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("not torch.isnan(t).any()", True),
        ("not (torch.isnan(t) | (t < 0)).any()", True),
        ("not (torch.isnan(t).any() or (t == float('inf')).any())", False),
        ("not (torch.isnan(t).any() or (t == -math.inf).any())", False),
        ("not (torch.isnan(t).any() or t.abs().max() > 1e30)", False),
        ("not torch.isnan(t).any() and t.abs().max() < limit", False),
    ],
)
def test_who_compares_with_an_infinity_looks_for_it(asked: str, named: bool) -> None:
    case = CASES["infinity-overlooked"]
    written = replace(case, source=f"def f(t):\n    return {asked}")
    assert (written.alone("infinity-overlooked") is not None) is named


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


# Where nothing was put where it is said to be.

WEIGHED = EventCheck(id="argument", event="pass", succeeded=True, gradient="weights")


@pytest.mark.parametrize(
    ("gave", "wanted", "source", "in_function"),
    [
        (V * ONCE, V * ONCE, "(v * y).sum().backward()\ngradient = x.grad", True),
        (ONCE, V * ONCE, "y.sum().backward()\ngradient = v * x.grad", False),
        (9 * ONCE, 3 * ONCE, "y = ((3 * x) ** 2).sum()\ny.backward()\ngradient = x.grad", True),
        (3 * X**2, 3 * ONCE, "y = (x**3).sum()\ny.backward()\ngradient = x.grad", False),
    ],
    ids=["in the function", "after the pass", "a factor", "an exponent"],
)
def test_weights_went_into_the_function_only_where_they_are_in_it(
    gave, wanted, source, in_function
) -> None:
    weights = V if source.count("v *") else 3.0
    last = source.count("\n")
    case = Celled(
        {"gradient": tensor(wanted if "v *" in source else gave)},
        {"gradient": wanted, "weights": weights},
        events=(backward(LEAF, gave, root=ROOT, line=last),),
        checks=(WEIGHED, TensorCheck(id="weights", cell="answer", value="weights", shape=())),
        source=source,
    )
    assert ("argument-not-used" in ids(celled(case))) is in_function


@pytest.mark.parametrize(
    ("made", "is_input"),
    [
        ("torch.tensor([y, y], requires_grad=True)", False),
        ("y.detach().clone().requires_grad_()", False),
        ("(x * x).detach().requires_grad_()", False),
        ("x.detach().clone().requires_grad_()", True),
    ],
)
def test_a_copy_of_a_result_is_no_input(made, is_input) -> None:
    leaf = leaf_tensor(X, id=7)
    y = tensor(X**2, requires_grad=True, leaf=False, id=9)
    case = Celled(
        {"y": y, "three": leaf, "gradient": tensor(ONCE)},
        {"gradient": 3 * X**2},
        events=(backward(leaf, np.ones(4), root=leaf, gradients=(tensor(V),)),),
        source=f"y = x**2\nthree = {made}\nthree.backward(v)\ngradient = x.grad",
    )
    assert ("backward-on-leaf" in ids(celled(case))) is is_input
    unnamed = replace(case, names={"y": y, "gradient": tensor(ONCE)})
    assert "backward-on-leaf" not in ids(celled(unnamed))


SHARED = (
    "def slope(x, v):\n    leaf = x.detach().clone().requires_grad_()\n    {}\n    return leaf.grad"
)


@pytest.mark.parametrize(
    ("work", "is_another"),
    [
        ("(leaf**3).backward(v)", True),
        ("(leaf**3).backward(gradient=v)", True),
        ("(leaf**3).backward(v.prod())", False),
        ("(v * leaf**3).backward(v)", False),
        ("given(leaf).backward(v)", False),
    ],
    ids=["plain", "by keyword", "other weights", "weighted twice", "given"],
)
def test_a_function_that_is_called_as_it_should_be_may_be_another(work, is_another) -> None:
    cases = [({"x": x, "v": v}, 2 * x * v + 1, 3 * x * v**2) for x, v in ((X, V), (Y, W))]
    case = Called(cases, SHARED.format(work), locked="import torch\ndef given(t):\n    return t**2")
    assert ("wrong-function" in ids(called(case))) is is_another


def test_ones_may_be_what_is_wrong_where_an_argument_is_asked_for() -> None:
    gave = np.tanh(X) + 0.3
    case = Celled(
        {"gradient": tensor(gave)},
        {"gradient": 3 * X**2 - 1},
        events=(backward(LEAF, gave, root=ROOT),),
        source="y.sum().backward()\ngradient = x.grad",
    )
    assert "wrong-function" in ids(celled(case))
    asked = EventCheck(id="argument", event="pass", argument=True)
    assert "wrong-function" not in ids(celled(replace(case, checks=(asked,))))


@pytest.mark.parametrize(
    ("first", "second", "is_another"),
    [(X**3, X**2, False), (X**2, X**2, False), (X**2, np.tanh(X) + 1, True)],
    ids=["exchanged", "copied", "another"],
)
def test_what_another_check_expects_is_no_value_of_another_function(
    first, second, is_another
) -> None:
    case = Celled(
        {"first": tensor(first), "second": tensor(second)},
        {"first": X**2, "second": X**3},
        source="first = f(x)\nsecond = g(x)",
    )
    assert ("wrong-function" in ids(celled(case))) is is_another


def test_what_no_name_is_in_and_what_gradients_are_in_is_no_value_of_a_function() -> None:
    def named(source: str) -> list[str]:
        return ids(celled(Celled({"y": tensor([0.3, 5.1])}, {"y": X[:2]}, source=source)))

    assert "wrong-function" in named("y = g(x)")
    assert "wrong-function" not in named("y = 29 / 100 * 100")
    rows = "y = []\nfor row in x:\n    row.backward()\n    y.append(w.grad)\ny = torch.stack(y)"
    assert "wrong-function" not in named(rows)


def test_a_pass_that_gave_what_is_asked_for_was_over_the_right_function() -> None:
    half = backward(LEAF, ONCE, root=ROOT)
    case = Celled(
        {"gradient": tensor(ONCE)},
        {"gradient": 2 * ONCE + 1},
        events=(half,),
        source="y.backward()\ngradient = x.grad.clone()\ny.backward()",
    )
    assert "wrong-function" in ids(celled(case))
    rest = backward(LEAF, ONCE + 1, root=ROOT, before=ONCE, serial=1)
    assert "wrong-function" not in ids(celled(replace(case, events=(half, rest))))


RULE = "class Cubed(torch.autograd.Function):\n    pass\n\n\n"


@pytest.mark.parametrize(("rule", "is_another"), [(2 * X, False), (3 * X**2, True)])
def test_what_goes_through_a_wrong_rule_is_not_of_another_function(rule, is_another) -> None:
    by_hand = CallCheck(
        id="cubed",
        cell="answer",
        function="cubed",
        inputs=({"t": Draw(shape=(4,), requires_grad=True)},),
        expect="cubed",
        gradients={"t": "rule"},
    )
    tried = CallObservation(
        "ex/cubed/0",
        "ok",
        inputs={"t": leaf_tensor(X)},
        returned=tensor(X**3, requires_grad=True, leaf=False, id=9),
        gradients={"t": tensor(rule)},
        cotangent=(1.0,) * 4,
    )
    case = Celled(
        {"gradient": tensor(np.tanh(X))},
        {"gradient": np.cos(X**3) * 3 * X**2, "cubed": X**3, "rule": 3 * X**2},
        events=(backward(LEAF, np.tanh(X), root=ROOT),),
        checks=(by_hand, SourceCheck(id="rule", require=("torch.sin",))),
        source=f"{RULE}torch.sin(Cubed.apply(x)).sum().backward()\ngradient = x.grad",
        calls=(tried,),
    )
    assert ("wrong-function" in ids(celled(case))) is is_another


def test_two_gradients_of_one_variable_are_not_those_of_another() -> None:
    first, second = ONCE, 3 * np.cos(X)
    other = leaf_tensor(Y, id=2)

    def named(leaf: Value) -> list[str]:
        passes = (
            backward(LEAF, first, root=ROOT),
            backward(leaf, second, root=ROOT, serial=1),
        )
        case = Celled(
            {"one": tensor(second), "two": tensor(first)},
            {"one_gradient": first, "two_gradient": second},
            events=passes,
            checks=tuple(
                TensorCheck(id=f"{n}_gradient", cell="answer", value=n, expect=f"{n}_gradient")
                for n in ("one", "two")
            ),
            source="one, two = (t.grad for t in (b, a))",
        )
        return ids(celled(case))

    assert "gradient-of-another-variable" not in named(LEAF)
    assert "gradient-of-another-variable" in named(other)


@pytest.mark.parametrize(("first", "is_factor"), [(X**2, False), (2 * X**2, True)])
def test_what_was_right_before_has_no_factor_that_is_missing(first, is_factor) -> None:
    case = Celled(
        {"first": tensor(first), "second": tensor(2 * X**2)},
        {"first": X**2, "second": X**2},
        source="first = total(x)\nsecond = total(x)",
    )
    assert ("constant-factor" in ids(celled(case))) is is_factor


def test_a_class_takes_part_where_its_node_is_or_more_was_done_to_what_it_gave() -> None:
    case = CASES["own-function-not-used"]
    assert case.alone("own-function-not-used") is not None
    (name,) = own_functions(ast.parse(case.source))
    mine = replace(RESULT, grad_fn=f"{name}Backward")
    by_alias = replace(case, answer=cell(1, {**case.answer.names, "y": mine}))
    assert by_alias.alone("own-function-not-used") is None
    below = event(0, roots=(RESULT,), nodes=(Node(1, "SinBackward0"), Node(2, f"{name}Backward")))
    passed = replace(case, answer=replace(case.answer, events=(below,)))
    assert passed.alone("own-function-not-used") is None
    numbers = TensorCheck(id="y", cell="answer", value="y", expect="g")
    asked = replace(numbers, id="gradient", grad_fn=f"{name}Backward")
    scaled = replace(
        case,
        findings=(*case.findings, found("y", "tensor.differs", value="y")),
        checks=(asked, numbers),
    )
    assert scaled.alone("own-function-not-used") is None

"""Where two mistakes meet, a name has to be needed, and borne out by what was seen."""

from dataclasses import replace

import numpy as np
import pytest

from grader import diagnose
from grader.model.exercise import CallCheck, Draw, SourceCheck, TensorCheck
from grader.model.observation import CallObservation, Raised
from grader.model.result import Diagnosis, Message
from tests.check.builders import (
    NONE,
    X,
    backward,
    cell,
    event,
    leaf_tensor,
    tensor,
    variation,
)
from tests.diagnose.cases import GRADIENT, ONCE, Case, diagnosed, gave, once
from tests.diagnose.error_cases import CASES, Built, found, function
from tests.diagnose.number_cases import Called, Celled, called, celled, of_pair, one, pair
from tests.diagnose.number_cases import X as AT

SCALAR = "grad can be implicitly created only for scalar outputs"


def ids(named):
    return [one.id for one in named]


def raising(source, text):
    """A function `f` that raised in its fourth line."""
    case = function(source, None, None, "call.raised")
    said = Message("check.call.raised", {"text": text})
    refused = CallObservation("ex/call/0", "raised", error=Raised("RuntimeError", text, 4))
    return replace(case, findings=(replace(case.findings[0], message=said),), calls=(refused,))


def test_beside_inputs_that_were_replaced_nothing_is_read_into_the_same_answers():
    seen = Diagnosis("replaced-inputs", 0.97, ("a", "b"))
    chance = Diagnosis("wrong-cotangent", 0.95, ("b", "c"))
    apart = Diagnosis("wrong-choice", 0.8, ("d",))
    assert diagnose.ranked([chance, seen, apart]) == (seen, apart)
    likely = replace(seen, confidence=0.96)
    assert diagnose.ranked([chance, likely]) == (likely, chance)


def test_a_guess_about_a_skipped_check_is_not_told():
    guess = Diagnosis("constant-factor", 0.78, ("waits",))
    sure = replace(guess, confidence=0.8)
    assert diagnose.ranked([guess], ("pass",)) == ()
    assert diagnose.ranked([sure], ("pass",)) == (sure,)


def test_what_a_wrong_function_gave_to_others_has_its_cause_there():
    cause = Diagnosis("transposed-jacobian", 0.94, ("jacobian",))
    consequence = Diagnosis("jvp-for-vjp", 0.95, ("weighted",))
    causes = {"weighted": frozenset(["jacobian"])}
    assert diagnose._first_hand([consequence, cause], causes) == [cause]
    assert diagnose._first_hand([consequence], causes) == [consequence]
    unsure = replace(cause, confidence=0.6)
    assert diagnose._first_hand([consequence, unsure], causes) == [consequence, unsure]


ENDLESS = (
    "def even(x):\n    return odd(x)\ndef odd(x):\n    return even(x) if len(x) else ends(x)\n"
    "def ends(x):\n    return x"
)


def causes(source, functions, wrong):
    """Which wrong checks are the causes of which, of checks given as {id: function}."""
    checks = tuple(
        CallCheck(id=id, cell="answer", function=name, inputs=({"x": Draw()},), expect=name)
        for id, name in functions.items()
    )
    findings = tuple(found(id, "call.differs") for id in functions if id in wrong)
    given = Built(source, findings, checks).facts().causes
    return {id: set(others) for id, others in given.items()}


def test_a_wrong_answer_knows_the_wrong_functions_that_made_it():
    functions = {name: name for name in ("table", "weighted", "other")}
    source = (
        "def table(x):\n    return x\ndef weighted(x):\n    return table(x)\n"
        "def other(x):\n    return x"
    )
    assert causes(source, functions, wrong=functions) == {"weighted": {"table"}}
    assert causes(source, functions, wrong=("weighted", "other")) == {}


def test_functions_that_call_each_other_are_not_one_anothers_cause():
    functions = {name: name for name in ("even", "odd", "ends")}
    found = causes(ENDLESS, functions, wrong=functions)
    assert found == {"even": {"ends"}, "odd": {"ends"}}
    assert causes(ENDLESS, functions, wrong=("even", "odd")) == {}


def test_a_function_that_two_checks_ask_is_one():
    functions = {"even": "even", "hidden": "even", "odd": "odd", "ends": "ends"}
    assert causes(ENDLESS, functions, wrong=("even", "hidden", "odd")) == {}
    found = causes(ENDLESS, functions, wrong=functions)
    assert found == {"even": {"ends"}, "hidden": {"ends"}, "odd": {"ends"}}
    user = f"{ENDLESS}\ndef user(x):\n    return even(x)"
    found = causes(user, functions | {"user": "user"}, wrong=("even", "hidden", "user"))
    assert found == {"user": {"even", "hidden"}}


@pytest.mark.parametrize(("code", "first"), [("3 * x.grad", True), ("x.grad", False)])
def test_a_factor_that_stands_in_the_answer_is_surer_than_other_readings_of_it(code, first):
    loop = "def slope(x):\n    for part in x:\n        (part**2).sum().backward()\n"
    cases = [({"x": x}, 2 * x, 6 * x) for x in (np.array([1.0, 2, 4]), np.array([3.0, -1, 5]))]
    case = Called(cases, f"{loop}    return {code}")
    assert (ids(called(case))[0] == "constant-factor") is first


def test_a_minus_before_the_answer_is_surer_than_what_the_code_might_mean():
    source = "def slope(x, v):\n    return {}(v @ torch.func.jvp(f, (x,), (v,))[1])"
    minus = of_pair(lambda j, v: v @ j, lambda j, v: -(v @ j), source.format("-"))
    assert ids(called(minus))[0] == "sign-flipped"
    assert called(minus)[0].confidence > 0.95


def test_forward_mode_in_the_code_alone_is_no_certainty():
    source = "def slope(x, v):\n    return torch.func.jvp(f, (x,), (v,))[1]"
    (named, *_) = called(of_pair(lambda j, v: v @ j, lambda j, v: 3.7 * v, source))
    assert (named.id, named.confidence) == ("jvp-for-vjp", 0.85)
    assert pair(np.array([1.0, 2.0])).shape == (2, 2)


def stopped(source, asked_none):
    error = Raised("TypeError", "unsupported operand: 'int' and 'NoneType'", 1)
    check = TensorCheck(id="empty", cell="answer", value="empty", none=asked_none)
    missing = found("empty", "value.after_error", "missing", value="empty")
    answer = cell(1, {"x": leaf_tensor(X)}, status="error", error=error)
    return ids(Built(source, (missing,), (check,), answer).diagnosed())


def test_a_gradient_that_is_to_be_none_is_not_missing():
    assert stopped("empty = 5 * x.grad", None)[0] == "no-gradient"
    assert "no-gradient" not in stopped("empty = 5 * x.grad", True)


def test_where_a_neighbour_was_filled_a_pass_was_made():
    error = Raised("TypeError", "unsupported operand: 'int' and 'NoneType'", 2)
    missing = found("gradient", "value.after_error", "missing", value="x_gradient")

    def named(w_grad):
        names = {"x": leaf_tensor(X), "w": leaf_tensor(X, w_grad, id=2)}
        answer = cell(1, names, status="error", error=error)
        case = Built("w_gradient = w.grad\nx_gradient = 5 * x.grad", (missing,), answer=answer)
        return ids(case.diagnosed())

    assert named(None)[0] == "no-gradient"
    assert "no-gradient" not in named(ONCE)


def test_a_none_that_was_zeroed_in_a_function_is_about_the_zeroing():
    source = (
        "def f(t):\n    leaf = t.clone().requires_grad_()\n    leaf.grad.zero_()\n"
        "    leaf.sum().backward()\n    return leaf.grad"
    )
    text = "'NoneType' object has no attribute 'zero_'"
    assert raising(source, text).alone("gradient-of-a-clone") is None
    read = "'NoneType' object has no attribute 'clone'"
    assert raising(source.replace("zero_", "clone"), read).alone("gradient-of-a-clone") is not None


def test_a_result_is_not_blamed_for_an_empty_grad_where_only_grad_was_called():
    names = {"x": leaf_tensor(X), "x_gradient": NONE}
    names["t"] = tensor(X, requires_grad=True, leaf=False, grad_fn="ToCopyBackward0")
    missing = found("gradient", "value.none", value="x_gradient")
    source = "t = x.double()\ntorch.autograd.grad((t * t).sum(), t)\nx_gradient = t.grad"

    def named(*events):
        case = Built(source, (missing,), answer=cell(1, names, events=events))
        return case.alone("not-a-leaf")

    assert named(backward(leaf_tensor(X), ONCE)) is not None
    assert named(event(api="grad", inputs=(1,))) is None


def test_a_result_that_kept_its_gradient_and_was_not_reached_is_not_blamed_for_being_one():
    case = CASES["not-a-leaf"]
    lines = case.source.splitlines()
    looped = "for one in (t, w):\n    one.retain_grad()"

    def named(*before, after=()):
        source = "\n".join([lines[0], *before, lines[1], *after, *lines[2:]])
        return replace(case, source=source).alone("not-a-leaf")

    assert named() is not None
    assert named("w.retain_grad()") is not None
    assert named(after=["t.retain_grad()"]) is not None
    assert named("t.retain_grad()") is None
    assert named(looped) is None


def test_a_pass_does_the_power_rule_right():
    given, leaf = np.ones(4), leaf_tensor(AT)

    def named(source, reached=leaf):
        wrong = {"x_gradient": tensor(given), "x": leaf_tensor(AT, grad=given)}
        through = backward(reached, np.ones(reached.shape))
        return ids(celled(Celled(wrong, {"x_gradient": 2 * AT}, (through,), source)))

    of_another = "x.sum().backward()\nx_gradient = x.grad"
    assert "power-rule" not in named(of_another)
    retained = "y = x + 1\ny.retain_grad()\ny.sum().backward()\nx_gradient = y.grad.clone()"
    assert "power-rule" not in named(retained, leaf_tensor([5.0], id=77))
    own = "class Square(Function):\n    def backward(ctx, g):\n        return g\n"
    assert "power-rule" in named(f"{own}Square.apply(x).sum().backward()\nx_gradient = x.grad")


def test_a_quotient_or_a_formula_by_hand_is_no_other_function():
    by_hand = "def slope(x):\n    return 3 * x.cos()"
    odd = one(lambda x: x**2, lambda x: np.tanh(x) + 0.3, by_hand)
    assert "wrong-function" not in ids(called(odd))
    passed = "def slope(x):\n    f(x).backward()\n    return x.grad"
    assert "wrong-function" in ids(called(replace(odd, source=passed)))
    value = Celled({"y": tensor([0.3, 5.1])}, {"y": np.array([1.0, 2.0])}, source="y = g(x)")
    assert "wrong-function" in ids(celled(value))
    quotient = "y = (cube(x + h) - cube(x - h)) / (2 * h)"
    assert "wrong-function" not in ids(celled(replace(value, source=quotient)))


def test_zeros_are_no_other_functions_derivative():
    zero = Celled({"y": tensor([0.0, 0.0])}, {"y": np.array([1.0, 2.0])}, source="y = g(x)")
    assert "wrong-function" not in ids(celled(zero))
    other = replace(zero, names={"y": tensor([0.3, 5.1])})
    assert "wrong-function" in ids(celled(other))


def test_two_numbers_alone_make_no_factor():
    case = Celled({"slope": tensor(0.3719)}, {"slope": np.array(1.0)}, source="slope = g(x)")
    assert ids(celled(case)) == []
    seven = replace(case, names={"slope": tensor(7.0)})
    assert ids(celled(seven)) == ["constant-factor"]


def test_a_forbidden_function_in_a_wrong_value_is_no_derivative():
    forbid = (SourceCheck(id="no-cos", forbid=("torch.cos",)),)
    case = Celled({"y": tensor(np.cos(X))}, {"y": np.sin(X)}, checks=forbid)
    value = replace(case, source="y = torch.cos(x)")
    assert "derivative-by-formula" not in ids(celled(value))
    both = replace(case, source="y = torch.cos(x)\nderivative = torch.cos(x)")
    assert "derivative-by-formula" in ids(celled(both))


def test_an_element_that_is_written_gives_the_name_to_no_other_tensor():
    source = "def f(t):\n    out = t * 1\n    with torch.no_grad():\n        {}\n    return out"

    def named(line):
        case = function(source.format(line), None, None, "call.gradient_differs")
        return [one.id for one in case.diagnosed()]

    assert named("out = out - t") == ["leaf-replaced"]
    assert named("out[1] = out[0] * t[1]") == ["detached-early"]


def test_a_value_under_another_name_and_a_quotient_are_no_formula():
    waiting = replace(GRADIENT, needs=("pass",))

    def named(source):
        return ids(diagnosed(Case(gave(ONCE), (Case(gave(ONCE)).checks[0], waiting), source)))

    assert named("x_gradient = 2 * x") == ["derivative-by-formula"]
    assert "derivative-by-formula" not in named("x_gradient = y.detach()")
    assert "derivative-by-formula" not in named("x_gradient = (f(x + h) - f(x)) / h")
    assert "derivative-by-formula" not in named("x_gradient = torch.func.jacfwd(f)(x) @ ones")


def test_where_a_function_is_wrong_something_else_was_trained():
    trained = Celled(
        {"trained": tensor([5.0, -3.0])},
        {"trained": np.array([0.1, 7.0])},
        source="w = torch.randn(2)\ntrained = w",
    )
    assert ids(celled(trained)) == ["untrained"]
    loss = CallCheck(
        id="loss", cell="answer", function="loss", inputs=({"x": Draw()},), expect="loss"
    )
    refused = CallObservation("ex/loss/0", "raised", error=Raised("ValueError", "no", 1))
    assert "untrained" not in ids(celled(replace(trained, checks=(loss,), calls=(refused,))))


def typed(source, later):
    changed = [5.0, 6.0, 7.0, 8.0]
    other = variation(changed, cell(0, {"x": leaf_tensor(changed)}), gave(later))
    check = replace(GRADIENT, vary=True)
    return ids(diagnosed(Case(gave(ONCE), (check,), source, variations=(other,))))


def test_a_part_that_was_typed_in_follows_no_input():
    source = "part = {}\nx_gradient = part + x.exp()"
    later = [9.1, 8.3, 7.7, 6.2]
    assert typed(source.format("torch.tensor([1.5, 2.0, 3.0, 4.0])"), later)[0] == (
        "typed-in-constant"
    )
    assert "typed-in-constant" not in typed(source.format("torch.sin(x)"), later)


def test_zeros_were_not_typed_in():
    changed = [5.0, 6.0, 7.0, 8.0]
    other = variation(changed, cell(0, {"x": leaf_tensor(changed)}), gave(np.zeros(4)))
    check = replace(GRADIENT, vary=True)
    zeros = Case(gave(np.zeros(4)), (check,), "x_gradient = torch.zeros(4)", variations=(other,))
    assert "typed-in-constant" not in ids(diagnosed(zeros))


def test_the_formula_of_a_pass_that_is_returned_is_its_value():
    source = "def slope(x):\n    (x**2).sum().backward()\n    return {}"
    case = one(lambda x: 2 * x, lambda x: x**2, source.format("(x**2).detach()"))
    assert ids(called(case))[0] == "value-for-gradient"
    power = replace(case, source=source.format("x.grad"))
    assert ids(called(power))[0] == "power-rule"


def test_a_name_that_is_asked_for_and_not_given_stands_under_another():
    error = Raised("NameError", "name 'y' is not defined", 2)
    missing = found("pass", "event.none_after_error", "missing")
    answer = cell(1, {"x": leaf_tensor(X)}, status="error", error=error)

    def named(asked):
        checks = (TensorCheck(id=asked, cell="answer", value=asked, expect="g"),)
        source = "my_answer = x * x\ny.backward()"
        return ids(Built(source, (missing,), checks, answer).diagnosed())

    assert named("y")[0] == "right-value-under-another-name"
    assert "right-value-under-another-name" not in named("z")  # a slip of the keyboard


@pytest.mark.parametrize("root", ["leaf", "y"])
def test_a_pass_over_a_leaf_in_a_function_is_about_the_leaf(root):
    source = (
        "def f(t):\n    leaf = t.detach().clone().requires_grad_()\n    y = leaf * leaf\n"
        f"    {root}.backward()\n    return leaf.grad"
    )
    case = raising(source, SCALAR)
    name = "backward-on-leaf" if root == "leaf" else "scalar-output-required"
    assert ids(case.diagnosed())[:1] == [name]


def test_a_coefficient_that_stands_in_a_list_is_solved_for():
    source = "terms = [{} * x, x**2]\ny = torch.stack(terms).sum(0)"
    wrong, right = 2 * AT + AT**2, 7.3 * AT + AT**2
    case = Celled({"y": tensor(wrong)}, {"y": right}, source=source.format(2))
    assert ids(celled(case)) == ["constant-factor"]


def test_a_list_that_is_used_twice_is_changed_in_both_places():
    source = "terms = [{} * x, x**2]\ny = torch.stack(terms).sum(0) * torch.stack(terms).sum(0)"
    wrong, right = (2 * AT + AT**2) ** 2, (3 * AT + AT**2) ** 2
    case = Celled({"y": tensor(wrong)}, {"y": right}, source=source.format(2))
    assert ids(celled(case)) == ["constant-factor"]


def test_what_a_function_cut_off_is_looked_for_in_that_function():
    source = (
        "def f(w, t):\n    y = w * t\n    slope = torch.autograd.grad(y, t)[0]\n    return slope\n"
        "loss = f(w, x)\nloss.backward()"
    )
    ended = Raised("RuntimeError", "element 0 of tensors does not require grad", 6)
    ended = replace(ended, text=f"{ended.text} and does not have a grad_fn")
    missing = found("gradient", "value.after_error", "missing")
    answer = cell(1, {"x": leaf_tensor(X)}, status="error", error=ended)
    assert ids(Built(source, (missing,), answer=answer).diagnosed()) == ["graph-not-created"]


@pytest.mark.parametrize(
    ("line", "edited"),
    [("x.data += 1", True), ("x.data -= 0.1 * step", False), ("print(x.data)", False)],
)
def test_numbers_that_were_written_through_data(line, edited):
    source = f"{line}\n(x * x).sum().backward()\nx_gradient = x.grad"
    wrong = found("gradient", "value.differs", value="x_gradient")
    named = Built(source, (wrong,), answer=gave(ONCE, once)).alone("data-edited")
    assert (named is not None) is edited


def test_a_quotient_that_was_asked_for_is_no_shortcut():
    source = "def {}(t):\n    return (f(t + h) - f(t)) / h"
    for name, is_one in (("slope", True), ("central_difference", False)):
        case = function(source.format(name).replace("def f(", "def g("), None, None, "call.differs")
        check = replace(case.checks[0], function=name, id=name)
        event_missing = found("pass", "event.none", "missing")
        wrong = (replace(case.findings[0], check=name), event_missing)
        built = replace(case, checks=(check, Case(gave(ONCE)).checks[0]), findings=wrong)
        assert (built.alone("finite-differences") is not None) is is_one

from dataclasses import replace

import numpy as np
import pytest

from grader.check.passes import longest_run
from grader.model.exercise import EventCheck, EventSelector, Role, TensorCheck
from grader.model.observation import Leaf, Node, Raised
from tests.check.builders import (
    X,
    backward,
    capture,
    cell,
    event,
    exercise,
    graded,
    leaf_tensor,
    submission,
    tensor,
)

TWICE = Raised("RuntimeError", "Trying to backward through the graph a second time (or …)")
x = leaf_tensor(X)
EVENTS = {"pass": EventSelector(cell="answer")}
NODES = [Node(1, "MulBackward0", (2,)), Node(2, "DotBackward0", (3,)), Node(3, "AccumulateGrad")]


def double(x):
    return 2 * x


def finding(*events, spec=None, selector=None, own_names=False, names=None, **references):
    spec = spec or EventCheck(id="e", event="pass", succeeded=True)
    ex = exercise(spec, events={"pass": selector or EventSelector(cell="answer")})
    observed = capture(cell(0, {"x": x}), cell(1, names or {"x": x}, events=events))
    return graded(ex, submission(own_names=own_names), observed, **references)["e"]


@pytest.mark.parametrize(
    ("expectation", "good", "bad"),
    [
        ({"succeeded": True}, backward(x, X), event(error=TWICE)),
        ({"succeeded": False}, event(error=TWICE), backward(x, X)),
        ({"raised": "a second time"}, event(error=TWICE), event(error=Raised("E", "other"))),
        ({"raised": "a second time"}, event(error=TWICE), backward(x, X)),
        ({"retain_graph": True}, event(retain_graph=True), event()),
        ({"retain_graph": False}, event(), event(retain_graph=True)),
        ({"fills_grad": True}, backward(x, X), event(leaves=(Leaf(1, x),))),
        ({"fills_grad": True}, event(api="grad", returned=(None, x)), event(api="grad")),
        ({"fills_grad": True}, backward(x, X), replace(backward(x, X), error=TWICE)),
        ({"fills_grad": False}, event(), backward(x, X)),
        ({"argument": True}, backward(x, X, gradients=(x,)), backward(x, X)),
        ({"argument": False}, backward(x, X), backward(x, X, gradients=(x,))),
        ({"leaf_gradient": "double"}, backward(x, [2, 4, 6, 8]), backward(x, X)),
        (
            {"leaf_gradient": "double"},
            backward(x, [2, 4, 6, 8], before=[1, 1, 1, 1]),
            backward(x, [4, 8, 12, 16]),
        ),
        (
            {"leaf_gradient": "double"},
            event(api="grad", inputs=(1,), leaves=(Leaf(1, x),), returned=(tensor([2, 4, 6, 8]),)),
            event(api="grad", inputs=(7,), leaves=(Leaf(1, x),), returned=(tensor([2, 4, 6, 8]),)),
        ),
        (
            {"leaf_gradient": "double"},
            backward(x, [2, 4, 6, 8]),
            backward(x, [2, 4, 6, np.nan]),
        ),
        (
            {"gradient": "double"},
            backward(x, X, root=x, gradients=(tensor([2, 4, 6, 8]),)),
            backward(x, X, root=x, gradients=(tensor([1, 1, 1, 1]),)),
        ),
        (
            {"gradient": "double"},
            backward(x, X, root=x, gradients=(tensor([2, 4, 6, 8]),)),
            backward(x, X, root=x, gradients=(None,)),
        ),
    ],
)
def test_each_expectation_is_met_by_one_pass_and_not_by_another(expectation, good, bad):
    spec = EventCheck(id="e", event="pass", **expectation)
    assert finding(good, spec=spec, double=double).status == "passed"
    assert finding(bad, spec=spec, double=double).status == "failed"


def test_a_scalar_root_without_an_argument_has_the_cotangent_one():
    spec = EventCheck(id="e", event="pass", gradient="one")
    assert finding(backward(x, X), spec=spec, one=lambda x: 1.0).status == "passed"


def test_one_good_attempt_among_many_is_enough():
    bad = [event(i, error=TWICE) for i in range(100)]
    assert finding(*bad, backward(x, X, serial=200), *bad).status == "passed"


def test_the_nearest_attempt_is_the_one_that_is_told():
    spec = EventCheck(id="e", event="pass", succeeded=True, retain_graph=True)
    near = event(1, retain_graph=True, error=TWICE, line=7)
    found = finding(event(0, error=TWICE), near, spec=spec)
    assert (found.message.id, found.line) == ("check.event.raised", 7)
    assert found.message.params["type"] == "RuntimeError"


def test_a_pass_in_another_cell_is_not_the_one_that_is_asked_for():
    spec = EventCheck(id="e", event="pass", succeeded=True)
    ex = exercise(spec, events={"pass": EventSelector(cell="answer")})
    observed = capture(cell(0, {"x": x}, events=(backward(x, X),)), cell(1, {"x": x}))
    found = graded(ex, submission(), observed)["e"]
    assert (found.status, found.message.id) == ("missing", "check.event.none")


ROOT = tensor(28.0, requires_grad=True, leaf=False, id=9)


@pytest.mark.parametrize(
    ("conditions", "good", "bad"),
    [
        ({"api": "grad"}, event(api="grad"), event()),
        ({"root": "y"}, backward(x, X, root=ROOT), backward(x, X, root=replace(ROOT, id=5))),
        ({"root": "nowhere"}, None, backward(x, X, root=replace(ROOT, id=None))),
        ({"leaf": "x"}, backward(x, X), backward(leaf_tensor(X, id=4), X)),
        ({"leaf_elements": 4}, backward(x, X), backward(leaf_tensor([1.0]), [1.0])),
        ({"through": {"MulBackward0": 1}}, backward(x, X, nodes=NODES), backward(x, X)),
        ({"through": {"MulBackward": 1}}, backward(x, X, nodes=NODES), event(nodes=NODES[1:])),
    ],
)
def test_each_condition_selects(conditions, good, bad):
    selector = EventSelector(cell="answer", **conditions)
    names = {"x": x, "y": ROOT}
    if good is not None:
        assert finding(good, selector=selector, names=names).status == "passed"
    assert finding(bad, selector=selector, names=names).status == "missing"


@pytest.mark.parametrize(("which", "status"), [("first", "passed"), ("last", "failed")])
def test_first_and_last_go_by_the_order_in_which_passes_began(which, status):
    selector = EventSelector(cell="answer", which=which)
    assert finding(event(5, error=TWICE), event(2), selector=selector).status == status


def again(*events):
    return finding(*events, selector=EventSelector(cell="answer", again=True)).status


def test_a_second_pass_over_the_same_nodes_is_again():
    assert again(event(0, nodes=NODES), event(1, nodes=NODES)) == "passed"


def test_a_pass_that_shares_only_the_leaf_is_not_again():
    other = [Node(11, "MulBackward0", (3,)), NODES[2]]
    assert again(event(0, nodes=NODES), event(1, nodes=other)) == "missing"


def test_a_pass_after_one_that_raised_or_made_a_graph_is_not_again():
    assert again(event(0, nodes=NODES, error=TWICE), event(1, nodes=NODES)) == "missing"
    made = event(0, nodes=NODES, create_graph=True, roots=(ROOT,))
    of_its_gradient = event(1, nodes=NODES, roots=(replace(ROOT, id=31),))
    assert again(made, of_its_gradient) == "missing"


@pytest.mark.parametrize("more", [{}, {"create_graph": True}])
def test_a_pass_from_the_same_root_after_one_that_made_a_graph_is_again(more):
    made = event(0, nodes=NODES, create_graph=True, roots=(ROOT,))
    assert again(made, event(1, nodes=NODES, roots=(ROOT,), **more)) == "passed"
    other = [Node(11, "MulBackward0", (3,)), NODES[2]]
    assert again(made, event(1, nodes=other, roots=(ROOT,), **more)) == "missing"


def test_a_run_of_nodes_is_counted_along_a_chain():
    chain = [Node(i, "MulBackward0", (i + 1, -1)) for i in range(5000)]
    assert longest_run(chain, "MulBackward0") == 5000
    broken = [replace(node, name="AddBackward0") if node.id == 10 else node for node in chain]
    assert longest_run(broken, "MulBackward0") == 4989
    assert longest_run([], "MulBackward0") == 0


def test_a_forged_loop_of_nodes_ends():
    assert longest_run([Node(1, "A", (2,)), Node(2, "A", (1, 2))], "A") == 2
    assert finding(event(nodes=[Node(1, "A", (1, 10**18))])).status == "passed"


def test_a_notebook_with_names_of_its_own_is_searched_only_where_the_author_allows_it():
    allowed = EventSelector(cell="answer", own_names=True)
    assert finding(event(), selector=allowed, own_names=True).status == "passed"
    refused = finding(event(), own_names=True)
    assert (refused.status, refused.message.id) == ("missing", "check.own_names")


def test_passes_beyond_the_bound_are_told_of():
    observed = cell(1, events_total=5000)
    ex = exercise(
        EventCheck(id="e", event="pass", succeeded=True),
        events={"pass": EventSelector(cell="answer", root="y")},
    )
    found = graded(ex, submission(), capture(cell(0), observed))["e"]
    assert found.message.id == "check.event.bound"


@pytest.mark.parametrize(
    ("conditions", "counted", "told"),
    [
        ({"api": "grad"}, {}, "none"),
        ({"leaf_elements": 24}, {"line": 9}, "none"),
        ({"leaf_elements": 24}, {"line": 8}, "bound"),
        ({"leaf_elements": 24}, {"line": 9, "api": "grad"}, "bound"),
        ({"leaf_elements": 24}, {}, "bound"),
        ({"api": "backward", "root": "y"}, {"line": 9}, "bound"),
        ({"again": True}, {"line": 9}, "bound"),
    ],
)
def test_a_bound_is_told_of_only_where_it_may_have_hidden_the_pass(conditions, counted, told):
    others = [event(n, detailed=False, **counted) for n in range(64, 800)]
    seen = [replace(backward(x, X, serial=n), line=9) for n in range(64)]
    found = finding(*seen, *others, selector=EventSelector(cell="answer", **conditions))
    assert found.message.id == f"check.event.{told}"


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_right_pass_is_found_whatever_a_loop_did_before_it_and_after_it(place):
    wrong = [backward(x, X, serial=n, line=5) for n in range(200)]
    at = {"first": 0, "middle": 100, "last": 200}[place]
    right = backward(x, [2, 4, 6, 8], serial=at, line=7)
    events = (*wrong[:at], right, *wrong[at:])
    spec = EventCheck(id="e", event="pass", leaf_gradient="double")
    assert finding(*events, spec=spec, double=double).status == "passed"
    assert finding(*wrong, spec=spec, double=double).status == "failed"


def test_of_a_loop_the_first_passes_are_judged_and_the_last():
    spec = EventCheck(id="e", event="pass", leaf_gradient="double")
    for at in (0, 3, 196, 199):
        events = [backward(x, X, serial=n, line=5) for n in range(200)]
        events[at] = backward(x, [2, 4, 6, 8], serial=at, line=5)
        assert finding(*events, spec=spec, double=double).status == "passed"


def test_passes_with_several_leaves_do_not_hide_the_one_before_them():
    other = Leaf(2, leaf_tensor(X, id=2), None, tensor(X))

    def several(given, leaves, **more):
        event = backward(x, given, **more)
        return replace(event, leaves=(*event.leaves, *[other] * (leaves - 1)))

    spec = EventCheck(id="e", event="pass", leaf_gradient="double")
    right = several([2, 4, 6, 8], 2, serial=0, line=3)
    for leaves in (2, 20):
        loop = [several(X, leaves, serial=n + 1, line=5) for n in range(40)]
        assert finding(right, *loop, spec=spec, double=double).status == "passed"
        assert finding(*loop, spec=spec, double=double).status == "failed"


def test_of_passes_in_very_many_lines_the_last_is_judged():
    spec = EventCheck(id="e", event="pass", leaf_gradient="double")
    before = [backward(x, X, serial=n, line=n + 1) for n in range(40)]
    right = backward(x, [2, 4, 6, 8], serial=40, line=41)
    assert finding(*before, right, spec=spec, double=double).status == "passed"


def test_roles_of_the_judged_event_come_from_that_very_event():
    roles = {
        "x": Role(event="pass", field="leaf"),
        "v": Role(event="pass", field="gradient"),
        "old": Role(event="pass", field="before", optional=True),
    }
    spec = EventCheck(id="e", event="pass", leaf_gradient="vjp")
    ex = exercise(spec, roles=roles, events={"pass": EventSelector(cell="answer")})
    mine = leaf_tensor([5.0], id=3)
    other = leaf_tensor([7.0], id=4)
    events = backward(other, [1.0]), backward(mine, [10.0], serial=1), backward(other, [2.0])
    observed = capture(cell(0), cell(1, events=events))
    seen = []

    def vjp(x, v, old):
        seen.append((x.item(), v.item(), old))
        return 2 * x * v

    assert graded(ex, submission(), observed, vjp=vjp)["e"].status == "passed"
    assert (5.0, 1.0, None) in seen


def test_a_value_can_be_held_against_the_leaf_of_a_pass():
    roles = {"x": Role(event="pass", field="leaf")}
    spec = TensorCheck(id="t", cell="answer", value="g", expect="double", roles=roles)
    ex = exercise(spec, roles={}, events=EVENTS, functions={"double": ("x",)})
    mine = leaf_tensor([5.0], id=3)
    names = {"g": tensor([10.0])}
    observed = capture(cell(0), cell(1, names, events=(backward(mine, [10.0]),)))
    assert graded(ex, submission(), observed, double=double)["t"].status == "passed"
    without = capture(cell(0), cell(1, names))
    assert graded(ex, submission(), without, double=double)["t"].status == "missing"


def test_passes_without_details_meet_only_what_is_known_of_them():
    bare = event(detailed=False)
    spec = EventCheck(id="e", event="pass", leaf_gradient="double")
    assert finding(bare).status == "passed"
    assert finding(bare, spec=spec, double=double).status == "failed"


@pytest.mark.parametrize("source", ["y = ...\nz = None", "y = 1", "pass", "# nothing", "'words'"])
def test_a_pass_of_a_cell_that_calls_nothing_is_not_believed(source):
    spec = EventCheck(id="e", event="pass", succeeded=True)
    ex = exercise(spec, events=EVENTS)
    observed = capture(cell(0, {"x": x}), cell(1, {"x": x}, events=(backward(x, X),)))
    assert graded(ex, submission("x = g()", source), observed)["e"].status == "missing"
    assert graded(ex, submission("x = g()", "y.backward()"), observed)["e"].status == "passed"


@pytest.mark.parametrize("source", ["%time y.backward()", "%%time\ny.backward()", "z = y @ y"])
def test_a_pass_may_come_of_anything_that_computes(source):
    spec = EventCheck(id="e", event="pass", succeeded=True)
    ex = exercise(spec, events=EVENTS)
    observed = capture(cell(0, {"x": x}), cell(1, {"x": x}, events=(backward(x, X),)))
    assert graded(ex, submission("x = g()", source), observed)["e"].status == "passed"

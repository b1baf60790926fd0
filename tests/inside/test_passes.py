"""Autograd passes, in process: a probe is woven in for the length of a test."""

import threading

import numpy as np
import pytest
import torch

from grader.inside.probe import Probe

SEAMS = (
    (torch.autograd.graph, "_engine_run_backward"),
    (torch.autograd, "_engine_run_backward"),
    (torch.autograd, "_make_grads"),
    (torch.utils, "swap_tensors"),
)


@pytest.fixture
def passes(monkeypatch):
    for module, name in SEAMS:
        monkeypatch.setattr(module, name, getattr(module, name))  # put back afterwards
    probe = Probe(None)
    probe.passes.install()
    return probe.passes


def taken(passes):
    events, _, problems = passes.take()
    assert not problems
    return events


def numbers(value):
    return None if value is None else value["data"].tolist()


def leaf(*values):
    return torch.tensor(values, requires_grad=True)


def test_the_gradient_is_none_where_none_was_given(passes):
    x = leaf(1.0, 2.0)
    (x * x).sum().backward()
    (x * x).backward(torch.tensor([3.0, 4.0]))
    first, second = taken(passes)
    assert first["gradients"] == [None]
    assert numbers(second["gradients"][0]) == [3, 4]
    assert numbers(second["leaves"][0]["before"]) == [2, 4]
    assert numbers(second["leaves"][0]["after"]) == [8, 20]


def test_a_gradient_of_ones_is_told_from_none(passes):
    x = leaf(2.0)
    y = (x * x).sum()
    y.backward(torch.ones_like(y))
    assert numbers(taken(passes)[0]["gradients"][0]) == 1


def test_flags_arrive_resolved(passes):
    x = leaf(1.0)
    (x**3).sum().backward(create_graph=True)
    (x**3).sum().backward(retain_graph=True)
    (x**3).sum().backward()
    flags = [(e["retain_graph"], e["create_graph"]) for e in taken(passes)]
    assert flags == [(True, True), (True, False), (False, False)]


def test_grad_returns_and_fills_nothing(passes):
    a, b, c = leaf(3.0), leaf(5.0), leaf(1.0)
    torch.autograd.grad((a * b).sum(), (a, b, c), allow_unused=True)
    (event,) = taken(passes)
    assert event["api"] == "grad"
    assert [numbers(value) for value in event["returned"]] == [[5], [3], None]
    assert [entry["after"] for entry in event["leaves"]] == [None, None]
    ids = [entry["id"] for entry in event["leaves"]]
    assert event["inputs"][:2] == ids
    assert event["inputs"][2] not in ids


def test_backward_with_inputs_names_them(passes):
    a, b = leaf(3.0), leaf(5.0)
    (a * b).sum().backward(inputs=[b])
    (event,) = taken(passes)
    assert event["inputs"] == [event["leaves"][1]["id"]]
    assert [numbers(entry["after"]) for entry in event["leaves"]] == [None, [3]]
    (a * b).sum().backward()
    assert taken(passes)[0]["inputs"] is None


@pytest.mark.parametrize(
    ("gradient", "text"),
    [(None, "only for scalar outputs"), (torch.ones(3), "Mismatch in shape")],
)
def test_what_is_refused_before_the_engine_is_a_pass_too(passes, gradient, text):
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match=text):
        (x * 2).backward(gradient)
    with pytest.raises(RuntimeError, match=text):
        torch.autograd.grad(x * 2, x, gradient)
    backward, grad = taken(passes)
    assert (backward["api"], grad["api"]) == ("backward", "grad")
    for event in (backward, grad):
        assert text in event["error"]["text"]
        assert numbers(event["gradients"][0]) == (None if gradient is None else [1, 1, 1])
        assert numbers(event["leaves"][0]["value"]) == [1, 2]
        assert event["leaves"][0]["after"] is None


def test_an_error_of_the_engine_ends_the_pass(passes):
    with pytest.raises(RuntimeError, match="does not require grad"):
        torch.ones(()).backward()
    (event,) = taken(passes)
    assert event["error"]["type"] == "RuntimeError"
    assert event["nodes"] == event["leaves"] == []


def test_nodes_keep_their_ids(passes):
    x = leaf(1.0, 2.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    (x * x).sum().backward()
    first, again, other = ({n["name"]: n["id"] for n in event["nodes"]} for event in taken(passes))
    assert first == again
    assert first["AccumulateGrad"] == other["AccumulateGrad"]
    assert {first["MulBackward0"], first["SumBackward0"]}.isdisjoint(other.values())


def test_the_graph_is_told_from_the_root_down(passes):
    x = leaf(1.0)
    (x.exp() * x.sin()).sum().backward()
    nodes = taken(passes)[0]["nodes"]
    by_id = {node["id"]: node for node in nodes}
    assert [n["name"] for n in nodes][:2] == ["SumBackward0", "MulBackward0"]
    children = [by_id[i]["name"] for i in nodes[1]["next"]]
    assert children == ["ExpBackward0", "SinBackward0"]
    assert [n["leaf"] is None for n in nodes] == [True] * 4 + [False]


def test_a_leaf_that_is_the_root(passes):
    x = leaf(3.0).sum().detach().requires_grad_()
    x.backward()
    (event,) = taken(passes)
    assert event["leaves"][0]["id"] == event["roots"][0]["id"]
    assert numbers(event["leaves"][0]["after"]) == 1


def test_a_pass_inside_a_pass(passes):
    class Inner(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a):
            ctx.save_for_backward(a)
            return a**2

        @staticmethod
        def backward(ctx, g):
            (a,) = ctx.saved_tensors
            with torch.enable_grad():
                b = a.detach().requires_grad_()
                (d,) = torch.autograd.grad((b**2).sum(), b)
            return g * d

    x = leaf(3.0)
    Inner.apply(x).sum().backward()
    outer, inner = taken(passes)
    assert (outer["serial"], outer["api"], inner["api"]) == (0, "backward", "grad")
    assert numbers(inner["returned"][0]) == [6]
    assert numbers(outer["leaves"][0]["after"]) == [6]
    assert "InnerBackward" in [node["name"] for node in outer["nodes"]]


def test_hooks_and_their_errors(passes):
    x = leaf(1.0)
    x.register_hook(lambda g: g * 10)
    (x * 2).sum().backward()
    assert numbers(taken(passes)[0]["leaves"][0]["after"]) == [20]

    def fails(g):
        raise KeyError("mine")

    y = x * 2
    y.register_hook(fails)
    with pytest.raises(KeyError):
        y.sum().backward()
    assert taken(passes)[0]["error"]["type"] == "KeyError"
    (x * 2).sum().backward()
    assert taken(passes)[0]["error"] is None


def test_threads_are_seen(passes):
    x = leaf(1.0)

    def work():
        for _ in range(5):
            torch.autograd.grad((x * x).sum(), x)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = taken(passes)
    assert [e["serial"] for e in events] == list(range(40))
    assert all(numbers(e["returned"][0]) == [2] for e in events)


def test_transforms_and_batches_pass_through(passes):
    x = torch.ones(3)
    assert torch.func.grad(lambda a: (a**2).sum())(x).tolist() == [2, 2, 2]
    jacobian = torch.func.jacrev(lambda a: a**2)(x)
    assert torch.equal(jacobian, 2 * torch.eye(3))
    batched = torch.vmap(torch.func.grad(lambda a: (a**2).sum()))(torch.ones(2, 3))
    assert batched.tolist() == [[2] * 3] * 2
    y = leaf(1.0, 2.0)
    torch.autograd.grad(y * 2, y, torch.eye(2), is_grads_batched=True)
    torch.autograd.functional.hessian(lambda a: (a**3).sum(), y.detach())
    assert len(taken(passes)) >= 4


def test_gradient_edges_are_roots_and_inputs(passes):
    x = leaf(1.0)
    y = x * 3
    edge = torch.autograd.graph.get_gradient_edge(y)
    torch.autograd.grad((y * 2).sum(), edge)
    torch.autograd.backward(edge, torch.ones(1))
    first, second = taken(passes)
    assert first["inputs"] == [-1]
    assert second["roots"][0]["kind"] == "opaque"
    assert numbers(second["leaves"][0]["after"]) == [3]


def test_subclasses_and_odd_layouts_do_not_break_a_pass(passes):
    weight = torch.nn.Embedding(4, 2, sparse=True)
    weight(torch.tensor([1])).sum().backward()
    (event,) = taken(passes)
    assert event["leaves"][0]["after"]["why"] == "layout:sparse_coo"
    assert np.array(event["leaves"][0]["value"]["data"]).shape == (4, 2)


def test_nothing_of_the_students_is_held(passes):
    import weakref

    x = leaf(1.0)
    y = (x * x).sum()
    y.backward()
    refs = [weakref.ref(x), weakref.ref(y)]
    del x, y
    assert [ref() for ref in refs] == [None, None]
    with pytest.raises(RuntimeError):
        (z := leaf(1.0, 2.0)).backward()
    ref = weakref.ref(z)
    del z
    assert ref() is None


def test_swapped_tensors_can_still_be_swapped(passes):
    x, y = leaf(1.0), leaf(2.0)
    passes.values.any(x)
    passes.values.any(y)
    torch.utils.swap_tensors(x, y)
    assert x.tolist() == [2]

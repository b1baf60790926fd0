"""Keepers answer from the kernel as it was, and outlive it."""

import textwrap

import numpy as np
import pytest

from grader.inside.wire import digest

DEFINITIONS = """
import torch, time, os
w = torch.tensor(2.0)
def square(x): return w * x * x
def fails(x):
    raise KeyError('no')
def leaves(x): raise SystemExit
def loops(x):
    while True: pass
def dies(x): os._exit(3)
def own_backward(x):
    y = (x * x).sum(); y.backward(); return x.grad
def prints(x):
    print('a' * 100000); os.system('echo loud'); display(x); return x * 2
def pair(x, n): return [x.sum(), x.sum() * n]
def asks(x): return input()
def forks(x):
    child = os.fork()
    if child: os.waitpid(child, 0)
    return x * (2 if child else 3)
def draws(x): return torch.rand(2)
def no_grad(x): torch.set_grad_enabled(False); torch.set_default_dtype(torch.float64); return x * 2
"""

X = np.array([1.0, 2.0, 3.0], np.float32)


def tensor(array, requires_grad=False, dtype="float32"):
    key = digest(array)
    value = {"kind": "tensor", "dtype": dtype, "shape": list(array.shape), "data": key}
    return value | {"requires_grad": requires_grad}, {key: array}


def call(kernel, function, *, grad=True, cotangent=(), seconds=20.0):
    (frame,) = calls(kernel, [function], grad=grad, cotangent=cotangent, seconds=seconds)
    return frame


def calls(kernel, functions, *, grad=True, cotangent=(), seconds=20.0):
    value, arrays = tensor(X, requires_grad=grad)
    asked = [
        {"id": f"c{number}", "function": name, "inputs": [["x", value]]}
        | {"cotangent": list(cotangent)}
        for number, name in enumerate(functions)
    ]
    ask = {"ask": "calls", "calls": asked, "seconds": seconds, "wall": 60 * seconds}
    frames = kernel.ask(0, ask, **arrays)
    assert [frame["id"] for frame in frames] == [one["id"] for one in asked]
    return frames


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    from conftest import Kernel

    kernel = Kernel(tmp_path_factory.mktemp("k"), keepers=2)
    kernel.run(DEFINITIONS)
    assert kernel.keep(0) == "ok"
    kernel.run("w = torch.tensor(100.); del pair")
    yield kernel
    kernel.close()


def test_a_call_sees_the_kernel_as_it_was(kept):
    frame = call(kept, "square")
    assert frame["status"] == "ok"
    assert kept.kept(0, frame["returned"]) == [2, 8, 18]
    assert frame["gradients"] == {}


def test_gradients_are_weighted_by_the_cotangent_in_turn(kept):
    frame = call(kept, "square", cotangent=[1.0, 10.0])
    assert kept.kept(0, frame["gradients"]["x"]) == [4, 80, 12]


def test_gradients_only_of_what_requires_them(kept):
    assert call(kept, "square", grad=False, cotangent=[1.0])["gradients"] == {}
    frame = call(kept, "own_backward", cotangent=[1.0])
    assert kept.kept(0, frame["returned"]) == [2, 4, 6]
    assert frame["gradients"] == {"x": None}


def test_several_inputs_in_their_order_and_a_number(kept):
    value, arrays = tensor(X)
    key = digest(np.asarray(3.0))
    number = {"kind": "number", "dtype": "float64", "shape": [], "data": key}
    inputs = [["anything", value], ["whatever", number]]
    asked = {"id": "p", "function": "pair", "inputs": inputs, "cotangent": []}
    arrays[key] = np.asarray(3.0)
    ask = {"ask": "calls", "calls": [asked], "seconds": 20.0, "wall": 120.0}
    (frame,) = kept.ask(0, ask, **arrays)
    assert frame["returned"]["kind"] == "list"
    assert kept.kept(0, frame["returned"]) == [6, 18]


@pytest.mark.parametrize(
    ("function", "status"),
    [("loops", "timeout"), ("dies", "crashed"), ("nowhere", "missing"), ("w", "missing")],
)
def test_what_a_call_may_end_as(kept, function, status):
    frame = call(kept, function, seconds=1.0 if status == "timeout" else 20.0)
    assert (frame["status"], frame["returned"]) == (status, None)
    assert call(kept, "square")["status"] == "ok"


def test_a_call_that_ends_the_fork_costs_no_other_call(kept):
    names = ["square", "dies", "square", "loops", "square"]
    found = [(f["id"], f["status"]) for f in calls(kept, names, seconds=1.0)]
    statuses = ["ok", "crashed", "ok", "timeout", "ok"]
    assert found == [(f"c{number}", status) for number, status in enumerate(statuses)]


def test_a_fork_of_the_functions_own_has_no_say(kept):
    found = calls(kept, ["forks", "square"])
    assert [frame["status"] for frame in found] == ["ok", "ok"]
    assert kept.kept(0, found[0]["returned"]) == [2, 4, 6]


def test_a_call_leaves_neither_random_numbers_nor_modes_changed(kept):
    first, second, third, fourth = calls(
        kept, ["draws", "no_grad", "draws", "square"], cotangent=[1.0]
    )
    assert kept.kept(0, first["returned"]) == kept.kept(0, third["returned"])
    assert second["gradients"] == {"x": None}
    assert kept.kept(0, fourth["gradients"]["x"]) == [4, 8, 12]


@pytest.mark.parametrize(
    ("function", "error", "line"),
    [
        ("fails", {"type": "KeyError", "text": "'no'"}, 6),
        ("leaves", {"type": "SystemExit", "text": ""}, 7),
        ("asks", {"type": "StdinNotImplementedError"}, 16),
    ],
)
def test_an_error_of_the_function_is_an_answer(kept, function, error, line):
    frame = call(kept, function)
    assert frame["status"] == "error"
    assert error.items() <= frame["error"].items()
    assert frame["error"]["line"] == line


def test_what_a_call_prints_reaches_nobody(kept):
    assert call(kept, "prints")["status"] == "ok"
    assert kept.text("print('alone')") == "alone\n"
    kept.frame()


def test_without_a_socket_there_is_no_keeper(kept):
    assert kept.keep(0) == "error"
    assert kept.text("print('lives')") == "lives\n"
    kept.frame()


def test_a_keeper_is_made_where_descriptors_are_used_up(start):
    kernel = start(keepers=1)
    source = """
        import os, resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 120))
        left = []
        try:
            while True: left.append(os.open(os.devnull, os.O_RDONLY))
        except OSError: print(len(left) > 10)
    """
    kernel.run(DEFINITIONS)
    assert kernel.text(textwrap.dedent(source)).startswith("True\n")
    assert kernel.keep(0) == "ok"
    assert call(kernel, "square")["status"] == "ok"


def test_a_keeper_outlives_its_kernel(start):
    kernel = start(keepers=1)
    kernel.run(DEFINITIONS)
    kernel.keep(0)
    kernel.process.kill()
    kernel.process.wait()
    assert call(kernel, "square")["status"] == "ok"


def test_a_kernel_that_shuts_down_leaves_its_keepers(start):
    kernel = start(keepers=1)
    kernel.run(DEFINITIONS)
    kernel.keep(0)
    kernel.client.shutdown()
    kernel.process.wait()
    assert call(kernel, "square")["status"] == "ok"


CELLS = [
    "import torch\nx = torch.tensor([1., 2., 3.], requires_grad=True)",
    "y = (x * x).sum()\ny.backward()",
    "import matplotlib.pyplot as plt\nplt.plot(x.grad.numpy()); print(x); x",
]


def rerun(kernel, cells, seconds=30.0, last=False, **inputs):
    values, arrays = {}, {}
    for name, array in (inputs or {"x": np.array([5.0, 6.0, 7.0], np.float32)}).items():
        value, own = tensor(array, requires_grad=True)
        values[name] = value
        arrays |= own
    ask = {"ask": "rerun", "id": "r", "cells": cells, "replace_after": 0, "inputs": values}
    ask |= {"seconds": seconds, "wall": 6 * seconds, "last": last}
    return kernel.ask(0, ask, **arrays)


@pytest.fixture(scope="module")
def rerunning(tmp_path_factory):
    from conftest import Kernel

    kernel = Kernel(tmp_path_factory.mktemp("k"), keepers=1)
    for cell in CELLS:
        kernel.run(cell)
    kernel.keep(0)
    yield kernel
    kernel.close()


def test_a_rerun_follows_the_replaced_inputs(rerunning):
    *cells, last = rerun(rerunning, CELLS)
    assert (last["status"], last["id"]) == ("ok", "r")
    assert [c["count"] for c in cells] == [0, 1, 2]
    assert [c["error"] for c in cells] == [None, None, None]
    x = cells[0]["names"]["x"]
    assert rerunning.kept(0, x) == [5, 6, 7]
    assert (x["requires_grad"], x["leaf"]) == (True, True)
    (event,) = cells[1]["events"]
    assert event["serial"] == 0
    assert rerunning.kept(0, event["leaves"][0]["after"]) == [10, 12, 14]
    (figure,) = cells[2]["figures"]
    assert rerunning.kept(0, figure["axes"][0]["curves"][0]["y"]) == [10, 12, 14]


@pytest.mark.parametrize(
    ("restated", "x", "y"),
    [
        ("x = torch.tensor([1., 2., 3.], requires_grad=True)\ny = x.sum()", [5, 6, 7], 18),
        ("x = torch.arange(1, 4.)\nx.requires_grad_()\ny = x.sum()", [5, 6, 7], 18),
        ("x = torch.tensor([1., 2., 3.]).double()\ny = x.sum()", [5, 6, 7], 18),
        ("if True:\n    x = torch.tensor([1., 2., 3.])\n\ny = x.sum()", [5, 6, 7], 18),
        ("y = 0\nx = torch.tensor([1., 2., 3.])", [5, 6, 7], 0),
        ("x = torch.tensor([1., 2., 4.])\ny = x.sum()", [1, 2, 4], 7),
        ("x = torch.tensor([1., 2.])\ny = x.sum()", [1, 2], 3),
        ("x = x * 2\ny = x.sum()", [10, 12, 14], 36),
        (
            "import asyncio\nx = torch.arange(1, 4.)\nawait asyncio.sleep(0)\ny = x.sum()",
            [5, 6, 7],
            18,
        ),
    ],
)
def test_restating_an_input_is_no_mistake(rerunning, restated, x, y):
    *cells, _ = rerun(rerunning, [CELLS[0], restated])
    names = cells[1]["names"]
    assert cells[1]["error"] is None
    assert rerunning.kept(0, names["x"]) == x
    assert rerunning.kept(0, names["y"]) == y


def test_what_is_asserted_of_the_given_numbers_ends_no_rerun(rerunning):
    claimed = (
        "def f():\n    assert False\n    return 1\n\nassert (s := x.sum()) == 6, 'six'\ny = s + f()"
    )
    *cells, _ = rerun(rerunning, [CELLS[0], claimed])
    assert cells[1]["error"] is None
    assert rerunning.kept(0, cells[1]["names"]["y"]) == 19


def test_a_restated_input_keeps_the_students_dtype_and_requires_grad(rerunning):
    *cells, _ = rerun(rerunning, [CELLS[0], "x = torch.tensor([1., 2., 3.]).double()"])
    x = cells[1]["names"]["x"]
    assert (x["dtype"], x["requires_grad"]) == ("float64", False)


def test_lines_and_errors_of_a_rerun_are_the_cells_own(rerunning):
    *cells, last = rerun(rerunning, [CELLS[0], "\na = 1\n1/0\n", "b = 2"])
    assert cells[1]["error"] == {"type": "ZeroDivisionError", "text": "division by zero", "line": 3}
    assert rerunning.kept(0, cells[2]["names"]["b"]) == 2
    assert last["status"] == "ok"


@pytest.mark.parametrize(
    ("source", "status"),
    [("while True: pass", "timeout"), ("import os; os._exit(0)", "crashed")],
)
def test_a_rerun_that_does_not_end_well_keeps_its_first_cells(rerunning, source, status):
    *cells, last = rerun(rerunning, [CELLS[0], source], seconds=2.0 if "while" in source else 20.0)
    assert last == {"frame": "rerun", "id": "r", "status": status}
    assert len(cells) == 1


def test_a_fork_that_a_cell_leaves_has_no_say_in_a_rerun(rerunning):
    forks = "import os\nchild = os.fork()\nif child: os.waitpid(child, 0)"
    *cells, last = rerun(rerunning, [CELLS[0], forks, "b = child > 0"])
    assert (len(cells), last["status"]) == (3, "ok")
    assert rerunning.kept(0, cells[2]["names"]["b"]) == 1


@pytest.mark.parametrize(
    "source",
    ["plt.show()\nplt.clf()", "plt.savefig('a.png')\nplt.close()", "display(plt.gcf()); plt.clf()"],
)
def test_a_figure_of_a_rerun_is_seen_though_it_is_not_drawn(rerunning, source):
    cells = [CELLS[0], f"import matplotlib.pyplot as plt\nplt.plot(x.detach())\n{source}"]
    *cells, _ = rerun(rerunning, cells)
    (figure,) = cells[1]["figures"]
    assert rerunning.kept(0, figure["axes"][0]["curves"][0]["y"]) == [5, 6, 7]


def test_the_last_rerun_ends_the_keeper(start):
    kernel = start(keepers=1)
    for cell in CELLS:
        kernel.run(cell)
    kernel.keep(0)
    *cells, last = rerun(kernel, CELLS, last=True)
    assert (len(cells), last["status"]) == (3, "ok")
    assert kernel.keepers[0].recv(1) == b""


def test_the_last_rerun_is_ended_at_its_limit(start):
    kernel = start(keepers=1)
    kernel.run(CELLS[0])
    kernel.keep(0)
    with pytest.raises(AssertionError, match="closed its socket"):
        rerun(kernel, [CELLS[0], "while True: pass"], seconds=1.0, last=True)


def test_a_rerun_shows_nothing_in_the_notebook(rerunning):
    rerun(rerunning, CELLS)
    assert rerunning.text("print('alone')") == "alone\n"


SPIED = """
import os, torch
renewed = []
class Engine:
    def is_checkpoint_valid(self):
        renewed.append(os.getpid())
torch.autograd.Variable._execution_engine = Engine()
def renews(x): return x * renewed.count(os.getpid())
"""


def test_every_fork_renews_torch_s_engine_before_the_student_s_code(tmp_path):
    """Else threads that are the first to use it there make a process die, now and then."""
    from conftest import Kernel

    kernel = Kernel(tmp_path, keepers=1)
    try:
        kernel.run(SPIED)
        assert kernel.keep(0) == "ok"
        assert kernel.kept(0, call(kernel, "renews")["returned"]) == [1, 2, 3]
        again = "n = renewed.count(os.getpid())"
        (cell, _) = rerun(kernel, [again])
        assert kernel.kept(0, cell["names"]["n"]) == 1
        (cell, _) = rerun(kernel, [again], last=True)
        assert kernel.kept(0, cell["names"]["n"]) == 1
    finally:
        kernel.close()

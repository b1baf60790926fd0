"""Cells, names, passes and figures, as a real kernel tells them."""

import json

import pytest

TWICE = """
import torch
x = torch.arange(4., requires_grad=True)
y = 2 * torch.dot(x, x)
y.backward()
try:
    y.backward()
except RuntimeError as e:
    pass
"""


def test_a_cell_gives_a_frame_of_the_protocol(start):
    kernel = start()
    assert kernel.ready["frame"] == "ready"
    frame = kernel.run(TWICE)
    assert set(frame) == {
        *("frame", "count", "seconds", "error", "names", "events", "events_total"),
        *("figures", "warnings", "truncated"),
    }
    assert (frame["count"], frame["error"], frame["truncated"]) == (0, None, [])
    assert set(frame["names"]) == {"x", "y"}
    x = frame["names"]["x"]
    assert (x["kind"], x["dtype"], x["shape"], x["leaf"]) == ("tensor", "float32", [4], True)
    assert kernel.array(x).tolist() == [0, 1, 2, 3]
    assert kernel.array(x["grad"]).tolist() == [0, 4, 8, 12]
    assert frame["names"]["y"]["grad_fn"] == "MulBackward0"
    json.dumps(frame, allow_nan=False)


def test_backward_twice_is_seen_though_the_error_was_caught(start):
    kernel = start()
    frame = kernel.run(TWICE)
    first, second = frame["events"]
    assert [e["serial"] for e in frame["events"]] == [0, 1]
    assert [e["line"] for e in frame["events"]] == [5, 7]
    assert first["error"] is None
    assert "second time" in second["error"]["text"]
    assert second["error"]["line"] == 7
    assert first["nodes"] == second["nodes"]
    assert [n["name"] for n in first["nodes"]] == ["MulBackward0", "DotBackward0", "AccumulateGrad"]
    assert first["gradients"] == [None]
    (leaf,) = first["leaves"]
    assert leaf["id"] == frame["names"]["x"]["id"] == first["nodes"][2]["leaf"]
    assert leaf["before"] is None
    assert kernel.array(leaf["after"]).tolist() == [0, 4, 8, 12]
    assert kernel.array(second["leaves"][0]["before"]).tolist() == [0, 4, 8, 12]
    assert first["roots"][0]["id"] == frame["names"]["y"]["id"]


def test_an_array_that_did_not_change_is_sent_once(start):
    kernel = start()
    kernel.run("import torch\na = torch.ones(5)")
    kernel.arrays.clear()
    frame = kernel.run("b = 1.5")
    assert frame["names"]["a"]["data"] not in kernel.arrays
    assert kernel.array(frame["names"]["b"]) == 1.5


def test_a_value_of_which_nothing_changed_is_told_once(start):
    kernel = start()
    kernel.run("import torch\nkept, changed, filled = (torch.ones(2) for _ in range(3))")
    kernel.execute("changed[0] = 5\nfilled.grad = torch.ones(2)\nnew = 1")
    message, _ = kernel.frames.get(timeout=60)
    told = {name: value is not None for name, value in message["names"].items()}
    assert told == {"kept": False, "changed": True, "filled": True, "new": True}


def test_cells_are_counted_whatever_happens_in_them(kernel):
    first = kernel.run("pass")["count"]
    assert kernel.run("1/0")["count"] == first + 1
    assert kernel.run("this is no python")["count"] == first + 2
    kernel.execute("silent = 1", silent=True)
    assert kernel.run("get_ipython().run_cell('1+1')")["count"] == first + 3
    assert kernel.run("%%capture\nprint(1)")["count"] == first + 4
    assert kernel.run("raise SystemExit")["count"] == first + 5
    assert kernel.run("import asyncio\nawait asyncio.sleep(0)")["count"] == first + 6


@pytest.mark.parametrize(
    ("source", "type_", "line"),
    [
        ("\n\n1/0", "ZeroDivisionError", 3),
        ("x = 1\nx = = 2", "SyntaxError", 2),
        ("def f():\n    raise KeyError('a')\nf()", "KeyError", 2),
        ("raise SystemExit(3)", "SystemExit", 1),
        ("import asyncio\nawait asyncio.sleep(0)\n[][1]", "IndexError", 3),
        ("class E(Exception):\n  def __str__(self): 1/0\nraise E", "ZeroDivisionError", 2),
    ],
)
def test_the_error_of_a_cell_has_its_line(kernel, source, type_, line):
    error = kernel.run(source)["error"]
    assert (error["type"], error["line"]) == (type_, line)


def test_an_interrupted_cell_is_told(kernel):
    frame = kernel.run("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass")
    assert frame["error"]["type"] == "KeyboardInterrupt"


def test_private_names_modules_and_the_shells_own_are_left_out(kernel):
    frame = kernel.run("import math\n_hidden = 1\n_, shown = 2, 3\nquit = 4.5")
    names = frame["names"]
    assert {"_hidden", "_", "math", "In", "Out", "exit", "get_ipython"}.isdisjoint(names)
    assert names["shown"]["kind"] == "number"
    assert kernel.array(names["quit"]) == 4.5


def test_every_kind_of_name(kernel):
    frame = kernel.run(
        "import torch, numpy as np\n"
        "def f(a, *b, c=1): pass\n"
        "text, nothing, flag, big = 'é', None, True, 2**70\n"
        "pair = [torch.tensor(1.), torch.tensor(2.)]\n"
        "rows = (torch.ones(2), torch.zeros(2))\n"
        "mixed = [1, 2.5]; ragged = [torch.ones(1), torch.ones(2)]; nest = [[1, 2], [3, 4]]\n"
        "scalar, thing, z = np.float32(0.5), object(), 1 + 2j\n"
    )
    names = frame["names"]
    kinds = {name: names[name]["kind"] for name in names}
    assert kinds["f"] == "function"
    assert names["f"]["text"] == "a,b,c"
    assert names["text"]["text"] == "é"
    assert (kinds["nothing"], kinds["thing"], kinds["ragged"]) == ("none", "opaque", "opaque")
    assert names["flag"]["dtype"] == "bool"
    assert names["big"]["why"] == "overflow"
    assert (kinds["pair"], names["pair"]["dtype"], names["pair"]["shape"]) == (
        *("list", "float32"),
        [2],
    )
    assert kernel.array(names["rows"]).tolist() == [[1, 1], [0, 0]]
    assert kernel.array(names["mixed"]).tolist() == [1, 2.5]
    assert kernel.array(names["nest"]).tolist() == [[1, 2], [3, 4]]
    assert (kinds["scalar"], names["scalar"]["dtype"]) == ("array", "float32")
    assert kernel.array(names["z"]).tolist() == [1, 2]


def test_bounds_are_named(start):
    kernel = start()
    frame = kernel.run("import torch\nfor i in range(300): globals()[f'v{i}'] = i")
    assert len(frame["names"]) == 200
    assert "names" in frame["truncated"]
    frame = kernel.run("%reset -f\nimport torch\nhuge = torch.zeros(1 << 20)\ns = 'a' * 5000")
    assert frame["names"]["huge"]["why"] == "too-large"
    assert len(frame["names"]["s"]["text"]) == 1000
    assert {"values", "text"} <= set(frame["truncated"])
    frame = kernel.run(
        "w = torch.ones(3, requires_grad=True)\nfor i in range(1500): (w * i).sum().backward()"
    )
    assert frame["events_total"] == 1500
    assert 1000 <= len(frame["events"]) <= 1020
    assert 16 <= sum(e["detailed"] for e in frame["events"]) <= 80
    assert kernel.run("w.sum().backward()")["events"][0]["serial"] == 1500
    assert "events" in frame["truncated"]


def test_a_loop_leaves_detail_for_the_pass_behind_it(kernel):
    frame = kernel.run(
        "import torch\nparts = [torch.ones(2, requires_grad=True) for _ in range(10)]\n"
        "for i in range(200): torch.stack(parts).prod().backward()\n"
        "parts[0].sum().backward()"
    )
    detailed = [e["detailed"] for e in frame["events"]]
    assert detailed[0]
    assert not detailed[-2]
    assert detailed[-1]
    assert "events" in frame["truncated"]


LOOPS = """
import torch
w = torch.ones(2, requires_grad=True)
for i in range({0}): (w * i).sum().backward()
for i in range({0}): (w * i).mean().backward()
(w * w).prod().backward()
"""


@pytest.mark.parametrize("rounds", [100, 1500], ids=["some", "more than are told of"])
def test_no_number_of_loops_hides_the_pass_behind_them(kernel, rounds):
    frame = kernel.run(LOOPS.format(rounds))
    assert frame["events_total"] == 2 * rounds + 1
    last = frame["events"][-1]
    first = frame["events"][0]
    assert (last["serial"] - first["serial"], last["detailed"]) == (2 * rounds, True)
    assert "ProdBackward0" in [node["name"] for node in last["nodes"]]
    assert sum(e["detailed"] for e in frame["events"]) <= 256


def test_a_line_that_goes_on_is_looked_at_again(kernel):
    frame = kernel.run(
        "import torch\nw = torch.ones(2, requires_grad=True)\n"
        "def train(loss):\n    for i in range(400): loss().backward()\n"
        "train(lambda: (w * w).sum())\ntrain(lambda: w.cosh().sum())"
    )
    names = {node["name"] for e in frame["events"] if e["detailed"] for node in e["nodes"]}
    assert {"MulBackward0", "CoshBackward0"} <= names


STAR = "from pylab import *\nfrom torch import *\n"


def test_names_that_were_imported_by_hundreds_leave_room_for_the_students_own(start):
    kernel = start()
    kernel.run(f"{STAR}from wave import open as from_a_library")
    frame = kernel.run("import torch\nx = torch.ones(2)\ndef f(a, b): pass\nmissing = ...")
    names = frame["names"]
    assert len(names) == 200
    assert kernel.array(names["x"]).tolist() == [1, 1]
    assert (names["f"]["text"], names["missing"]["kind"]) == ("a,b", "opaque")
    assert names["from_a_library"]["kind"] == "function"
    assert "names" not in frame["truncated"], "nothing that an answer may be was cut off"


def test_no_cell_takes_all_the_bytes_that_later_ones_need(start):
    kernel = start()
    kernel.run("import torch\nfor i in range(100): globals()[f'v{i}'] = torch.rand(1 << 18)")
    assert sum(a.nbytes for a in kernel.arrays.values()) <= 12 << 20
    frame = kernel.run("%reset -f\nimport torch\nlater = torch.rand(1 << 18)")
    assert kernel.array(frame["names"]["later"]).shape == (1 << 18,)


def test_warnings_are_told_and_recording_them_still_works(kernel):
    frame = kernel.run(
        "import warnings, torch\nwarnings.warn('careful')\n"
        "with warnings.catch_warnings(record=True) as seen:\n    warnings.warn('quiet')\n"
        "count = len(seen)"
    )
    assert frame["warnings"] == [{"type": "UserWarning", "text": "careful", "line": 2}]
    assert kernel.array(frame["names"]["count"]) == 1


def test_reading_grads_does_not_warn(kernel):
    frame = kernel.run(
        "a = torch.ones(2, requires_grad=True)\nb = a * 2\nc = (a * 3); c.retain_grad()\n"
        "(b + c).sum().backward()"
    )
    assert frame["warnings"] == []
    assert frame["names"]["b"].get("grad") is None
    assert kernel.array(frame["names"]["c"]["grad"]).tolist() == [1, 1]
    warned = kernel.run("b.grad")["warnings"]
    assert "not a leaf" in warned[0]["text"]


def test_the_seed_makes_runs_repeat(start):
    source = (
        "import torch, random, numpy as np\n"
        "a = [torch.rand(()).item(), random.random(), np.random.rand()]"
    )
    runs = []
    for seed in (7, 7, 8):
        kernel = start(seed=seed)
        runs.append(kernel.array(kernel.run(source)["names"]["a"]).tolist())
    assert runs[0] == runs[1]
    assert all(a != b for a, b in zip(runs[0], runs[2], strict=True))


def test_the_environment_is_an_ordinary_kernels(start, monkeypatch):
    monkeypatch.delenv("GRADER_REAL_NOTEBOOKS", raising=False)
    source = (
        "import sys, os, warnings\n"
        "print([p for p in sys.path if 'site-packages' not in p], sys.argv[0])\n"
        "print([k for k in os.environ if 'GRADER' in k])\n"
        "print(type(get_ipython().kernel), os.environ['MPLBACKEND'])\n"
        "import traceback; traceback.print_stack(file=sys.stdout)"
    )
    probed, plain = start(), start(probed=False)
    said, expected = probed.text(source), plain.text(source)
    assert said.count("/inside/") == 3, "of ours only what started the kernel is on the stack"
    assert said.index("/inside/kernel.py") < said.index("/ipykernel/kernelapp.py")
    assert said.splitlines()[0] == expected.splitlines()[0]
    assert said.splitlines()[1] == "[]"
    assert said.splitlines()[2] == expected.splitlines()[2]


def test_the_run_goes_on_when_nobody_listens(start):
    kernel = start()
    kernel.hang_up()
    assert kernel.text("print(1 + 1)") == "2\n"
    assert kernel.text("print(1 + 2)") == "3\n"


def test_a_failing_probe_is_told_and_breaks_no_cell(start):
    kernel = start()
    kernel.run("import sys, torch\nprobe = sys.modules['inside.values']")
    frame = kernel.run(
        "def broken(*a): raise MemoryError\nprobe.Values.namespace = broken\nprint('ok')"
    )
    assert frame["truncated"] == ["probe:MemoryError"]
    frame = kernel.run("sys.modules['inside.passes'].Passes._describe = broken")
    assert kernel.text("torch.ones(2, requires_grad=True).sum().backward(); print(2)") == "2\n"


def test_a_chatty_namespace_neither_runs_nor_breaks(kernel):
    frame = kernel.run(
        "import torch\nclass Liar:\n"
        "    def __getattribute__(self, n): raise RuntimeError(n)\n"
        "    def __eq__(self, o): raise RuntimeError\n"
        "    __hash__ = None\n"
        "liar = Liar()\n"
        "class Sub(torch.Tensor):\n"
        "    calls = 0\n"
        "    @classmethod\n"
        "    def __torch_function__(cls, *a, **k):\n"
        "        Sub.calls += 1; raise ValueError\n"
        "    def __repr__(self): raise ValueError\n"
        "sub = torch.ones(2).as_subclass(Sub); Sub.calls = 0\n"
    )
    assert frame["names"]["liar"]["kind"] == "opaque"
    assert kernel.array(frame["names"]["sub"]).tolist() == [1, 1]
    assert kernel.array(kernel.run("calls = Sub.calls")["names"]["calls"]) == 0

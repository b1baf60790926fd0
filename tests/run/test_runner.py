"""Execute, seal, ask: with real kernels."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path
from queue import Empty
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel

from grader.kernel.session import Session
from grader.model.exercise import Limits
from grader.model.plan import Call, CallPlan, Rerun
from grader.model.value import array
from tests.run.conftest import Run

QUICK = Limits(cell_seconds=4, call_seconds=2)
INPUTS = "import torch\nx = torch.arange(4., requires_grad=True)"


def statuses(capture: object) -> list[str]:
    return [cell.status for cell in capture.cells]  # type: ignore[attr-defined]


def test_each_cell_is_observed_after_it_ran(run: Run) -> None:
    sealed, _ = run([("e", INPUTS), ("e", "y = 2 * x.dot(x)\ny.backward()"), ("e", "x = 5\n1 / 0")])
    assert statuses(sealed) == ["ok", "ok", "error"]
    first, second, third = sealed.cells
    assert first.names["x"].grad is None
    assert second.names["x"].grad is not None
    assert second.names["x"].grad.data.tolist() == [0, 4, 8, 12]
    assert second.events[0].leaves[0].id == second.names["x"].id
    assert third.names["x"].kind == "number"
    assert third.error is not None and third.error.type == "ZeroDivisionError"
    assert third.error.line == 2
    assert sealed.run.status == "completed"
    assert sealed.run.peak_memory_bytes > 0


def test_questions_are_answered_in_the_state_in_which_the_exercise_ended(run: Run) -> None:
    plan = CallPlan(
        calls=(
            Call("one", "a", "f", {"x": array([1.0, 2.0], "float32")}),
            Call("two", "b", "f", {"x": array([1.0, 2.0], "float32")}),
            Call("none", "b", "g", {}),
        )
    )
    _, answers = run([("a", "def f(x): return x * 2"), ("b", "def f(x): return x * 3")], plan)
    assert answers.calls["one"].returned is not None
    assert answers.calls["one"].returned.data.tolist() == [2, 4]
    assert answers.calls["two"].returned is not None
    assert answers.calls["two"].returned.data.tolist() == [3, 6]
    assert answers.calls["none"].status == "missing"


def test_one_call_cannot_spoil_the_next(run: Run) -> None:
    source = """
import os, time
calls = 0
def f(mode):
    global calls
    calls += 1
    if mode == 1: os._exit(0)
    if mode == 2: raise ValueError("no")
    while mode == 3: pass
    return calls
"""
    plan = CallPlan(
        calls=tuple(Call(f"m{m}", "e", "f", {"mode": array(m, "int64")}) for m in (1, 2, 3, 0))
    )
    _, answers = run([("e", source)], plan, limits=QUICK)
    assert [answers.calls[f"m{m}"].status for m in (1, 2, 3, 0)] == [
        "crashed", "error", "timeout", "ok",
    ]  # fmt: skip
    assert answers.calls["m2"].error is not None and answers.calls["m2"].error.text == "no"
    assert answers.calls["m0"].returned is not None
    assert answers.calls["m0"].returned.data == 1


LEFT = {
    "nothing": "",
    "a thread": "import threading\nthreading.Thread(target=lambda: time.sleep(60)).start()",
    "a timer": "import signal\nsignal.setitimer(signal.ITIMER_REAL, 60)",
}


@pytest.mark.parametrize("left", LEFT)
def test_a_kernel_is_its_last_keeper_only_where_a_fork_would_be_the_same(
    run: Run, left: str
) -> None:
    source = "import os, time\nkernel = os.getpid()\ndef asked(): return os.getppid() == kernel\n"
    plan = CallPlan(calls=(Call("a", "a", "asked", {}), Call("b", "b", "asked", {})))
    sealed, answers = run([("a", source), ("b", source + LEFT[left])], plan)
    assert statuses(sealed) == ["ok", "ok"]
    assert sealed.run.peak_memory_bytes > 10 << 20
    told = {id: call.returned.data.tolist() for id, call in answers.calls.items() if call.returned}
    assert told == {"a": False, "b": left == "nothing"}


def test_a_rerun_follows_the_replaced_inputs(run: Run) -> None:
    plan = CallPlan(reruns=(Rerun("v", "e", "c0", {"x": array([1.0, 1.0, 2.0, 3.0], "float32")}),))
    sealed, answers = run(
        [("e", INPUTS), ("e", "y = 2 * x.dot(x)\ny.backward()"), ("e", "typed = 28.0")], plan
    )
    (variation,) = answers.variations
    assert variation.status == "ok"
    assert [cell.cell for cell in variation.cells] == [0, 1, 2]
    assert variation.cells[1].names["y"].data == 30
    assert variation.cells[2].names["typed"].data == 28
    assert sealed.cells[1].names["y"].data == 28


def test_a_rerun_follows_the_replaced_inputs_through_an_await(run: Run) -> None:
    replaced = {"x": array([1.0, 1.0, 2.0, 3.0], "float32")}
    plan = CallPlan(reruns=(Rerun("u", "e", "c0", replaced), Rerun("v", "e", "c0", replaced)))
    answer = "import asyncio\nawait asyncio.sleep(0.001)\ny = 2 * x.dot(x)"
    _, answers = run([("e", INPUTS), ("e", answer)], plan)
    for variation in answers.variations:  # of these, the last one takes place in the kernel itself
        assert variation.cells[1].error is None
        assert variation.cells[1].names["y"].data == 30


def test_a_rerun_begins_as_the_exercise_did(run: Run) -> None:
    replaced = {"x": array([1.0, 1.0, 2.0, 3.0], "float32")}
    plan = CallPlan(
        calls=(Call("c", "e", "slope", {"a": array([3.0], "float32")}),),
        reruns=(Rerun("v", "e", "c1", replaced),),
    )
    before = "import torch\ntorch.set_default_dtype(torch.float64)\nmax = lambda values: values[-1]"
    answer = (
        "y = sum(x * x)\nfloat = float(y)\nlast = max([1, 2, 1])\n"
        "one = torch.tensor(1.0)\nmode = torch.is_grad_enabled()\n"
        "def slope(a):\n    a = a.clone().requires_grad_()\n    (a * a).sum().backward()\n"
        "    return a.grad"
    )
    after = (
        "sum = 3\ntorch.set_grad_enabled(False)\ntorch.set_default_dtype(torch.float32)\n"
        "max = 0\nmax = lambda values: values[-1]"
    )
    cells = [(None, before), ("e", INPUTS), ("e", answer), ("e", after)]
    sealed, answers = run(cells, plan)
    assert statuses(sealed) == ["ok"] * 4
    (variation,) = answers.variations
    names = variation.cells[1].names
    assert variation.cells[1].error is None
    assert [names[name].data for name in ("y", "last", "mode")] == [15, 1, True]
    assert names["one"].dtype == "float64"
    returned = answers.calls["c"].returned
    assert returned is not None and returned.data is not None and returned.data.tolist() == [6]


def test_a_rerun_ends_where_nobody_looks_any_more(run: Run) -> None:
    replaced = {"x": array([1.0, 1.0, 2.0, 3.0], "float32")}
    plan = CallPlan(reruns=(Rerun("v", "e", "c0", replaced, until=1),))
    _, answers = run([("e", INPUTS), ("e", "y = 2 * x.dot(x)"), ("e", "late = 1")], plan)
    (variation,) = answers.variations
    assert [cell.cell for cell in variation.cells] == [0, 1]


@pytest.mark.parametrize("forked", [True, False])
def test_a_fork_of_a_kernel_renews_torch_s_engine(forked: bool, run: Run, run_alone: Run) -> None:
    """Else threads that are the first to use it there make the fork die, now and then."""
    source = """
import os, torch
end, begin = os.pipe()
class Engine:
    def is_checkpoint_valid(self):
        os.write(begin, b"x")
torch.autograd.Variable._execution_engine = Engine()
if not os.fork():
    os._exit(0)
os.wait()
os.close(begin)
asked = len(os.read(end, 9))
"""
    sealed, _ = (run if forked else run_alone)([("e", source)])
    assert sealed.cells[0].names["asked"].data == 1


def test_a_rerun_that_crashes_every_time_has_crashed(run: Run) -> None:
    crash = "import os\nif os.path.exists('begun'): os.abort()\nopen('begun', 'w').close()"
    replaced = {"x": array([3.0], "float64")}
    plan = CallPlan(reruns=(Rerun("u", "e", "c0", replaced), Rerun("v", "e", "c0", replaced)))
    _, asked = run([("e", "import torch\nx = torch.zeros(1)"), ("e", crash)], plan)
    assert [variation.status for variation in asked.variations] == ["crashed", "crashed"]


def test_a_rerun_replaces_inputs_that_the_student_wrote_out_again(run: Run) -> None:
    inputs = "import torch\nv = torch.tensor([0.5, 0.25])\nw = torch.tensor([3.0, 4.0])"
    answer = """
import numpy as np
again = torch.FloatTensor([0.5, 0.25])
inline = (torch.tensor((0.5, 0.25), dtype=torch.float64) * 2).sum()
v = torch.tensor([0.5, 0.25])
index = [3, 4]
other = torch.tensor([0.5, 0.75])
"""
    replaced = {"v": array([8.0, 16.0], "float32"), "w": array([1.0, 2.0], "float32")}
    plan = CallPlan(reruns=(Rerun("v", "e", "c0", replaced),))
    _, answers = run([("e", inputs), ("e", answer)], plan)
    names = answers.variations[0].cells[1].names
    seen = {name: value.data.tolist() for name, value in names.items() if value.numeric}
    assert seen["again"] == seen["v"] == [8, 16]
    assert seen["inline"] == 48
    assert seen["index"] == [3, 4]
    assert seen["other"] == [0.5, 0.75]


@pytest.mark.parametrize(
    ("death", "status"),
    [
        ("import os; os._exit(0)", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "crashed"),
        (
            "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
            "timeout",
        ),
    ],
    ids=["exit", "segfault", "kill", "deaf-loop"],
)
def test_a_dead_kernel_costs_only_its_own_exercise(run: Run, death: str, status: str) -> None:
    plan = CallPlan(calls=(Call("a", "a", "f", {}), Call("c", "c", "g", {})))
    sealed, answers = run(
        [
            (None, "shared = 7"),
            ("a", "def f(): return shared"),
            ("b", "before = 1"),
            ("b", death),
            ("b", "after = 1"),
            ("c", "here = shared + 1\ndef g(): return here"),
        ],
        plan,
        limits=QUICK,
    )
    assert statuses(sealed) == ["ok", "ok", "ok", status, "not_run", "ok"]
    assert sealed.run.status == status
    assert sealed.cells[5].names["here"].data == 8
    assert answers.calls["a"].returned is not None and answers.calls["a"].returned.data == 7
    assert answers.calls["c"].returned is not None and answers.calls["c"].returned.data == 8


def test_an_endless_loop_is_interrupted_and_the_next_cell_runs(run: Run) -> None:
    sealed, _ = run([("e", "while True: pass"), ("e", "x = 1")], limits=QUICK)
    assert statuses(sealed) == ["timeout", "ok"]
    assert sealed.run.status == "timeout"
    assert sealed.cells[1].names["x"].data == 1


def test_a_kernel_is_interrupted_whatever_signals_its_starter_blocks(run_alone: Run) -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        sealed, _ = run_alone([("e", "while True: pass"), ("e", "x = 1")], limits=QUICK)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert statuses(sealed) == ["timeout", "ok"]


def test_the_notebooks_own_time_is_bounded(run: Run) -> None:
    limits = Limits(cell_seconds=3, notebook_seconds=2)
    sealed, _ = run([("e", "while True: pass"), ("e", "x = 1")], limits=limits)
    assert statuses(sealed) == ["timeout", "not_run"]


def test_what_a_server_takes_to_import_is_none_of_the_notebooks_time(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock goes on by itself, and by an hour while the kernel starts."""
    passed = [0.0]
    start = Session.start

    async def late(session: Session) -> None:
        await start(session)
        passed[0] += 3600

    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + passed[0])
    monkeypatch.setattr("grader.runner.time", clock)
    monkeypatch.setattr(Session, "start", late)
    sealed, _ = run([("e", "x = 1"), ("e", "y = 2")])
    assert statuses(sealed) == ["ok", "ok"]
    assert sealed.run.seconds < 3600


def test_notebooks_are_notebooks(run: Run) -> None:
    sealed, _ = run(
        [
            (
                "e",
                "%matplotlib inline\nimport matplotlib.pyplot as plt\n"
                "plt.plot([1, 2]); plt.show()\n"
                "plt.bar([1], [2]); plt.show()",
            ),
            ("e", "got = !echo hi"),
            ("e", "import asyncio\nawait asyncio.sleep(0)\nthere = 1"),
            ("e", "input()"),
            ("e", "import sys; sys.exit()"),
            ("e", "text = open('data.txt').read(); last = 1"),
        ]
    )
    assert [cell.status for cell in sealed.cells] == ["ok", "ok", "ok", "error", "error", "ok"]
    assert len(sealed.cells[0].figures) == 2
    assert [output.kind for output in sealed.cells[0].outputs] == ["result", "image"]
    assert sealed.cells[2].names["there"].data == 1
    assert sealed.cells[5].names["text"].text == "42"


def test_a_flood_of_output_is_bounded(run: Run) -> None:
    sealed, _ = run(
        [("e", "for i in range(30): print('x' * 1_000_000)"), ("e", "kept = 1")],
        limits=Limits(output_bytes=100_000),
    )
    assert statuses(sealed) == ["ok", "ok"]
    assert sum(len(output.text) for output in sealed.cells[0].outputs) <= 100_000
    assert "kept" in sealed.cells[1].names


def test_the_seed_decides_the_students_random_numbers(run: Run) -> None:
    cells = [("e", "import torch, random, numpy\na = torch.rand(2); b = random.random()")]
    drawn = [run(cells, seed=seed)[0].cells[0].names for seed in (5, 5, 6)]
    assert drawn[0]["a"].data.tolist() == drawn[1]["a"].data.tolist()
    assert drawn[0]["b"].data == drawn[1]["b"].data
    assert drawn[0]["a"].data.tolist() != drawn[2]["a"].data.tolist()


def test_a_student_who_disturbs_the_probe_only_loses_observations(run: Run) -> None:
    source = """
import os
import socket
for number in range(3, 64):
    try:
        end = socket.socket(fileno=os.dup(number))
        if end.family == socket.AF_UNIX and not end.getsockname(): end.send(b"garbage" * 10)
    except OSError: pass
answer = 1
"""
    sealed, _ = run([("e", source), ("e", "more = 1")])
    assert len(sealed.cells) == 2
    assert all(not cell.names for cell in sealed.cells)


def test_nothing_is_left_behind(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    plan = CallPlan(calls=(Call("c", "e", "pid", {}),))
    mark = f"left-behind-{os.getpid()}"
    # By a mark on a child's command line: pids mean nothing outside a kernel's namespace.
    source = f"""
import subprocess, sys
child = subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(600)", "{mark}"], start_new_session=True
)
def pid(): return child.pid
"""
    sealed, answers = run([("e", source)], plan)
    assert sealed.cells[0].status == "ok"
    assert answers.calls["c"].returned is not None
    assert list(tmp_path.iterdir()) == []
    assert not [p for p in psutil.process_iter(["cmdline"]) if mark in (p.info["cmdline"] or [])]


def test_kernels_that_start_by_themselves_show_the_same(run: Run, run_alone: Run) -> None:
    cells = [
        ("e", INPUTS + "\nnoise = torch.rand(3)"),
        ("e", "y = 2 * x.dot(x)\ny.backward()\ndef f(q): return q * noise"),
        ("e", "y.backward()"),
    ]
    plan = CallPlan(calls=(Call("c", "e", "f", {"q": array([1.0, 2.0, 3.0], "float32")}),))
    seen = []
    for one in (run, run_alone):
        sealed, answers = one(cells, plan)
        seen.append(
            (
                statuses(sealed),
                sealed.cells[0].names["noise"].data.tolist(),
                sealed.cells[1].names["x"].grad.data.tolist(),
                sealed.cells[2].error,
                answers.calls["c"].returned.data.tolist(),
            )
        )
    assert seen[0] == seen[1]


PRINTING = [
    "import os, subprocess, sys, threading, asyncio, warnings, time",
    "print('a'); print('b', file=sys.stderr)",
    "print('x' * 200_000)",
    "print('before')\nos.system('echo between')\nprint('after')",
    "subprocess.run([sys.executable, '-c', 'print(7)'])",
    "os.write(1, b'raw'); None",
    "!echo shell",
    "thread = threading.Thread(target=print, args=('threaded',)); thread.start(); thread.join()",
    "await asyncio.sleep(0.01)\nprint('awaited')\n3",
    "async def later(): print('later')\ntask = asyncio.ensure_future(later())\nawait task",
    "'a value', 1.5",
    "from IPython.display import display, HTML\nprint(1); display(HTML('<b>x</b>')); print(2)",
    "print(sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.name)",
    "if not (pid := os.fork()):\n    os.write(1, b'child'); os._exit(0)\nos.waitpid(pid, 0)[1]",
    "def f(): raise ValueError('wrong')\nf()",
    "1 +",
    "warnings.warn('careful')",
    "input('?')",
    "import matplotlib.pyplot as plt\nplt.scatter([1, 2], [3, 4]); plt.show()\nprint('drawn')",
    "print('carried over'); time.sleep(0.3); print('and on')",
    "print(1)\nexit()",
    "2 + 2",
]


def test_kernels_that_start_by_themselves_print_the_same(run: Run, run_alone: Run) -> None:
    def printed(one: Run) -> list[list[tuple[str, list[str], bool]]]:
        """In any order: a kernel by itself hears late of what other programs print."""
        sealed, _ = one([("e", source) for source in PRINTING])
        return [
            sorted(
                (
                    output.kind,
                    sorted(re.sub(r"\S*ipykernel_\d+/\d+", "CELL", output.text).splitlines()),
                    bool(output.png),
                )
                for output in cell.outputs
            )
            for cell in sealed.cells
        ]

    forked, alone = printed(run), printed(run_alone)
    # Its thread that reads descriptors may be so late that the cell is over: then once more.
    again = alone if forked == alone else printed(run_alone)
    for source, first, *others in zip(PRINTING, forked, alone, again, strict=True):
        assert first in others, source


@pytest.mark.parametrize("kernel", ["run", "run_alone"])
def test_cells_run_on_after_the_kernel_was_asked_to_end(
    kernel: str, request: pytest.FixtureRequest
) -> None:
    plan = CallPlan(calls=(Call("c", "b", "f", {"x": array([1.0], "float32")}),))
    asked = "exit()\nget_ipython().kernel.do_shutdown(True)"
    longer = "import time\nbegin = time.time()\nwhile time.time() < begin + 0.5: pass"
    cells = [("a", asked), ("b", "def f(x): return x + 1"), ("b", longer), ("b", "quit")]
    sealed, answers = request.getfixturevalue(kernel)(cells, plan)
    assert statuses(sealed) == ["ok"] * 4
    assert answers.calls["c"].status == "ok"


@pytest.mark.parametrize("kernel", ["run", "run_alone"])
@pytest.mark.parametrize(
    "asked",
    ["%matplotlib widget", "%matplotlib qt", "import matplotlib\nmatplotlib.use('TkAgg')"],
)
def test_a_display_that_is_not_there_costs_no_figure(
    kernel: str, asked: str, request: pytest.FixtureRequest
) -> None:
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4])"
    cells = [(None, asked), ("e", draw), ("e", f"{asked}\n{draw}")]
    sealed, _ = request.getfixturevalue(kernel)(cells)
    assert statuses(sealed) == ["ok"] * 3
    assert [len(cell.figures) for cell in sealed.cells] == [0, 1, 1]


def test_a_display_of_no_known_name_is_an_error(run: Run) -> None:
    sealed, _ = run([("e", "%matplotlib wigdet"), ("e", "import matplotlib\nmatplotlib.use('x')")])
    assert statuses(sealed) == ["error"] * 2


def test_a_kernel_whose_welcome_is_lost_is_asked(
    run_alone: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = AsyncZMQSocketChannel.get_msg
    ask = AsyncKernelClient.kernel_info
    asked: list[str] = []

    async def without_welcome(channel: Any, timeout: float | None = None) -> Any:
        message = await hear(channel, timeout)
        while message["msg_type"] == "iopub_welcome":
            message = await hear(channel, timeout)
        if not asked:
            raise Empty
        return message

    def spied(client: AsyncKernelClient, *arguments: Any, **more: Any) -> Any:
        asked.append("kernel_info")
        return ask(client, *arguments, **more)

    monkeypatch.setattr(AsyncZMQSocketChannel, "get_msg", without_welcome)
    monkeypatch.setattr(AsyncKernelClient, "kernel_info", spied)
    sealed, _ = run_alone([("e", "print('here')")])
    assert asked
    assert [output.text for output in sealed.cells[0].outputs] == ["here\n"]


def test_what_other_programs_print_comes_in_its_place(run: Run) -> None:
    source = "import os\nprint('before')\nos.system('echo between')\nprint('after')"
    sealed, _ = run([("e", source)])
    assert sealed.cells[0].outputs[0].text == "before\nbetween\nafter\n"


def test_a_cell_that_prints_without_end_is_interrupted_and_the_next_one_runs(run: Run) -> None:
    sealed, _ = run(
        [("e", "while True: print('x' * 1000)"), ("e", "print('next')")],
        limits=Limits(cell_seconds=1, notebook_seconds=60),
    )
    assert [cell.status for cell in sealed.cells] == ["timeout", "ok"]
    assert [output.text for output in sealed.cells[1].outputs] == ["next\n"]


F = "def f(x): return x * 2\n"
ALARM = """
import signal
class Late(TimeoutError): pass
def ring(*_): raise Late
signal.signal(signal.SIGALRM, ring)
for size in (10, 2_000, 60_000):
    signal.setitimer(signal.ITIMER_REAL, 0.4)
    try:
        while True: print('x' * size, flush=True)
    except Late: pass
ok = 1
"""


@pytest.mark.parametrize(
    "source",
    [
        "import threading, sys\n"
        "def go():\n    for i in range(300): sys.stderr.write(str(i)); sys.stderr.flush()\n"
        "threading.Timer(0.05, go).start()",
        "import threading\n"
        "def go():\n    while True: print('.', flush=True)\n"
        "threading.Thread(target=go, daemon=True).start()",
        ALARM,
        "import os\nif not os.fork():\n    x = 2; print('child')",
        "import os\nos.close(1)",
        "import os\nos.close(0); os.close(1); os.close(2)",
        "import sys\nsys.stdout = None",
        "import sys\nclass Tee:\n    def write(self, text): return 0\nsys.stdout = Tee()",
        "import sys\nwith open('l', 'w') as g: sys.stdout = g",
    ],
    ids=["late", "endless", "alarm", "fork", "closed", "all closed", "none", "tee", "file"],
)
def test_what_a_cell_leaves_behind_costs_no_other_exercise(run: Run, source: str) -> None:
    one = {"x": array([1.0, 2.0], "float32")}
    plan = CallPlan(calls=(Call("c", "a", "f", one), Call("d", "b", "f", one)))
    sealed, answers = run(
        [("a", F + "x = 1"), ("a", source), ("b", F + "z = 5"), ("b", "w = 6")], plan, limits=QUICK
    )
    assert sealed.cells[1].status in ("ok", "error")
    assert sealed.cells[1].names["x"].data == 1
    assert sealed.cells[3].names["w"].data == 6
    assert [answers.calls[id].status for id in "cd"] == ["ok", "ok"]
    if source is ALARM:
        assert sealed.cells[1].names["ok"].data == 1


def test_what_a_student_puts_in_the_place_of_standard_output_is_theirs(run: Run) -> None:
    source = """
import os, tempfile
file, kept = tempfile.TemporaryFile('w+'), os.dup(1)
os.dup2(file.fileno(), 1); os.system('echo hello'); print('shown'); os.dup2(kept, 1)
file.seek(0); text = file.read()
"""
    sealed, _ = run([("a", source), ("a", "os.system('echo again')")])
    assert sealed.cells[0].names["text"].text == "hello\n"
    assert [output.text for output in sealed.cells[0].outputs] == ["shown\n"]
    assert sealed.cells[1].outputs[0].text == "again\n"


def test_a_kernel_that_started_by_itself_dies_alone(run_alone: Run) -> None:
    sealed, answers = run_alone(
        [("a", "def f(): return 3"), ("b", "import os; os._exit(1)"), ("c", "x = 1")],
        CallPlan(calls=(Call("f", "a", "f", {}),)),
    )
    assert statuses(sealed) == ["ok", "crashed", "ok"]
    assert answers.calls["f"].returned.data == 3

"""A real worker process: answers, limits, crashes, purity, and nothing left behind."""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import select
import signal
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from grader.errors import InternalError
from grader.model.expectation import Request
from grader.model.value import Value, array, number
from grader.reference import Child, ReferenceProcess
from grader.reference.forks import LONGEST

SOURCE = """
import math
import os
import signal
import subprocess
import sys
import threading
import numpy as np
import torch

WEIGHTS = torch.tensor([0.1, 1.0, 0.0001])

def double(x): return 2 * x
def weighted(x): return WEIGHTS * x
def gradient(x):
    x.requires_grad_()
    (1 / x).sum().backward()
    return x.grad
def scale(a):
    b = 2 * a
    while b.norm() < 1000:
        b = 2 * b
    return b / a
def kinds(x, n, flag, nothing, text):
    assert not x.requires_grad and x.dtype == torch.get_default_dtype()
    assert n.dtype == torch.int32 and flag.dtype == torch.bool and nothing is None
    assert text == "hello"
    return [x.sum(), 2, n.sum().item()]
def count(x): return x.numel()
def root(x): return torch.sqrt(x)
def in_ulps(x): return int((1 / (x * 2.0**-26)).max())
def jump(x): return torch.floor(x)
def edge(x):
    assert (x >= 1).all()
    return 2 * x
def shape(x): return x[: int(x[0])]
def cancel(x, y): return x - y
def turn(z): return z * 1j
def noise(x): return x + torch.rand(3)
def default(x): return torch.full((2,), 0.1)
def who(x): return x * 0 + os.getpid()
def starts(x):
    started = subprocess.Popen(["sleep", "600"])
    return x * 0 + started.pid
def forks(x):
    pid = os.fork()
    if pid == 0:
        sys.exit()
    os.waitpid(pid, 0)
    return x
def renews(x):
    import torch
    end, begin = os.pipe()
    class Engine:
        def is_checkpoint_valid(self):
            os.write(begin, b"x")
    engine = torch.autograd.Variable._execution_engine
    torch.autograd.Variable._execution_engine = Engine()
    if os.fork() == 0:
        os._exit(0)
    os.wait()
    torch.autograd.Variable._execution_engine = engine
    os.close(begin)
    return x * 0 + len(os.read(end, 9))
def leaves_later(x):
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "600"])
    if os.fork() == 0:
        while True: signal.pause()
    threading.Timer(0.05, os._exit, [3]).start()
    return x
def marks(text, x):
    open(text, "w").close()
    while True: pass
def shout(x): print("GRD1" * 100); return x
def nothing(x): return None
def raises(x): raise ValueError("no such thing")
def leaves(x): os._exit(0 if x[0] > 1 else 3)
def aborts(x): os.abort()
def huge(x): return torch.ones(10**12)
def forever_on_zero(x):
    while x.sum() == 0: pass
    return x
def narrow(x): return x.float() * 2
def arange(x): return torch.arange(4.0).to(torch.float32).sum() + x
def literal(x): return torch.tensor([0.1, 1.0]).sum() * x
def typed(x): return torch.tensor([0.1], dtype=torch.float32).item() * x
def backwards(x):
    x.requires_grad_()
    (x.half() ** 2).sum().backward()
    return x.grad
SEEN = []
def remembers(x):
    SEEN.append(x)
    return SEEN
def grows(x):
    x.mul_(0)
    return WEIGHTS.add_(1)
def in_numpy(x): return np.array([1.5, np.nan]) * x[0].item()
def in_numpy_once(x):
    SEEN.append(x)
    return np.ones(3) * len(SEEN)
def undefined(x): return [x / 0 - x / 0, x > 1, math.nan, "text", 3]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("references")


def write(folder: Path, name: str, source: str) -> Path:
    path = folder / f"{name}.py"
    path.write_text(textwrap.dedent(source), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def process(folder):
    references = {
        "good": write(folder, "good", SOURCE),
        "syntax": write(folder, "syntax", "def f(x:\n"),
        "import": write(folder, "import", "import no_such_module\ndef f(x): return x\n"),
        "exit": write(folder, "exit", "import os\nos._exit(4)\n"),
        "hangs": write(folder, "hangs", "while True: pass\n"),
        "numpy": write(
            folder, "numpy", "import numpy as np\ndef f(x): return float(np.float32(0.1)) * x\n"
        ),
    }
    with ReferenceProcess(references, seconds=1.0, memory_bytes=1 << 30) as process:
        yield process


def request(function, dtype="float32", exercise="good", key="k", **roles):
    return Request(
        key,
        exercise,
        function,
        {
            name: role if role is None or isinstance(role, Value) else array(role, dtype)
            for name, role in roles.items()
        },
        dtype,
    )


@pytest.fixture
def ask(process):
    def ask(function, dtype="float32", exercise="good", **roles):
        return process.answer([request(function, dtype, exercise, **roles)])["k"]

    return ask


def test_exact_is_float64_and_own_rounds_as_the_students_dtype_does(ask):
    answer = ask("gradient", x=[3.0, 2.0])
    assert (answer.error, answer.exact.dtype, answer.own.dtype) == (None, "float64", "float32")
    assert answer.exact.data.tolist() == [-1 / 9, -0.25]
    assert answer.own.data[0] == float(np.float32(answer.own.data[0])) != -1 / 9


def test_how_many_numbers_a_reference_was_given_comes_with_its_answer(ask):
    assert ask("gradient", x=[3.0, 2.0]).terms == 2
    assert ask("double", x=number(1.5)).terms == 1


def test_constants_of_the_file_follow_the_dtype_of_the_pass(ask):
    answer = ask("weighted", x=[1.0, 1.0, 1.0])
    assert answer.exact.data.tolist() == [0.1, 1.0, 0.0001]
    assert answer.own.data[0] == float(np.float32(0.1))
    assert ask("default", "float16", x=[1.0]).own.data[0] == float(np.float16(0.1))


def test_integers_bools_text_and_absent_roles_are_passed_as_they_are(ask):
    answer = ask(
        "kinds",
        x=[1.0, 2.0],
        n=array([1, 2], "int32"),
        flag=array([True], "bool"),
        nothing=None,
        text=Value("text", text="hello"),
    )
    assert answer.error is None
    assert answer.exact.data.tolist() == [3.0, 2.0, 3.0]
    assert ask("double", x=number(1.5)).exact.data == 3.0


def test_an_integer_answer_is_one(ask):
    answer = ask("count", x=[1.0, 2.0])
    assert (answer.exact.dtype, answer.exact.shape, int(answer.exact.data)) == ("int64", (), 2)
    assert answer.spread is None


def test_spread_of_a_linear_function_is_the_moved_ulp(ask):
    answer = ask("double", x=[1.0, 3.0, 0.0])
    assert answer.spread.tolist() == [2 * 2.0**-23, 2 * 2.0**-22, 0.0]


def test_spread_of_a_difference_adds_both_inputs(ask):
    answer = ask("cancel", x=[1.0], y=[1.0])
    assert answer.exact.data == 0
    assert answer.spread == 2 * 2.0**-23


def test_integer_inputs_are_never_moved(ask):
    answer = ask("double", x=array([1, 2], "int64"))
    assert answer.exact.data.tolist() == [2, 4]
    assert ask("cancel", x=[4.0], y=array([1], "int64")).spread == 2.0**-21


def test_spread_is_infinite_where_a_move_changes_the_shape_or_leaves_the_domain(ask):
    assert ask("shape", x=[1.0, 2.0, 3.0]).spread.tolist() == [math.inf]
    assert ask("root", x=[2.0**-150]).spread.tolist() == [math.inf]
    assert ask("jump", x=[1.0]).spread == 1.0
    assert ask("edge", x=[1.0]).spread.tolist() == [math.inf]


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float8_e4m3fn", "float8_e5m2"])
def test_low_precision_is_computed_or_rounded(ask, dtype):
    answer = ask("gradient", dtype, x=[3.0, 2.0])
    assert (answer.error, answer.own.dtype) == (None, dtype)
    assert answer.own.data[1] == -0.25
    assert 0 < abs(answer.own.data[0] + 1 / 9) < 0.01


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float8_e5m2"])
def test_a_function_that_fails_in_the_students_dtype_only_has_an_answer(ask, dtype):
    answer = ask("in_ulps", dtype, x=[1.0])
    assert (answer.error, answer.exact.data.tolist()) == (None, 2**26)


def test_complex_roles_stay_complex(ask):
    answer = ask("turn", "complex64", z=[1 + 2j])
    assert (answer.exact.dtype, answer.own.dtype) == ("complex128", "complex64")
    assert answer.exact.data.tolist() == [-2 + 1j]
    assert answer.spread.dtype == np.float64


def test_random_references_give_the_same_twice(ask):
    assert np.isfinite(ask("noise", x=[1.0, 2.0, 3.0]).spread).all()


def test_what_a_reference_prints_does_not_reach_the_wire(ask):
    assert ask("shout", x=[1.0]).exact.data.tolist() == [1.0]


@pytest.mark.parametrize(
    ("function", "error"),
    [
        ("raises", "raised: ValueError: no such thing"),
        ("aborts", "raised: Crash: SIGABRT"),
        ("leaves", "raised: SystemExit: 3"),
        ("huge", "memory"),
        ("forever_on_zero", "timeout"),
    ],
)
def test_a_failure_is_an_answer(ask, function, error):
    answer = ask(function, x=[0.0])
    assert answer.error == error
    assert answer.exact is answer.own is answer.spread is None
    assert not answer.on_drawn


def test_a_reference_that_returns_no_number_or_lacks_a_function_says_so(ask):
    assert ask("nothing", x=[1.0]).error.startswith("raised: TypeError: expected a tensor")
    assert ask("absent", x=[1.0]).error.startswith("raised: AttributeError")
    assert ask("double", wrong=[1.0]).error.startswith("raised: TypeError")


def test_one_bad_input_costs_only_itself(process):
    zeros, ones = [0.0, 0.0], [1.0, 1.0]
    requests = [
        request("double", key="first", x=ones),
        request("scale", key="zeros", a=zeros),
        request("scale", key="ones", a=ones),
        request("aborts", key="abort", x=ones),
        request("leaves", key="leaves", x=[2.0]),
        request("huge", key="huge", x=ones),
        request("raises", key="raises", x=ones),
        request("double", key="last", x=ones),
    ]
    answers = process.answer(requests)
    assert {key: answer.error for key, answer in answers.items()} == {
        "first": None,
        "zeros": "timeout",
        "ones": None,
        "abort": "raised: Crash: SIGABRT",
        "leaves": "raised: SystemExit: 0",
        "huge": "memory",
        "raises": "raised: ValueError: no such thing",
        "last": None,
    }
    assert answers["ones"].exact.data.tolist() == [1024.0, 1024.0]


def test_a_fork_stays_until_something_ends_it_or_it_has_answered_enough(process):
    def fork(x):
        return process.answer([request("who", x=[float(x)])])["k"].exact.data.item()

    first = fork(1)
    assert first != process._child.pid
    assert fork(2) == first
    process.answer([request("aborts", x=[1.0])])
    second = fork(3)
    assert second == fork(4) != first
    later = [fork(x) for x in range(10, 10 + LONGEST)]
    assert 0 < later.count(second) < LONGEST
    assert len(set(later)) == 2


def test_what_a_reference_starts_does_not_outlive_its_answer(process):
    pid = int(process.answer([request("starts", x=[1.0])])["k"].exact.data.item())
    with contextlib.suppress(psutil.NoSuchProcess):  # ended before the answer came back
        psutil.Process(pid).wait(30)
    assert process.answer([request("double", x=[1.5])])["k"].exact.data == 3


def test_a_fork_of_a_reference_renews_torch_s_engine(process):
    """Else threads that are the first to use it there make the fork die, now and then."""
    assert process.answer([request("renews", x=[1.0])])["k"].exact.data == 1


def test_a_fork_of_a_reference_answers_nothing_in_its_place(process):
    for turn in range(3):
        answers = process.answer([request("forks", x=[7.0 + turn])])
        assert answers["k"].exact.data == 7 + turn
        assert process.answer([request("double", x=[7.0 + turn])])["k"].exact.data == 14 + 2 * turn


def test_a_fork_that_ends_while_others_hold_its_pipes_is_replaced(process):
    many = [float(number) for number in range(50_000)]
    for _ in range(2):
        asked = [request("leaves_later", key="first", x=[1.0])]
        asked += [request("count", key=str(n), x=[*many, float(n)]) for n in range(3)]
        answers = process.answer(asked)
        assert {answers[str(n)].exact.data.item() for n in range(3)} == {50_001}
        process._known.clear()


@pytest.mark.parametrize(
    ("exercise", "error"),
    [
        ("syntax", "raised: SyntaxError"),
        ("import", "raised: ModuleNotFoundError: No module named 'no_such_module'"),
        ("exit", "raised: SystemExit: 4"),
        ("hangs", "timeout"),
    ],
)
def test_a_broken_file_is_an_answer_and_does_not_end_the_worker(process, exercise, error):
    answers = process.answer([request("f", exercise=exercise, x=[1.0])])
    assert answers["k"].error.startswith(error)
    assert process.answer([request("double", x=[1.0])])["k"].error is None


def test_equal_questions_are_asked_once(process, monkeypatch):
    asked = []
    exchange = process._ask
    monkeypatch.setattr(process, "_ask", lambda *a: asked.append(len(a[1])) or exchange(*a))
    one, same, other = (
        request("double", key=key, x=[x]) for key, x in [("a", 77.0), ("b", 77.0), ("c", 78.0)]
    )
    answers = process.answer([one, same, other])
    assert [answers[key].key for key in "abc"] == ["a", "b", "c"]
    assert answers["a"].exact.data == answers["b"].exact.data == 154
    process.answer([same, other])
    assert asked == [2]


ANSWERS = {  # what students made of `gradient` at [3, 2]
    "bits": [-np.float32(1 / 9), -0.25],
    "near": [-np.float32(1 / 9) * (1 + 2**-20), -0.25],
    "wrong": [1 / 9, 0.25],
    "short": [-0.25],
    None: None,
}


def told(process, *whats):
    """Each answer's spread, and the questions that were asked."""
    requests = [
        replace(
            request("gradient", key=str(what), x=[3.0, 2.0]),
            actual=None if what is None else array(ANSWERS[what], "float32"),
        )
        for what in whats
    ]
    answers = process.answer(requests)
    for answer in answers.values():
        assert (answer.error, answer.exact.data.tolist()) == (None, [-1 / 9, -0.25])
    spreads = [answers[each.key].spread for each in requests]
    return [None if spread is None else spread.tolist() for spread in spreads]


@pytest.mark.parametrize("order", list(itertools.permutations(ANSWERS))[::7])
@pytest.mark.parametrize("together", [True, False])
def test_an_answer_is_the_same_whatever_was_asked_before(process, monkeypatch, order, together):
    asked = []
    exchange = process._ask
    monkeypatch.setattr(process, "_ask", lambda *a: asked.extend(a[1]) or exchange(*a))
    alone = {}
    for what in order:
        process._known.clear()
        (alone[what],) = told(process, what)
    assert {what for what, spread in alone.items() if spread is None} == {"bits", "short"}
    process._known.clear()
    asked.clear()
    found = told(process, *order) if together else [told(process, what)[0] for what in order]
    assert found == [alone[what] for what in order]
    assert len(asked) <= 2


def test_a_failure_of_the_function_is_not_asked_for_again(process, monkeypatch):
    process._known.clear()
    for what in ("bits", "wrong"):
        actual = array(ANSWERS[what], "float32")
        answer = process.answer([replace(request("raises", x=[3.0]), actual=actual)])["k"]
        assert answer.error == "raised: ValueError: no such thing"
        monkeypatch.setattr(process, "_ask", lambda *_: pytest.fail("asked again"))


def test_a_dead_worker_is_replaced(process):
    process.answer([request("double", x=[5.0])])
    os.kill(process._child.pid, signal.SIGKILL)
    assert process.answer([request("double", x=[6.0])])["k"].exact.data == 12


def test_an_unknown_exercise_is_the_graders_own_fault(process):
    with pytest.raises(InternalError, match="'elsewhere'"):
        process.answer([request("f", exercise="elsewhere", x=[1.0])])


def test_purity_names_what_was_narrower_than_float64(process):
    pure = ["double", "gradient", "literal", "count", "noise", "undefined", "in_numpy"]
    impure = ["narrow", "arange", "typed", "backwards"]
    requests = [request(name, key=name, x=[1.0, 2.0, 3.0]) for name in pure + impure]
    found = process.check_purity(requests)
    assert {name for name, violations in found.items() if violations} == set(impure)
    assert any("float16" in text for text in found["backwards"])
    assert process.check_purity([request("f", exercise="numpy", x=[1.0])]) == {
        "k": ("line 2: numpy.float32",)
    }
    assert process.check_purity([request("raises", x=[1.0])])["k"][0].startswith(
        "raised: ValueError"
    )


def test_a_reference_that_keeps_something_between_calls_is_told(process):
    names = ["weighted", "remembers", "grows", "in_numpy_once"]
    for name in names:
        (told, *more) = process.check_purity([request(name, x=[1.0, 2.0, 3.0])])["k"] or ("",)
        assert ("when asked again" in told) is (name != "weighted")
        assert not more


def test_closing_leaves_no_process(folder):
    process = ReferenceProcess({"good": write(folder, "again", SOURCE)})
    process.start()
    pid = process._child.pid
    process.close()
    process.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_closing_ends_a_worker_that_was_begun_for_it_and_never_used(folder):
    begun = Child()
    ReferenceProcess({"good": write(folder, "never", SOURCE)}, begun=begun).close()
    assert not begun.alive


def ended(fork):
    """Wait for the end of the process that a pidfd stands for, reaped or not, and close it."""
    try:
        assert select.select([fork], [], [], 60)[0], "the fork outlived its worker"
    finally:
        os.close(fork)


def test_closing_ends_the_fork_that_waits_for_a_question(folder):
    process = ReferenceProcess({"good": write(folder, "idle", SOURCE)})
    with process:
        pid = int(process.answer([request("who", x=[1.0])])["k"].exact.data.item())
        fork = os.pidfd_open(pid)
    ended(fork)


def test_closing_in_the_middle_of_a_batch_takes_the_fork_along(folder):
    """The worker is killed while its fork loops for ever: the fork must not survive it."""
    with ReferenceProcess({"good": write(folder, "third", SOURCE)}, seconds=600) as process:
        process.answer([request("double", x=[1.0])])
        worker = process._child.pid
        from grader.reference import wire

        packer = wire.Packer()
        begun = folder / "begun"
        text = Value("text", text=str(begun))
        packed = [packer.request(request("marks", text=text, x=[0.0]))]
        process._child.send(wire.dump({"ask": "answer", "requests": packed}, packer))
        while not begun.exists():
            pass
        forks = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
        assert forks
        fork = os.pidfd_open(int(forks[0]))  # while it loops
    ended(fork)


def test_what_is_asked_again_is_remembered_and_what_is_not_is_forgotten(process, monkeypatch):
    monkeypatch.setattr("grader.reference.process.REMEMBERED", 3)
    process._known.clear()
    often = request("gradient", key="often", x=[3.0, 2.0])
    for count in range(6):
        process.answer([often, request("gradient", key="k", x=[float(count), 1.0])])
        assert len(process._known) <= 3
    asked = process._ask
    monkeypatch.setattr(process, "_ask", lambda *_: pytest.fail("asked again"))
    assert process.answer([often])["often"].error is None
    monkeypatch.setattr(process, "_ask", asked)


def test_several_threads_get_their_own_answers(process):
    def ask(count):
        asked = request("gradient", key=str(count), x=[float(count), 1.0])
        return process.answer([asked])[str(count)].exact.data.tolist()

    alone = [ask(count) for count in range(100, 108)]
    process._known.clear()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(100, 108))) == alone

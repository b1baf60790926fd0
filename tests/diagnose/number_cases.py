"""One case for each misconception that is told by numbers: calls of a function, and cells.

A case says what the exercise expects, what the student got and wrote; the real checks judge it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader import check
from grader.diagnose import diagnose
from grader.model.exercise import (
    CallCheck,
    Check,
    Draw,
    EventCheck,
    EventSelector,
    FigureCheck,
    Role,
    SourceCheck,
    TensorCheck,
    Vary,
)
from grader.model.observation import CallObservation, CellObservation, Event
from grader.model.result import Diagnosis
from grader.model.value import Value, array
from tests.check.builders import (
    answers,
    backward,
    capture,
    cell,
    event,
    exercise,
    figure,
    leaf_tensor,
    submission,
    tensor,
)

A = np.array
RNG = np.random.default_rng(7)
X, Y = RNG.normal(size=4) + 2, RNG.normal(size=4) - 2
V, W = RNG.normal(size=4), RNG.normal(size=4)
TABLE, OTHER = RNG.normal(size=(2, 4)), RNG.normal(size=(2, 4))


@dataclass(frozen=True)
class Called:
    """A function that was called with inputs, what it gave, and what was expected.

    `cases` are (inputs, expected, returned), inputs by parameter. Those of the numbers in `held`
    were called with tensors that had ones in their `.grad`.
    """

    cases: Sequence[tuple[Mapping[str, Any], Any, Any]]
    source: str = "def slope(x):\n    ..."
    locked: str = "import torch"
    dtype: str = "float64"
    name: str = "slope"
    held: tuple[int, ...] = ()


def called(case: Called) -> tuple[Diagnosis, ...]:
    """What is named on a function's answers."""
    names = [
        {name: Draw(shape=np.shape(value)) for name, value in inputs.items()}
        for inputs, _, _ in case.cases
    ]
    asked_for = CallCheck(
        id=case.name, cell="answer", function=case.name, inputs=tuple(names), expect=case.name
    )
    ex = exercise(asked_for, roles={}, functions={case.name: tuple(names[0])})
    handed_in = submission(case.locked, case.source)
    calls = [
        CallObservation(
            f"ex/{case.name}/{number}",
            "ok",
            inputs={name: _given(value, number in case.held) for name, value in inputs.items()},
            returned=array(returned, case.dtype),
        )
        for number, (inputs, _, returned) in enumerate(case.cases)
    ]
    observed = capture(cell(0, {}), cell(1, {}), calls=calls)
    expected = {
        array(next(iter(inputs.values()))).data.tobytes(): value  # type: ignore[union-attr]
        for inputs, value, _ in case.cases
    }

    def reference(**roles: Any) -> Any:
        return expected[np.asarray(next(iter(roles.values()))).tobytes()]

    asked = check.requests(ex, handed_in, observed)
    said = answers(asked, {case.name: reference})
    findings = check.judge(ex, handed_in, observed, said)
    return diagnose(ex, handed_in, observed, said, findings)


def _given(values: Any, held: bool) -> Value:
    given = array(values)
    return replace(given, grad=array(np.ones(given.shape))) if held else given


def one(
    expected: Any, returned: Any, source: str = "def slope(x):\n    ...", **more: Any
) -> Called:
    """Two cases of one input, from functions of it."""
    both = [({"x": x}, expected(x), returned(x)) for x in (X, Y)]
    return Called(both, source, **more)


def two(
    expected: Any, returned: Any, source: str = "def slope(x, v):\n    ...", **more: Any
) -> Called:
    """Two cases of two inputs."""
    both = [({"x": x, "v": v}, expected(x, v), returned(x, v)) for x, v in ((X, V), (Y, W))]
    return Called(both, source, **more)


PAIR = """import torch
def pair(x):
    return torch.stack([x[0] * x[1], x[0] + x[1]])"""


def pair(x: Any) -> Any:
    """The Jacobian of `pair`."""
    return A([[x[1], x[0]], [1.0, 1.0]])


def of_pair(expected: Any, returned: Any, source: str = "def slope(x, v):\n    ...") -> Called:
    """Two cases of `pair`'s table at x, with a vector v."""
    both = [
        ({"x": x, "v": v}, expected(pair(x), v), returned(pair(x), v))
        for x, v in ((X[:2], V[:2]), (Y[:2], W[:2]))
    ]
    return Called(both, source, PAIR)


BRANCH = "import torch\ndef f(a):\n    if a.sum() > 0:\n        return 2 * a\n    return 200 * a"
ZERO = A([0.0, 2.0])

CALLS: dict[str, Called] = {
    "constant-factor": one(lambda x: x**2, lambda x: 0.7 * 5 * x**2),
    "sign-flipped": one(lambda x: x**2, lambda x: -(x**2)),
    "power-rule": one(lambda x: 3 * x**2, lambda x: 3 * x**3),
    "wrong-logarithm": one(lambda x: 1 / x, lambda x: 1 / x / np.log(10)),
    "transposed-jacobian": one(
        lambda x: np.outer(x[:2], [1.0, 5.0]), lambda x: np.outer(x[:2], [1.0, 5.0]).T
    ),
    "sum-for-mean": Called(
        [({"x": x}, x / len(x), x) for x in (X, Y[:3])],
        "def slope(x):\n    leaf = x.clone().requires_grad_()\n    (leaf**2).sum().backward()\n"
        "    return leaf.grad",
    ),
    "mean-for-sum": Called(
        [({"x": x}, x, x / len(x)) for x in (X, Y[:3])],
        "def slope(x):\n    leaf = x.clone().requires_grad_()\n    (leaf**2).mean().backward()\n"
        "    return leaf.grad",
    ),
    "operator-precedence": one(
        lambda x: x,
        lambda x: np.full(4, x.sum()),
        "def slope(x):\n    y = x.sum() ** 2\n    return torch.autograd.grad(y, x)[0] / 2",
    ),
    "wrong-shape": two(lambda x, v: x @ v, lambda x, v: x * v),
    "one-number": one(lambda x: x**2, lambda x: x[0] ** 2),
    "gradient-of-another-variable": two(lambda x, v: A([v, x]), lambda x, v: A([x, v])),
    "missing-chain-factor": two(lambda x, v: x**2 * v, lambda x, v: x**2),
    "vjp-for-jacobian": Called(
        [({"x": x}, table, table.sum(0)) for x, table in ((X, TABLE), (Y, OTHER))],
        "def slope(x):\n    x = x.clone().requires_grad_()\n    f(x).backward(torch.ones(2))\n"
        "    return x.grad",
    ),
    "row-of-jacobian": Called([({"x": x}, t, t[1]) for x, t in ((X, TABLE), (Y, OTHER))]),
    "column-of-jacobian": Called([({"x": x}, t, t[:, 2]) for x, t in ((X, TABLE), (Y, OTHER))]),
    "diagonal-of-jacobian": Called(
        [({"x": x}, t, t.diagonal()) for x, t in ((X, TABLE), (Y, OTHER))]
    ),
    "whole-jacobian": one(
        lambda x: 2 * x,
        lambda x: np.diag(2 * x),
        "def slope(x):\n    return torch.autograd.functional.jacobian(lambda t: t**2, x)",
    ),
    "another-subgradient": Called(
        [({"x": X}, np.sign(X), np.sign(X)), ({"x": ZERO}, A([0.0, 1.0]), A([1.0, 1.0]))],
        "def slope(x):\n    x = x.clone().requires_grad_()\n    torch.clamp(x, min=0).sum()"
        ".backward()\n    return x.grad",
    ),
    "jvp-for-vjp": of_pair(lambda J, v: v @ J, lambda J, v: J @ v),
    "wrong-cotangent": of_pair(lambda J, v: v @ J, lambda J, v: J.sum(0)),
    "wrong-direction": of_pair(lambda J, v: J @ v, lambda J, v: J.sum(1)),
    "missing-term": one(
        lambda x: x**2 - 1 / x**2, lambda x: x**2, "def slope(x):\n    return x**2"
    ),
    "product-of-derivatives": Called(
        [
            ({"a": a, "da": da, "b": b, "db": db}, da * b + a * db, da * db)
            for a, da, b, db in ((X, Y, V, W), (W, V, Y, X))
        ],
        "def slope(a, da, b, db):\n    return da * db",
    ),
    "wrong-axis": Called(
        [
            ({"x": x}, np.full(x.shape, 1 / x.shape[1]), np.full(x.shape, 1 / x.shape[0]))
            for x in (TABLE, RNG.normal(size=(3, 5)))
        ],
        "def slope(x):\n    return torch.func.grad(lambda t: t.mean(0).sum())(x)",
    ),
    "batch-of-one": Called(
        [({"x": x}, table, A([table[0]] * 2)) for x, table in ((X, TABLE), (Y, OTHER))]
    ),
    "branch-ignored": Called(
        [({"a": X}, A([4.0] * 4), A([4.0] * 4)), ({"a": Y}, A([400.0] * 4), A([4.0] * 4))],
        "def slope(a):\n    k = 1.0 + 3.0\n    return torch.full_like(a, k)",
        BRANCH,
    ),
    "undefined-at-zero": Called(
        [({"x": X}, 2 * X, 2 * X), ({"x": ZERO * 0}, ZERO * 0, A([np.nan] * 2))],
        "def slope(x):\n    x = x.clone().requires_grad_()\n"
        "    (torch.sqrt((x**2).sum()) ** 2).backward()\n    return x.grad",
    ),
    "where-leaks-nan": Called(
        [({"x": X}, 1 / X, 1 / X), ({"x": ZERO}, A([0, 0.5]), A([np.nan, 0.5]))],
        "def slope(x):\n    y = torch.where(x > 0, torch.log(x), 0.0)\n"
        "    return torch.autograd.grad(y.sum(), x)[0]",
    ),
    "inputs-shifted": Called(
        [({"x": X}, 1 / X, 1 / X), ({"x": ZERO}, A([0, 0.5]), A([1e6, 0.5]))],
        "def slope(x):\n    y = torch.log(x + 1e-6)\n    return torch.autograd.grad(y.sum(), x)[0]",
    ),
    "truncation-for-rounding": Called(
        [({"x": A(0.29)}, A(29.0), A(28.0)), ({"x": A(2.5)}, A(250.0), A(250.0))],
        "def slope(x):\n    return int(x * 100)",
    ),
    "inverted-quotient": one(lambda x: x**2, lambda x: 1 / x**2),
    "quotient-for-gradient": one(
        lambda x: 3 * x**2, lambda x: x**2 + 1, "def slope(x):\n    return (f(x) / x).detach()"
    ),
    "diagonal-of-hessian": two(
        lambda x, v: A(v.sum() ** 2 + x[0]),
        lambda x, v: A((v**2).sum() + x[1]),
        "def slope(x, v):\n    H = torch.autograd.functional.hessian(g, x)\n"
        "    return (H.diagonal() * v**2).sum()",
    ),
    "last-part-only": two(
        lambda x, v: x + v,
        lambda x, v: v - 0.3 * x,
        "def slope(x, v):\n    for row in (x, v):\n        total = part(row)\n    return total",
    ),
    "folk-multiplication": two(
        lambda x, v: v * x.sum() + 1,
        lambda x, v: v * x * 2 + v,
        "def slope(x, v):\n    x = x.clone().requires_grad_()\n    (x * x.sum()).sum().backward()\n"
        "    return v * x.grad",
    ),
    "value-for-gradient": one(
        lambda x: 2 * x + 1,
        lambda x: x**2 + x + 3,
        "def slope(x):\n    y = g(x)\n    y.sum().backward()\n    out = y\n    out.backward(x)\n"
        "    return out.detach()",
    ),
    "typed-in-constant": Called(
        [({"x": x}, x**2, np.full(x.shape, 1024.0)) for x in (X, Y[:3])],
        "def slope(x):\n    return torch.full_like(x, 1024.0)",
    ),
    "finite-differences": one(
        lambda x: 3 * x**2,
        lambda x: 3 * x**2 + 0.3 * x,
        "def slope(x, h=0.1):\n    return (f(x + h) - f(x)) / h",
    ),
    "broadcast-by-accident": Called(
        [
            ({"w": w, "x": x, "y": y}, w * 0 + y.sum(), w * 0 - x.sum())
            for w, x, y in ((V[:2], TABLE.T, W), (W[:2], OTHER.T, V))
        ],
        "def slope(w, x, y):\n    loss = ((x @ w.reshape(-1, 1) - y) ** 2).sum()\n"
        "    return torch.autograd.grad(loss, w)[0]",
    ),
    "accumulated-gradient": one(
        lambda x: x - 0.1 * x**3,
        lambda x: x - 0.3 * x**3 + x**2,
        "def slope(x):\n    for _ in range(3):\n        loss(x).backward()\n"
        "        x = x - 0.1 * x.grad\n    return x",
    ),
}
CALLS["vjp-for-jvp"] = Called(
    [
        ({"x": x, "v": v}, pair(x) @ v, pair(x).sum(0) * v)
        for x, v in ((X[:2], V[:2]), (Y[:2], W[:2]))
    ],
    "def slope(x, v):\n    x = x.clone().requires_grad_()\n    pair(x).backward(torch.ones(2))\n"
    "    g = x.grad\n    return g * v",
    PAIR,
)


@dataclass(frozen=True)
class Celled:
    """A notebook with a locked cell `inputs` and answers behind it.

    `values` are what checks hold against references: (check, expected); `names` what was left.
    """

    names: Mapping[str, Value]
    values: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    source: str = "..."
    checks: tuple[Check, ...] = ()
    selectors: Mapping[str, EventSelector] = field(default_factory=dict)
    before: CellObservation | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Value] = field(default_factory=lambda: {"x": leaf_tensor(X)})
    calls: tuple[CallObservation, ...] = ()


def celled(case: Celled) -> tuple[Diagnosis, ...]:
    """What is named on a cell's answers."""
    made = tuple(
        TensorCheck(id=name, cell="answer", value=name, expect=name)
        for name in case.values
        if name not in {one.id for one in case.checks}
    )
    ex = exercise(
        *made,
        *case.checks,
        roles={"x": Role(cell="inputs", value="x")},
        events={"pass": EventSelector(cell="answer"), **case.selectors},
        cells=("inputs", "earlier", "answer"),
        vary=Vary(cell="inputs", names={"x": Draw(shape=(4,))}),
    )
    handed_in = submission(
        "import torch", "...", case.source, names=("inputs", "earlier", "answer")
    )
    cells = [cell(0, case.inputs)]
    cells.append(case.before or cell(1, case.inputs))
    cells.append(cell(2, {**case.inputs, **case.names}, events=case.events, **case.more))
    observed = capture(*cells, calls=case.calls)
    asked = check.requests(ex, handed_in, observed)
    said = answers(asked, {name: _always(value) for name, value in case.values.items()})
    findings = check.judge(ex, handed_in, observed, said)
    return diagnose(ex, handed_in, observed, said, findings)


def _always(value: Any) -> Any:
    return lambda **_: value


ONCE = 2 * X
LEAF = leaf_tensor(X)
ROOT = tensor((X**2).sum(), requires_grad=True, leaf=False, id=9)
DONE = backward(LEAF, ONCE, root=ROOT)
WANTS_GRAD = EventCheck(id="pass", event="named", succeeded=True)

CELLS: dict[str, Celled] = {
    "wrong-function": Celled(
        {"y": tensor(np.sin(X) * X, requires_grad=True, leaf=False, id=9)},
        {"y": X**2},
        source="y = torch.sin(x) * x",
    ),
    "aliased-gradient": Celled(
        {"kept": tensor(3 * ONCE, id=5), "x": replace(LEAF, grad=tensor(3 * ONCE, id=5))},
        {"kept": ONCE},
        events=(
            backward(LEAF, ONCE, root=ROOT, line=1),
            backward(LEAF, 2 * ONCE, root=ROOT, before=ONCE, serial=1, line=3),
        ),
        source="y.backward()\nkept = x.grad\nz.backward()",
    ),
    "over-cleared": Celled(
        {"gradient": tensor(ONCE)},
        {"gradient": 2 * ONCE},
        events=(DONE, backward(LEAF, ONCE, root=ROOT, serial=1)),
        source="y.backward()\nx.grad = None\ny.backward()\ngradient = x.grad",
    ),
    "cleared-after-reading": Celled(
        {"gradient": tensor(0 * X)},
        {"gradient": ONCE},
        events=(DONE,),
        source="y.backward()\nx.grad.zero_()\ngradient = x.grad",
    ),
    "leftovers": Celled(
        {"gradient": tensor(ONCE)},
        {"gradient": 3 * X**2},
        before=cell(1, {"x": leaf_tensor(X, ONCE)}, events=(DONE,)),
        source="y = (x**3).sum()\ngradient = x.grad",
    ),
    "left-in-grad": Celled(
        {"left": tensor(ONCE)},
        events=(event(api="grad", inputs=(1,), returned=(tensor(ONCE),), leaves=DONE.leaves),),
        checks=(
            WANTS_GRAD,
            TensorCheck(id="left", cell="answer", value="left", none=True, needs=("pass",)),
        ),
        selectors={"named": EventSelector(cell="answer", api="grad")},
        source="g = torch.autograd.grad(y, x)\nx.grad = g[0]\nleft = x.grad",
    ),
    "zero-grad-not-called": Celled(
        {},
        checks=(SourceCheck(id="called", require=("Tensor.zero_grad",)),),
        source="x.grad = None\nafter = x.grad",
    ),
    "argument-not-used": Celled(
        {"gradient": tensor(V * ONCE)},
        {"gradient": V * ONCE, "v": V},
        events=(backward(LEAF, V * ONCE, root=ROOT),),
        checks=(EventCheck(id="argument", event="pass", succeeded=True, gradient="v"),),
        source="(v * y).sum().backward()\ngradient = x.grad",
    ),
    "wrong-slice": Celled(
        {"gradient": tensor([1, 1, 0, 0])},
        {"gradient": A([0.0, 0, 1, 1])},
        events=(backward(LEAF, [1, 1, 0, 0], root=ROOT),),
        source="x[:2].sum().backward()\ngradient = x.grad",
    ),
    "wrong-precision": Celled(
        {"gradient": tensor(1 / X)},
        checks=(TensorCheck(id="gradient", cell="answer", value="gradient", dtype=("float64",)),),
        source="gradient = x.grad",
    ),
    "wrong-order": Celled(
        {"first": tensor(ONCE), "second": tensor(ONCE)},
        {"first": ONCE, "second": 3 * np.cos(X)},
        events=(DONE, backward(LEAF, ONCE, root=ROOT, serial=1)),
        source="first = x.grad\nsecond = x.grad",
    ),
    "square-of-the-gradient": Celled(
        {"first": tensor(ONCE), "second": tensor(ONCE**2)},
        {"first": ONCE, "second": 3 * np.cos(X)},
        events=(DONE,),
        source="first = x.grad\nsecond = first**2",
    ),
    "weighted-twice": Celled(
        {"gradient": tensor(ONCE * V**2)},
        {"gradient": ONCE * V},
        inputs={"x": LEAF, "v": tensor(V)},
        events=(backward(LEAF, ONCE * V**2, root=ROOT, gradients=(tensor(V),)),),
        source="(v * y).backward(v)\ngradient = x.grad",
    ),
    "summed-first": Celled(
        {"y": tensor((X**2).sum(), requires_grad=True, leaf=False, id=9)},
        {"y": X**2},
        events=(event(roots=(tensor((X**2).sum()),), gradients=(tensor(V),)),),
        source="y = (x**2).sum()\ny.backward(v)",
    ),
    "wrong-update": Celled(
        {"x": leaf_tensor(X + 0.1 * ONCE, ONCE)},
        {"x": X - 0.1 * ONCE},
        events=(DONE,),
        source="with torch.no_grad():\n    x += 0.1 * x.grad",
    ),
    "stale-gradient": Celled(
        {"x": leaf_tensor(X - 0.2 * ONCE, ONCE)},
        {"x": X - 0.15 * ONCE},
        before=cell(1, {"x": leaf_tensor(X - 0.1 * ONCE, ONCE)}),
        source="with torch.no_grad():\n    x -= 0.1 * x.grad",
    ),
    "backward-for-grad": Celled(
        {},
        events=(DONE,),
        checks=(WANTS_GRAD,),
        selectors={"named": EventSelector(cell="answer", api="grad")},
        source="y.backward()",
    ),
    "grad-for-backward": Celled(
        {},
        events=(event(api="grad", inputs=(1,), returned=(tensor(ONCE),), leaves=DONE.leaves),),
        checks=(WANTS_GRAD,),
        selectors={"named": EventSelector(cell="answer", api="backward")},
        source="torch.autograd.grad(y, x)",
    ),
    "argument-not-said": Celled(
        {"gradient": tensor(ONCE)},
        {"gradient": ONCE},
        events=(replace(DONE, line=1),),
        checks=(EventCheck(id="argument", event="pass", succeeded=True, argument=True),),
        source="y.backward()\ngradient = x.grad",
    ),
    "not-in-place": Celled(
        {"z": tensor(3 * X + 1, requires_grad=True, leaf=False, id=8)},
        checks=(TensorCheck(id="z", cell="answer", value="z", in_place=True),),
        source="z = 3 * x\nz = z + 1",
    ),
    "half-a-period": Celled(
        {},
        checks=(FigureCheck(id="range", cell="answer", covers=(0.0, 6.28), min_points=5),),
        more={"figures": (figure((np.linspace(0, 3, 50), np.linspace(0, 3, 50))),)},
        source="plt.plot(x, y)",
    ),
    "right-value-under-another-name": Celled(
        {"slope": tensor(ONCE)},
        {"gradient": ONCE},
        events=(DONE,),
        source="y.backward()\nslope = x.grad.clone()",
    ),
    "untrained": Celled(
        {"trained": tensor([5.0, -3.0])},
        {"trained": A([0.1, 7.0])},
        source="w = torch.randn(2)\ntrained = w",
    ),
    "bad-step": Celled(
        {"error": tensor(0.37)},
        {"error": A(1e-8)},
        source="def q(t, h):\n    return (f(t + h) - f(t - h)) / (2 * h)\n"
        "error = worst(q(x, 1e-13))",
    ),
    "derivative-by-formula": Celled(
        {"derivative": tensor(np.cos(X))},
        {},
        checks=(SourceCheck(id="no-cos", forbid=("torch.cos",)),),
        source="derivative = torch.cos(x)",
    ),
    "one-sided-difference": Celled(
        {"quotient": tensor(3 * X**2 + 0.4 * X)},
        {"quotient": 3 * X**2},
        source="quotient = ((x + h) ** 3 - x**3) / h",
    ),
}
RIGHT_CELL = Celled({"gradient": tensor(ONCE)}, {"gradient": ONCE}, events=(DONE,))

"""One case a misconception: what PyTorch really says to its wrong snippet, or built facts."""

from __future__ import annotations

import ast
import traceback
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader import diagnose
from grader.diagnose import catalogue
from grader.diagnose.facts import Facts
from grader.model.exercise import (
    CallCheck,
    Check,
    ChoiceCheck,
    EventCheck,
    EventSelector,
    FigureCheck,
    SourceCheck,
    TensorCheck,
)
from grader.model.observation import CallObservation, CellObservation, Event, Node, Raised
from grader.model.result import Diagnosis, Finding, Shown
from grader.model.submission import Message
from grader.model.value import Value
from tests.check.builders import (
    NONE,
    X,
    backward,
    capture,
    cell,
    event,
    exercise,
    leaf_tensor,
    submission,
    tensor,
)

RESULT = tensor(X, requires_grad=True, leaf=False, grad_fn="MulBackward0", id=9)
GRADIENT = TensorCheck(id="gradient", cell="answer", value="x_gradient", expect="g")
FREED = "Trying to backward through the graph a second time"


@dataclass(frozen=True)
class Built:
    """Facts put together by hand: a locked cell that makes `x`, the answer, what was found."""

    source: str
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...] = (GRADIENT,)
    answer: CellObservation = field(default_factory=lambda: cell(1))
    before: Mapping[str, Value] = field(default_factory=lambda: {"x": leaf_tensor(X)})
    given: str = "import torch\nx = torch.arange(4.0)"
    calls: tuple[CallObservation, ...] = ()
    events: Mapping[str, EventSelector] = field(default_factory=dict)

    def facts(self) -> Facts:
        return Facts(
            exercise(*self.checks, events=self.events),
            submission(self.given, self.source),
            capture(cell(0, self.before), self.answer, calls=self.calls),
            self.findings,
            {check.id: check for check in self.checks},
        )

    def alone(self, id: str) -> Diagnosis | None:
        return diagnose._matchers()[id](self.facts())

    def diagnosed(self) -> tuple[Diagnosis, ...]:
        made = self.facts()
        return diagnose.diagnose(
            made.exercise, made.submission, made.capture, made.expectations, made.findings
        )


def found(check: str, message: str, status: str = "failed", **more: Any) -> Finding:
    """A finding about the answer's cell; what is no field of it is a parameter of its message."""
    fields: dict[str, Any] = {"cell": 1, "line": more.pop("line", None)}
    for name in ("actual", "expected"):
        if isinstance(more.get(name), Shown | None):
            fields[name] = more.pop(name, None)
    said = Message(f"check.{message}", more)
    return Finding(check, "kind", status, 0.0, 1.0, "hidden", said, **fields)  # type: ignore[arg-type]


def shown(*values: Any, dtype: str = "float32") -> Shown:
    return Shown("tensor", dtype, (len(values),), values, len(values))


def snippet(id: str, name: str = "wrong") -> str:
    folder = Path(catalogue.__file__).parent / id.replace("-", "_")
    return (folder / f"{name}.py").read_text("utf-8")


def observed(source: str) -> CellObservation:
    """What is left behind by really running a cell here: names, warnings and the error."""
    space: dict[str, Any] = {}
    error = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(source, "<cell>", "exec"), space)
        except Exception as raised:
            frames = [
                f for f in traceback.extract_tb(raised.__traceback__) if f.filename == "<cell>"
            ]
            error = Raised(type(raised).__name__, str(raised), frames[-1].lineno)
    names = {name: value for name, v in space.items() if (value := _value(v)) is not None}
    told = tuple(Raised(w.category.__name__, str(w.message), w.lineno) for w in caught)
    return cell(1, names, status="error" if error else "ok", error=error, warnings=told)


def _value(value: Any) -> Value | None:
    import torch

    if value is None:
        return NONE
    if not isinstance(value, torch.Tensor) or value.is_inference() or value.is_complex():
        return None
    made = {} if value.grad_fn is None else {"grad_fn": type(value.grad_fn).__name__}
    flags = {"requires_grad": value.requires_grad, "leaf": value.is_leaf, "id": id(value)}
    kind = str(value.dtype).removeprefix("torch.")
    return tensor(value.detach().double().numpy(), kind, **flags, **made)


def raising(id: str) -> Built:
    """The facts that the misconception's wrong snippet leaves behind; `answer` was asked for."""
    source = snippet(id)
    asked = TensorCheck(id="gradient", cell="answer", value="answer", expect="g")
    seen = observed(source)
    assert seen.error is not None, id
    missing = found("gradient", "value.after_error", "missing", value="answer")
    return Built(source, (missing,), (asked,), seen, given="import torch")


def function(source: str, actual: Any, expected: Any, message: str = "call.differs") -> Built:
    """A function `f` of the student's that answered a call wrongly."""
    asked = CallCheck(id="call", cell="answer", function="f", inputs=({},), expect="g")
    wrong = found(
        "call", message, actual=actual, expected=expected, function="f", inputs="t=[1, 2]"
    )
    names = {"x": leaf_tensor(X)}
    return Built(source, (wrong,), (asked,), cell(1, names))


def value(source: str, wrong: Finding, name: str = "x_gradient", **names: Value) -> Built:
    """A wrong value of a name of the student's."""
    asked = TensorCheck(id=wrong.check, cell="answer", value=name, expect="g")
    return Built(source, (wrong,), (asked,), cell(1, {"x": leaf_tensor(X)} | names))


def differs(
    *actual: float, expected: tuple[float, ...], dtype: str = "float32", **more: Any
) -> Finding:
    return found(
        "gradient",
        "value.differs",
        value=more.pop("value", "x_gradient"),
        actual=shown(*actual, dtype=dtype),
        expected=shown(*expected, dtype=dtype),
    )


YES, NO = shown(True, dtype="bool"), shown(False, dtype="bool")
NULL = found("gradient", "value.none", "missing", value="x_gradient")
CHOICE = ChoiceCheck(id="why", cell="answer", value="why", options=("a", "b", "c"))
NOT_RAISED = found("again", "event.not_raised", line=3, expected=FREED)
AGAIN = EventCheck(id="again", event="again", raised=FREED)
GRAPH = (Node(5, "MulBackward0", (6,)), Node(6, "AccumulateGrad", (), 1))


def passed(serial: int, line: int, **more: Any) -> Event:
    leaf = leaf_tensor(X)
    return backward(leaf, X, root=RESULT, serial=serial, nodes=GRAPH, line=line, **more)


RESULT_AGAIN = replace(RESULT, id=10)
GRAPH_AGAIN = (Node(7, "MulBackward0", (6,)), GRAPH[1])


def over(root: Value, nodes: tuple[Node, ...]) -> Event:
    """A second pass, from that root over these nodes."""
    return backward(leaf_tensor(X), X, root=root, serial=1, nodes=nodes, line=3)


def second_pass(*events: Event, source: str) -> Built:
    return Built(source, (NOT_RAISED,), (AGAIN,), cell(1, {"y": RESULT}, events=events))


TWICE = "y = x * x\ny.sum().backward(retain_graph=True)\ny.sum().backward()"
REFUSED = Raised(
    "RuntimeError", "element 0 of tensors does not require grad and does not have a grad_fn", 3
)
OWN = ast.unparse(ast.parse(snippet("backward-without-return", "right")).body[2])

RAISING = [
    "ambiguous-truth",
    "assigned-gradient-size",
    "cell-stopped",
    "complex-output",
    "cotangent-shape",
    "deepcopy-of-a-result",
    "differentiated-without-grad",
    "flag-of-a-result",
    "graph-dropped",
    "graph-not-created",
    "in-place-on-leaf",
    "in-place-on-saved-value",
    "in-place-on-unbind",
    "in-place-on-view",
    "inference-mode",
    "input-not-in-graph",
    "integer-input",
    "invalid-gradient-shape",
    "item-has-no-graph",
    "mean-of-integers",
    "mixed-dtypes",
    "none-has-no-zero",
    "optimizer-needs-leaves",
    "out-argument",
    "requires-grad-called",
    "retain-grad",
    "wrong-number-of-gradients",
]

CASES: dict[str, Built] = {id: raising(id) for id in RAISING} | {
    "no-choice": Built(
        'why = "I do not know"',
        (found("why", "choice.invalid"),),
        (CHOICE,),
    ),
    "wrong-choice": Built('why = "a"', (found("why", "choice.wrong"),), (CHOICE,)),
    "no-requires-grad": Built(
        "y = (x * x).sum()\nx.requires_grad_()\ny.backward()",
        (NULL,),
        answer=cell(1, {"x": leaf_tensor(X)}, status="error", error=REFUSED),
        before={"x": tensor(X)},
    ),
    "not-a-leaf": value(
        "t = x.double()\n(t * t).sum().backward()\nx_gradient = t.grad",
        NULL,
        t=tensor(X, "float64", requires_grad=True, leaf=False, grad_fn="ToCopyBackward0"),
        x_gradient=NONE,
    ),
    "gradient-of-a-clone": value(
        "t = x.clone()\n(t * t).sum().backward()\nx_gradient = t.grad",
        NULL,
        t=tensor(X, requires_grad=True, leaf=False, grad_fn="CloneBackward0"),
        x_gradient=NONE,
    ),
    "non-leaf-grad": Built(
        "u = x + 1\nu.sum().backward()\nprint(u.grad)\nx_gradient = 1",
        (differs(1.0, expected=(2.0,)),),
        answer=cell(
            1,
            warnings=(
                Raised(
                    "UserWarning",
                    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed.",
                ),
            ),
        ),
    ),
    "callers-tensor-changed": Built(
        "def f(w):\n    w = w.detach()\n    w -= 1\n    return w",
        (found("call", "call.changed", function="f", inputs="w=[1, 2]", name="w"),),
        (CallCheck(id="call", cell="answer", function="f", inputs=({},), expect="g"),),
    ),
    "graph-kept": Built(
        "def f(w):\n    return w - 0.1 * w",
        (found("call", "call.must_not_require_grad", function="f", inputs="w=[1, 2]"),),
        (CallCheck(id="call", cell="answer", function="f", inputs=({},), expect="g"),),
        calls=(CallObservation("ex/call/0", "ok", returned=RESULT),),
    ),
    "backward-returns-nothing": function(
        "def f(t):\n    return (t * t).sum().backward()", None, None, "call.returned_none"
    ),
    "rebuilt-graph": Built(
        "for _ in range(2):\n    y = (x * x).sum()\n    y.backward()",
        (found("again", "event.none", "missing"),),
        (EventCheck(id="again", event="again"),),
        cell(1, {"y": RESULT}, events=(passed(0, 3), over(RESULT_AGAIN, GRAPH_AGAIN))),
        events={"again": EventSelector(cell="answer", again=True)},
    ),
    "retained-too-early": second_pass(passed(0, 2, retain_graph=True), passed(1, 3), source=TWICE),
    "nothing-saved": second_pass(
        passed(0, 2), passed(1, 3), source="y = x + x\ny.sum().backward()\ny.sum().backward()"
    ),
    "no-error-to-see": Built(
        "y = torch.exp(x)\ny = y + 1\ny.sum().backward()",
        (found("again", "event.not_raised", line=3, expected="modified by an inplace operation"),),
        (EventCheck(id="again", event="again", raised="modified by an inplace operation"),),
        cell(1, {"y": RESULT}, events=(passed(0, 3),)),
    ),
    "leaf-replaced": Built(
        "with torch.no_grad():\n    x = x - 0.1 * x.grad",
        (found("leaf", "tensor.must_be_leaf", value="x"),),
        (TensorCheck(id="leaf", cell="answer", value="x", leaf=True),),
    ),
    "data-edited": value(
        "y = (x * x).sum()\nx.data[0] = 9.0\ny.backward()\nx_gradient = x.grad",
        differs(18.0, 4.0, expected=(2.0, 4.0)),
    ),
    "detach-shares-memory": value(
        "t = x.detach()\nt += 1\n(x * x).sum().backward()\nx_gradient = x.grad",
        differs(4.0, 7.5, expected=(2.0, 4.0)),
    ),
    "zero-grad-gives-zeros": value(
        "optimizer.zero_grad(set_to_none=False)\nx_gradient = x.grad",
        found("gradient", "tensor.must_be_none", value="x_gradient"),
        x_gradient=tensor(0.0),
    ),
    "unused-gives-none": value(
        "x_gradient = torch.zeros(())",
        found("gradient", "tensor.must_be_none", value="x_gradient"),
        x_gradient=tensor(0.0),
    ),
    "forbidden-function": Built(
        "def f(t):\n    return torch.cumprod(t, 0)",
        (found("no-cumprod", "source.forbidden", line=2, name="torch.cumprod"),),
        (SourceCheck(id="no-cumprod", forbid=("torch.cumprod",)),),
    ),
    "own-function-not-used": value(
        f"{OWN}\n\ny = x * x",
        found("gradient", "tensor.grad_fn", value="y"),
        name="y",
        y=RESULT,
    ),
    "backward-without-return": value(
        OWN.replace("return grad_output", "grad_output") + "\n\nx_gradient = None", NULL
    ),
    "missing-labels": Built(
        "plt.plot(x, x)",
        (found("labels", "figure.legend"),),
        (FigureCheck(id="labels", cell="answer", legend=True),),
    ),
    "too-few-points": Built(
        "plt.plot(x, x)",
        (found("range", "figure.points", actual=10, expected=100),),
        (FigureCheck(id="range", cell="answer", min_points=100),),
    ),
    "degrees-for-radians": value(
        "y = torch.sin(torch.deg2rad(x))", differs(0.0175, expected=(0.8415,), value="y"), name="y"
    ),
    "replaced-inputs": value(
        "x = torch.tensor([5.0], requires_grad=True)\nx.sum().backward()\nx_gradient = x.grad",
        differs(10.0, expected=(3.7,)),
        x=leaf_tensor([5.0]),
    ),
    "stale-value": Built(
        "with torch.no_grad():\n    x -= 1\nloss_after = loss.detach()",
        (differs(14.0, expected=(5.0,), value="loss_after"),),
        (TensorCheck(id="gradient", cell="answer", value="loss_after", expect="g"),),
        before={"x": leaf_tensor(X), "loss": tensor(14.0)},
        given="x = torch.arange(4.0)\nloss = (x * x).sum()",
    ),
    "no-threads": Built(
        "total = sum(part(p) for p in parts)",
        (differs(0.0, expected=(8.0,), value="started"),),
        (TensorCheck(id="gradient", cell="answer", value="started", equals=8.0),),
        given="def in_threads(f, parts):\n    return [threading.Thread(target=f) for p in parts]",
    ),
    "exact-equality": function("def f(a, b):\n    return torch.equal(a, b)", NO, YES),
    "absolute-tolerance": function(
        "def f(a, b):\n    return bool(((a - b).abs() < 1e-5).all())", YES, NO
    ),
    "nan-by-equality": function("def f(t):\n    return not bool((t == torch.nan).any())", YES, NO),
    "infinity-overlooked": function("def f(t):\n    return not torch.isnan(t).any()", YES, NO),
    "infinity-hidden": value(
        "c_gradient = torch.nan_to_num(x.grad)",
        found(
            "gradient",
            "value.differs",
            value="c_gradient",
            actual=shown(3.4e38),
            expected=shown("inf"),
        ),
        name="c_gradient",
    ),
    "tolerance-for-equality": value(
        "same = torch.isclose(x * x, x**2)",
        differs(True, True, expected=(True, False), dtype="bool", value="same"),
        name="same",
    ),
    "epsilon-for-ulp": value(
        "ulp = torch.finfo(x.dtype).eps", differs(1.2e-07, expected=(6.1e-05,), value="ulp"), "ulp"
    ),
    "algebra-trusted": value(
        "same = torch.ones(2, dtype=torch.bool)",
        differs(True, True, expected=(True, False), dtype="bool", value="same"),
        name="same",
    ),
    "global-for-parameter": function(
        "def f(t):\n    (x * x).sum().backward()\n    return x.grad", shown(2.0), shown(3.5)
    ),
    "grad-believed-to-accumulate": value(
        "(first,) = torch.autograd.grad(y, x, retain_graph=True)\n"
        "(second,) = torch.autograd.grad(y, x)\nsecond = first + second",
        differs(4.0, 9.0, expected=(2.0, 4.5), value="second"),
        name="second",
    ),
    "counted-the-opposite": value(
        "unequal = same.sum()",
        differs(4, expected=(6,), dtype="int64", value="unequal"),
        name="unequal",
        same=Value("tensor", "bool", (10,)),
    ),
    "rounding-has-no-slope": Built(
        "torch.round(x * x).sum().backward()\nx_gradient = x.grad",
        (differs(0.0, 0.0, expected=(2.0, 4.0)),),
        answer=cell(
            1,
            {"x": leaf_tensor(X)},
            events=(event(roots=(RESULT,), nodes=(Node(3, "RoundBackward0"),)),),
        ),
    ),
    "complex-gradient": value(
        "x_gradient = z.grad.conj()",
        found(
            "gradient",
            "value.differs",
            value="x_gradient",
            actual=shown((2.0, -4.0), dtype="complex64"),
            expected=shown((2.0, 4.0), dtype="complex64"),
        ),
    ),
    "retained-as-cure": Built(
        TWICE + "\nx_gradient = x.grad",
        (differs(*(2 * one for one in X), expected=tuple(X)),),
        answer=cell(
            1,
            {"x": leaf_tensor(X)},
            events=(passed(0, 2, retain_graph=True), passed(1, 3, before=X)),
        ),
    ),
}

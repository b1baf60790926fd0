"""One synthetic submission a misconception, judged by the real checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader import check
from grader.diagnose import diagnose
from grader.model.exercise import (
    Check,
    Draw,
    EventCheck,
    EventSelector,
    Role,
    SourceCheck,
    TensorCheck,
    Vary,
)
from grader.model.observation import CellObservation, Raised, Variation
from grader.model.result import Diagnosis
from grader.model.value import Value
from tests.check.builders import (
    NONE,
    X,
    answers,
    backward,
    capture,
    cell,
    event,
    exercise,
    leaf_tensor,
    submission,
    tensor,
)
from tests.diagnose import error_cases
from tests.diagnose.error_cases import Built

GRADIENT = TensorCheck(id="gradient", cell="answer", value="x_gradient", expect="gradient")
PASS = EventCheck(id="pass", event="pass", succeeded=True)
ONCE = [2.0 * x for x in X]
RESULT = tensor(X, requires_grad=True, leaf=False, grad_fn="MulBackward0", id=9)


@dataclass(frozen=True)
class Case:
    answer: CellObservation
    checks: tuple[Check, ...] = (PASS, GRADIENT)
    source: str = "y = x * x\ny.sum().backward()\nx_gradient = x.grad"
    names: Mapping[str, Value] = field(default_factory=dict)
    variations: tuple[Variation, ...] = ()


def diagnosed(case: Case | Built) -> tuple[Diagnosis, ...]:
    if isinstance(case, Built):
        return case.diagnosed()
    ex = exercise(
        *case.checks,
        roles={"x": Role(cell="inputs", value="x")},
        events={"pass": EventSelector(cell="answer")},
        vary=Vary(cell="inputs", names={"x": Draw(shape=(4,))}, times=1),
    )
    handed_in = submission("import torch", case.source)
    start = cell(0, {"x": leaf_tensor(X), **case.names})
    observed = capture(start, case.answer, variations=case.variations)
    asked = check.requests(ex, handed_in, observed)
    references = {
        "gradient": lambda x: 2 * x,
        "twofold": lambda x: 4 * x,
        "weighted": lambda x: 2 * x * V.data,
    }
    said = answers(asked, references)
    findings = check.judge(ex, handed_in, observed, said)
    return diagnose(ex, handed_in, observed, said, findings)


def gave(x_gradient: Any, *events: Any, grad: Any = None, **more: Any) -> CellObservation:
    """The answer's cell: what the student kept, and the passes."""
    value = x_gradient if isinstance(x_gradient, Value) else tensor(x_gradient)
    names = {"x": leaf_tensor(X, grad), "y": RESULT, "x_gradient": value}
    return cell(1, names | more.pop("names", {}), events=events, **more)


def raised(text: str, *events: Any, uncaught: bool = True, **more: Any) -> CellObservation:
    error = Raised("RuntimeError", text, 2)
    events = events or (event(roots=(RESULT,), error=error, line=2),)
    names = {"x": leaf_tensor(X), "y": RESULT} | more.pop("names", {})
    ended = {"status": "error", "error": error} if uncaught else {}
    return cell(1, names, events=events, **(ended | more))


V = tensor([0.5, 1.0, 2.0, -1.0])
once = backward(leaf_tensor(X), ONCE)
twice = backward(leaf_tensor(X), ONCE, before=ONCE, serial=1)
ones = tensor(np.ones(4))

RIGHT = Case(gave(ONCE, once, grad=ONCE))

CASES: dict[str, Case | Built] = error_cases.CASES | {
    "accumulated-gradient": Case(gave(np.multiply(ONCE, 2), once, twice)),
    "graph-freed": Case(raised("Trying to backward through the graph a second time (or …)")),
    "scalar-output-required": Case(
        raised("grad can be implicitly created only for scalar outputs")
    ),
    "numpy-on-grad": Case(raised("Can't call numpy() on Tensor that requires grad. Use …", once)),
    "value-for-gradient": Case(gave(RESULT.data, once)),
    "wrong-cotangent": Case(
        gave(ONCE, backward(leaf_tensor(X), ONCE, root=RESULT, gradients=(ones,))),
        checks=(PASS, TensorCheck(id="g", cell="answer", value="x_gradient", expect="weighted")),
        names={"v": V},
    ),
    "sign-flipped": Case(gave(np.multiply(ONCE, -1), once)),
    "constant-factor": Case(gave(np.multiply(ONCE, 0.25), once)),
    "detached-early": Case(
        raised("element 0 of tensors does not require grad and does not have a grad_fn")
    ),
    "no-gradient": Case(gave(NONE), checks=(GRADIENT,), source="x_gradient = x.grad"),
    "derivative-by-formula": Case(
        gave(ONCE, once),
        checks=(PASS, SourceCheck(id="no-cos", forbid=("torch.cos",))),
        source="x_gradient = torch.cos(x)",
    ),
    "finite-differences": Case(
        gave(np.add(ONCE, 0.01)),
        source="h = 0.01\nx_gradient = (f(x + h) - f(x)) / h",
    ),
    "backward-on-leaf": Case(
        gave(X, backward(leaf_tensor(X), X, root=leaf_tensor(X), gradients=(tensor(X),)))
    ),
    "typed-in-constant": Case(
        gave(ONCE),
        checks=(replace(GRADIENT, vary=True),),
        variations=(
            Variation(
                "ex/vary/0",
                "ex",
                "ok",
                {"x": leaf_tensor([5.0, 6.0, 7.0, 8.0])},
                (cell(0, {"x": leaf_tensor([5.0, 6.0, 7.0, 8.0])}), gave(ONCE)),
            ),
        ),
    ),
}
# The wanted weights stand beside the answer.
CASES["wrong-cotangent"].answer.names["v"] = V  # type: ignore[index]

"""What a run showed: the capture. All of it is bounded, typed and hostile in origin.

A capture is what the student's process said about itself, decoded and validated. Nothing in it is
a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from grader.model.value import Value

CellStatus = Literal["ok", "error", "timeout", "crashed", "not_run"]
RunStatus = Literal["completed", "timeout", "out_of_memory", "crashed", "refused"]


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception: its class name, its text (bounded), the line in the cell (1-based) if known."""

    type: str
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the autograd graph. `id` is unique in a run; `next` are the ids it leads to.

    An `AccumulateGrad` node's `leaf` is the id of its tensor.
    """

    id: int
    name: str
    next: tuple[int, ...] = ()
    leaf: int | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf that a pass reached: its value when the pass began, `.grad` before and after."""

    id: int
    value: Value
    before: Value | None = None
    after: Value | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One call of `backward` or `autograd.grad`, seen at the engine, whoever called it.

    Attributes:
        serial: 0, 1, 2 … in the order in which passes began in the run.
        api: `backward` (accumulates into `.grad`) or `grad` (returns).
        roots: the outputs that were differentiated.
        gradients: the cotangents that were passed, one for each root; None where none was.
        retain_graph, create_graph: as the engine got them (defaults resolved).
        inputs: ids of the tensors asked for (`autograd.grad`, `backward(inputs=…)`), or None.
        leaves: the leaves of the graph (bounded).
        nodes: the graph's nodes from the roots down (bounded).
        returned: what `autograd.grad` returned, None where unused.
        error: the exception it ended with, caught by the student or not.
        line: line in the student's cell (1-based) that led to it, if known.
        detailed: False for passes beyond a bound, which are counted with their api and error only.
    """

    serial: int
    api: Literal["backward", "grad"]
    roots: tuple[Value, ...] = ()
    gradients: tuple[Value | None, ...] = ()
    retain_graph: bool = False
    create_graph: bool = False
    inputs: tuple[int, ...] | None = None
    leaves: tuple[Leaf, ...] = ()
    nodes: tuple[Node, ...] = ()
    returned: tuple[Value | None, ...] = ()
    error: Raised | None = None
    line: int | None = None
    detailed: bool = True


@dataclass(frozen=True, slots=True)
class Curve:
    """One line (or set of points) on an axes. `x` and `y` are 1-d float64 data as drawn."""

    x: Value
    y: Value
    label: str = ""
    style: Literal["line", "points"] = "line"


@dataclass(frozen=True, slots=True)
class Axes:
    """One axes of a figure. `legend` holds the legend's labels, None where there is no legend."""

    curves: tuple[Curve, ...] = ()
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    legend: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure held when its cell ended (or when it was shown or closed)."""

    axes: tuple[Axes, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a cell: text, an error's text, or a PNG picture. Bounded; not yet escaped."""

    kind: Literal["stdout", "stderr", "result", "error", "image"]
    text: str = ""
    png: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class CellObservation:
    """What was observed when one cell had run.

    Attributes:
        cell: index into `Submission.cells`.
        names: every observable name of the namespace after the cell, values included.
        events: passes that happened in the cell; `events_total` counts those past the bound too.
        truncated: what was left out because of a bound, as short ids (`values`, `figures` …).
    """

    cell: int
    status: CellStatus
    seconds: float = 0.0
    error: Raised | None = None
    names: Mapping[str, Value] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    events_total: int = 0
    figures: tuple[Figure, ...] = ()
    warnings: tuple[Raised, ...] = ()
    outputs: tuple[Output, ...] = ()
    truncated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallObservation:
    """The answer to one call of the plan: a function that the student wrote, on drawn inputs.

    `returned` is None unless `status` is `ok`; `gradients` are by parameter name where asked for.
    `missing`: there is no such function. `inputs` and `cotangent` are the grader's own record of
    the plan, never what came back. `changed` names inputs that the call left otherwise: other
    numbers, another `requires_grad` or `.grad`.
    """

    id: str
    status: Literal["ok", "error", "timeout", "crashed", "missing"]
    inputs: Mapping[str, Value] = field(default_factory=dict)
    cotangent: tuple[float, ...] = ()
    returned: Value | None = None
    gradients: Mapping[str, Value | None] = field(default_factory=dict)
    error: Raised | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variation:
    """A second run of an exercise's cells, in a fork, with locked inputs replaced by `inputs`.

    `inputs` is the grader's own record of the plan.
    """

    id: str
    exercise: str
    status: Literal["ok", "timeout", "crashed", "missing"]
    inputs: Mapping[str, Value] = field(default_factory=dict)
    cells: tuple[CellObservation, ...] = ()


@dataclass(frozen=True, slots=True)
class RunInfo:
    """How the run went. `isolation` names the layers that were on; empty means none.

    `seconds`: without those in which kernels started. `retried`: a first run had a timeout, and
    this is the second, which had the machine to itself.
    """

    status: RunStatus
    seconds: float = 0.0
    peak_memory_bytes: int = 0
    isolation: tuple[str, ...] = ()
    retried: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """Everything observed of one submission: the sealed run, then the answers to the call plan."""

    seed: int
    run: RunInfo
    cells: tuple[CellObservation, ...] = ()
    calls: Mapping[str, CallObservation] = field(default_factory=dict)
    variations: tuple[Variation, ...] = ()

    def ended(self, *statuses: str) -> frozenset[str]:
        """Which parts ended in one of these ways: the run, cells, calls, reruns and their cells."""
        parts = {
            "run": self.run.status,
            **{f"cell {cell.cell}": cell.status for cell in self.cells},
            **{f"call {id}": call.status for id, call in self.calls.items()},
            **{f"rerun {one.id}": one.status for one in self.variations},
            **{
                f"rerun {one.id}, cell {cell.cell}": cell.status
                for one in self.variations
                for cell in one.cells
            },
        }
        return frozenset(part for part, status in parts.items() if status in statuses)

"""The shapes of the JSON that a capture consists of, and the arrays beside it.

Both directions are here: what the probe writes is read, and captures are kept in the same form.
pydantic refuses everything that is not exactly of these shapes; lengths are bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
import safetensors
from pydantic import BaseModel, ConfigDict, Field

from grader.model.observation import (
    Axes,
    CellObservation,
    CellStatus,
    Curve,
    Event,
    Figure,
    Leaf,
    Node,
    Output,
    Raised,
)
from grader.model.value import COMPLEX, FLOATS, Kind, Value

Arrays = dict[str, npt.NDArray[np.generic]]
Name = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=4000)]
Key = Annotated[str, Field(max_length=80)]
Dtype = Annotated[str, Field(max_length=40)]
Size = Annotated[int, Field(ge=0, le=2**40)]
Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]

_WIDE: Mapping[str, type[np.generic]] = {
    "F64": np.float64, "F32": np.float64, "I64": np.int64, "U64": np.uint64, "BOOL": np.bool_
}  # fmt: skip
_NARROW: Mapping[str, str] = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "U64": "<u8", "BOOL": "?"}


class FrameError(Exception):
    """Bytes that are no message of the protocol, or break one of its bounds."""


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class WireValue(_Wire):
    """A value; `data` is a key of the arrays."""

    kind: Kind
    dtype: Dtype | None = None
    shape: Annotated[list[Size], Field(max_length=64, default_factory=list)]  # `[]` is copied deep
    data: Key | None = None
    text: Text | None = None
    requires_grad: bool = False
    leaf: bool = True
    grad_fn: Name | None = None
    id: Id | None = None
    grad: WireValue | None = None
    why: Name | None = None
    version: Size = 0


class WireRaised(_Wire):
    """An exception or a warning."""

    type: Name
    text: Text
    line: int | None = None


class WireNode(_Wire):
    """A graph node."""

    id: Id
    name: Name
    next: Annotated[list[Id], Field(max_length=2000)] = []
    leaf: Id | None = None


class WireLeaf(_Wire):
    """A leaf of a pass."""

    id: Id
    value: WireValue
    before: WireValue | None = None
    after: WireValue | None = None


Values = Annotated[list[WireValue | None], Field(max_length=2000)]


class WireEvent(_Wire):
    """A pass."""

    serial: Id
    api: Literal["backward", "grad"]
    roots: Annotated[list[WireValue], Field(max_length=2000)] = []
    gradients: Values = []
    retain_graph: bool = False
    create_graph: bool = False
    inputs: Annotated[list[Id], Field(max_length=2000)] | None = None
    leaves: Annotated[list[WireLeaf], Field(max_length=200)] = []
    nodes: Annotated[list[WireNode], Field(max_length=2000)] = []
    returned: Values = []
    error: WireRaised | None = None
    line: int | None = None
    detailed: bool = True


class WireCurve(_Wire):
    """A curve."""

    x: WireValue
    y: WireValue
    label: Text = ""
    style: Literal["line", "points"] = "line"


class WireAxes(_Wire):
    """An axes."""

    curves: Annotated[list[WireCurve], Field(max_length=200)] = []
    title: Text = ""
    xlabel: Text = ""
    ylabel: Text = ""
    legend: Annotated[list[Text], Field(max_length=200)] | None = None


class WireFigure(_Wire):
    """A figure."""

    axes: Annotated[list[WireAxes], Field(max_length=100)] = []


class WireCell(_Wire):
    """What the probe says after a cell. A name without a value has that of the cell before."""

    frame: Literal["cell"]
    count: Size
    seconds: float = 0.0
    error: WireRaised | None = None
    names: Annotated[dict[Name, WireValue | None], Field(max_length=1000)] = {}
    events: Annotated[list[WireEvent], Field(max_length=4000)] = []
    events_total: Size = 0
    figures: Annotated[list[WireFigure], Field(max_length=100)] = []
    warnings: Annotated[list[WireRaised], Field(max_length=200)] = []
    truncated: Annotated[list[Name], Field(max_length=200)] = []


class WireCall(_Wire):
    """The answer to a call."""

    frame: Literal["call"]
    id: Name
    status: Literal["ok", "error", "timeout", "crashed", "missing"]
    returned: WireValue | None = None
    gradients: Annotated[dict[Name, WireValue | None], Field(max_length=100)] = {}
    error: WireRaised | None = None
    changed: Annotated[list[Name], Field(max_length=100)] = []


class WireRerun(_Wire):
    """The end of a rerun."""

    frame: Literal["rerun"]
    id: Name
    status: Literal["ok", "timeout", "crashed"]


def read_arrays(blob: bytes) -> Arrays:
    """The arrays of a safetensors blob, widened without loss.

    Raises:
        FrameError: it is no safetensors file, or holds a dtype that the protocol does not use.
    """
    if not blob:
        return {}
    try:
        tensors = safetensors.deserialize(blob)
    except Exception as error:
        raise FrameError(f"no safetensors: {type(error).__name__}") from error
    arrays: Arrays = {}
    for name, entry in tensors:
        if entry["dtype"] not in _WIDE:
            raise FrameError(f"an array of dtype {entry['dtype']}")
        flat = np.frombuffer(bytes(entry["data"]), _NARROW[entry["dtype"]])
        arrays[name] = flat.astype(_WIDE[entry["dtype"]]).reshape(entry["shape"])
    return arrays


def value(wire: WireValue | None, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Value | None:
    """A value with its array.

    Raises:
        FrameError: the array is missing, or its shape or dtype is not what the value claims.
    """
    if wire is None:
        return None
    data = None
    shape = tuple(wire.shape)
    if wire.data is not None:
        if wire.data not in arrays:
            raise FrameError("a value whose array never came")
        data = arrays[wire.data]
        if wire.dtype in COMPLEX:
            if data.dtype != np.float64 or data.ndim == 0 or data.shape[-1] != 2:
                raise FrameError("a complex value without pairs")
            data = np.ascontiguousarray(data).view(np.complex128)[..., 0]
        elif (wire.dtype in FLOATS, wire.dtype == "bool") != (
            data.dtype == np.float64,
            data.dtype == np.bool_,
        ):
            raise FrameError(f"a value of dtype {wire.dtype} with an array of {data.dtype}")
        if data.shape != shape:
            raise FrameError(f"a value of shape {shape} with an array of {data.shape}")
    return Value(
        kind=wire.kind,
        dtype=wire.dtype,
        shape=shape,
        data=data,
        text=wire.text,
        requires_grad=wire.requires_grad,
        leaf=wire.leaf,
        grad_fn=wire.grad_fn,
        id=wire.id,
        grad=value(wire.grad, arrays),
        why=wire.why,
        version=wire.version,
    )


def _raised(wire: WireRaised | None) -> Raised | None:
    return None if wire is None else Raised(wire.type, wire.text, wire.line)


def _event(wire: WireEvent, arrays: Arrays) -> Event:
    def sure(item: WireValue) -> Value:
        got = value(item, arrays)
        assert got is not None
        return got

    return Event(
        serial=wire.serial,
        api=wire.api,
        roots=tuple(sure(root) for root in wire.roots),
        gradients=tuple(value(item, arrays) for item in wire.gradients),
        retain_graph=wire.retain_graph,
        create_graph=wire.create_graph,
        inputs=None if wire.inputs is None else tuple(wire.inputs),
        leaves=tuple(
            Leaf(w.id, sure(w.value), value(w.before, arrays), value(w.after, arrays))
            for w in wire.leaves
        ),
        nodes=tuple(Node(n.id, n.name, tuple(n.next), n.leaf) for n in wire.nodes),
        returned=tuple(value(item, arrays) for item in wire.returned),
        error=_raised(wire.error),
        line=wire.line,
        detailed=wire.detailed,
    )


def _figure(wire: WireFigure, arrays: Arrays) -> Figure:
    return Figure(
        tuple(
            Axes(
                curves=tuple(
                    Curve(_curve_data(c.x, arrays), _curve_data(c.y, arrays), c.label, c.style)
                    for c in axes.curves
                ),
                title=axes.title,
                xlabel=axes.xlabel,
                ylabel=axes.ylabel,
                legend=None if axes.legend is None else tuple(axes.legend),
            )
            for axes in wire.axes
        )
    )


def _curve_data(wire: WireValue, arrays: Arrays) -> Value:
    got = value(wire, arrays)
    if got is None or (got.data is not None and got.data.ndim != 1):
        raise FrameError("a curve that is not one-dimensional")
    return got


def cell(
    wire: WireCell,
    arrays: Arrays,
    index: int,
    status: CellStatus,
    before: Mapping[str, Value],
    *,
    outputs: tuple[Output, ...] = (),
) -> CellObservation:
    """A cell's observation; `index`, `status`, `outputs` come from the slot, not from the kernel.

    `before` are the names of the cell before, whose values are shared where they did not change.

    Raises:
        FrameError: a value breaks the protocol, or one of the cell before is not there.
    """
    names: dict[str, Value] = {}
    for name, item in wire.names.items():
        got = before.get(name) if item is None else value(item, arrays)
        if got is None:
            raise FrameError("a name that the cell before did not have")
        names[name] = got
    warnings: list[Any] = [_raised(item) for item in wire.warnings]
    return CellObservation(
        cell=index,
        status=status,
        seconds=wire.seconds,
        error=_raised(wire.error),
        names=names,
        events=tuple(_event(item, arrays) for item in wire.events),
        events_total=wire.events_total,
        figures=tuple(_figure(item, arrays) for item in wire.figures),
        warnings=tuple(warnings),
        outputs=outputs,
        truncated=tuple(wire.truncated),
    )

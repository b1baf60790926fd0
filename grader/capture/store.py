"""The form in which a capture crosses to the trusted side and is kept: JSON and safetensors.

`u64 length | JSON | safetensors`. The JSON has the wire's shapes for values, events and figures.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, ValidationError
from safetensors.numpy import save

from grader.capture import wire
from grader.capture.wire import Arrays, FrameError, Name, Size, Text
from grader.model.observation import (
    CallObservation,
    Capture,
    CellObservation,
    Output,
    RunInfo,
    Variation,
)
from grader.model.value import Value


class _StoredOutput(wire._Wire):
    kind: Literal["stdout", "stderr", "result", "error", "image"]
    text: Annotated[str, Field(max_length=200_000)] = ""
    png: str = ""


class _StoredCell(wire.WireCell):
    cell: Size
    status: Literal["ok", "error", "timeout", "crashed", "not_run"]
    outputs: list[_StoredOutput] = []


class _StoredCall(wire.WireCall):
    inputs: dict[Name, wire.WireValue] = {}
    cotangent: list[float] = []


class _StoredVariation(wire._Wire):
    id: Name
    exercise: Name
    status: Literal["ok", "timeout", "crashed", "missing"]
    inputs: dict[Name, wire.WireValue] = {}
    cells: list[_StoredCell] = []


class _StoredRun(wire._Wire):
    status: Literal["completed", "timeout", "out_of_memory", "crashed", "refused"]
    seconds: float
    peak_memory_bytes: int
    isolation: list[Text]
    retried: bool = False


class _StoredCapture(wire._Wire):
    seed: int
    run: _StoredRun
    cells: list[_StoredCell]
    calls: dict[Name, _StoredCall]
    variations: list[_StoredVariation]


_PLAIN = frozenset({str, int, float, bool, type(None)})


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass with their defaults; none of another type."""
    found = fields(kind) if is_dataclass(kind) else ()
    return tuple((field.name, field.default) for field in found)


# `Writer.value` writes the other two by itself.
_TOLD = tuple((name, default) for name, default in _fields(Value) if name not in ("kind", "data"))
_told = attrgetter(*(name for name, _ in _TOLD))


class Writer:
    """Collects arrays while observations become plain JSON data."""

    def __init__(self) -> None:
        self.arrays: Arrays = {}
        # Observations of several cells share arrays; those that are known are held, so ids stay.
        self._known: dict[int, tuple[npt.NDArray[np.generic], str]] = {}

    def plain(self, item: Any) -> Any:
        """JSON data for an observation and everything in it."""
        kind: Any = type(item)
        if kind in _PLAIN:
            return item
        if kind is Value:
            return self.value(item)
        if kind is tuple or kind is list:
            if item and type(item[0]) is CellObservation:
                return self.cells(item)
            return [one if type(one) in _PLAIN else self.plain(one) for one in item]
        if fields := _fields(kind):
            return {
                name: one if type(one := getattr(item, name)) in _PLAIN else self.plain(one)
                for name, _ in fields
            }
        if isinstance(item, Mapping):
            return {key: self.plain(element) for key, element in item.items()}
        return base64.b64encode(item).decode("ascii") if isinstance(item, bytes) else item

    def cells(self, items: Sequence[CellObservation]) -> list[dict[str, Any]]:
        """JSON data for cells in their order; a name that has the value it had last has null.

        Also where cells between had no such name: what costs a line on the wire costs no more here.
        """
        before: dict[str, Value] = {}
        rows: list[dict[str, Any]] = []
        for cell in items:
            row = {
                name: self.plain(getattr(cell, name))
                for name, _ in _fields(CellObservation)
                if name != "names"
            }
            names = {
                name: None if before.get(name) is value else self.value(value)
                for name, value in cell.names.items()
            }
            rows.append({"frame": "cell", "count": 0, "names": names, **row})
            before |= cell.names
        return rows

    def value(self, item: Value) -> dict[str, Any]:
        """JSON data for a value; its array is kept."""
        plain: dict[str, Any] = {"kind": item.kind}
        for (name, default), content in zip(_TOLD, _told(item), strict=True):
            if content is not default and content != default:
                plain[name] = content if type(content) in _PLAIN else self.plain(content)
        if item.data is not None:
            known = self._known.get(id(item.data))
            if known is None:
                known = self._known[id(item.data)] = (item.data, self.array(item.data))
            plain["data"] = known[1]
        return plain

    def array(self, data: npt.NDArray[np.generic]) -> str:
        """The key under which an array is kept: a digest of what it holds."""
        if data.dtype == np.complex128:
            shape = data.shape
            data = np.ascontiguousarray(data).reshape(-1).view(np.float64).reshape(*shape, 2)
        # ascontiguousarray makes a 0-d array 1-d: the shape is put back
        data = np.ascontiguousarray(data).reshape(data.shape)
        digest = hashlib.blake2b(data.tobytes(), digest_size=16)
        digest.update(f"{data.dtype.str}{data.shape}".encode())
        key = digest.hexdigest()
        self.arrays.setdefault(key, data)
        return key


def encode(capture: Capture) -> bytes:
    """A capture as bytes; `decode` gives an equal one back."""
    writer = Writer()
    body = writer.plain(capture)
    for call in body["calls"].values():
        call["frame"] = "call"
    header = json.dumps(body, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()
    return len(header).to_bytes(8, "big") + header + save(writer.arrays)


@dataclass(frozen=True, slots=True)
class Part:
    """Some exercises and the indexes of their cells: what is to be decoded of a capture."""

    cells: frozenset[int]
    exercises: frozenset[str]


def decode(data: bytes, part: Part | None = None) -> Capture:
    """A capture from `encode`'s bytes; with `part` without other cells and variations.

    Raises:
        FrameError: the bytes are not a capture.
    """
    length = int.from_bytes(data[:8], "big")
    if len(data) < 8 + length:
        raise FrameError("a capture that was cut off")
    try:
        stored = _stored(data[8 : 8 + length], part)
    except (ValidationError, RecursionError) as error:
        raise FrameError(f"no capture: {error}") from error
    arrays = wire.read_arrays(data[8 + length :])
    return Capture(
        seed=stored.seed,
        run=RunInfo(
            stored.run.status,
            stored.run.seconds,
            stored.run.peak_memory_bytes,
            tuple(stored.run.isolation),
            stored.run.retried,
        ),
        cells=_cells(stored.cells, arrays),
        calls={name: _call(call, arrays) for name, call in stored.calls.items()},
        variations=tuple(
            Variation(
                id=item.id,
                exercise=item.exercise,
                status=item.status,
                inputs=_values(item.inputs, arrays),
                cells=_cells(item.cells, arrays),
            )
            for item in stored.variations
        ),
    )


def _stored(text: bytes, part: Part | None) -> _StoredCapture:
    if part is None:
        return _StoredCapture.model_validate_json(text)
    try:
        body = json.loads(text)
        body["variations"] = [v for v in body["variations"] if v["exercise"] in part.exercises]
        body["cells"] = _told_whole(body["cells"], part.cells)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FrameError(f"no capture: {error!r}") from error
    return _StoredCapture.model_validate(body)


def _told_whole(cells: list[dict[str, Any]], wanted: frozenset[int]) -> list[dict[str, Any]]:
    """The wanted cells; what one of them says is as before stands in another of them."""
    before: dict[str, Any] = {}
    last: dict[str, Any] = {}  # of the wanted cells: what a reader of them alone knows
    found = []
    for cell in cells:
        names = {
            name: before[name] if value is None else value for name, value in cell["names"].items()
        }
        if cell["cell"] in wanted:
            kept = {
                name: None if last.get(name) is value else value for name, value in names.items()
            }
            found.append({**cell, "names": kept})
            last |= names
        before |= names
    return found


def _values(items: Mapping[str, wire.WireValue], arrays: Arrays) -> dict[str, Value]:
    got = {name: wire.value(item, arrays) for name, item in items.items()}
    return {name: item for name, item in got.items() if item is not None}


def _cells(stored: Sequence[_StoredCell], arrays: Arrays) -> tuple[CellObservation, ...]:
    before: dict[str, Value] = {}
    cells: list[CellObservation] = []
    for item in stored:
        cells.append(_cell(item, arrays, before))
        before |= cells[-1].names
    return tuple(cells)


def _cell(stored: _StoredCell, arrays: Arrays, before: Mapping[str, Value]) -> CellObservation:
    outputs = tuple(
        Output(output.kind, output.text, base64.b64decode(output.png, validate=True))
        for output in stored.outputs
    )
    return wire.cell(stored, arrays, stored.cell, stored.status, before, outputs=outputs)


def _call(stored: _StoredCall, arrays: Arrays) -> CallObservation:
    return CallObservation(
        id=stored.id,
        status=stored.status,
        inputs=_values(stored.inputs, arrays),
        cotangent=tuple(stored.cotangent),
        returned=wire.value(stored.returned, arrays),
        gradients={name: wire.value(item, arrays) for name, item in stored.gradients.items()},
        error=wire._raised(stored.error),
        changed=tuple(stored.changed),
    )

"""Hostile bytes become typed observations or a FrameError, never anything else."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from grader.capture import FrameError, Frames, Part, decode, encode
from grader.model.observation import (
    Axes,
    CallObservation,
    Capture,
    CellObservation,
    Curve,
    Event,
    Figure,
    Leaf,
    Node,
    Output,
    Raised,
    RunInfo,
    Variation,
)
from grader.model.value import Value, array, number


def cell_frame(**fields: object) -> bytes:
    return json.dumps({"frame": "cell", "count": 0} | fields).encode()


def read(header: bytes, blob: bytes = b"") -> CellObservation:
    return Frames(1 << 20).cell(header, blob, count=0, index=4)


def one_value(blob_array: object, **fields: object) -> Value:
    blob = save({"k": np.asarray(blob_array)})
    value = {"kind": "tensor", "data": "k"} | fields
    return read(cell_frame(names={"x": value}), blob).names["x"]


def test_a_value_arrives_exactly() -> None:
    value = one_value(np.array([1.5, -2.0], np.float32), dtype="bfloat16", shape=[2])
    assert value.data is not None and value.data.dtype == np.float64
    assert value.data.tolist() == [1.5, -2.0]
    assert value.dtype == "bfloat16"


def test_complex_numbers_arrive_as_pairs() -> None:
    value = one_value(np.array([[1.0, 2.0]]), dtype="complex128", shape=[1])
    assert value.data is not None and value.data.tolist() == [1 + 2j]


def test_an_array_that_came_before_is_remembered() -> None:
    frames = Frames(1 << 20)
    names = {"x": {"kind": "tensor", "dtype": "float64", "shape": [1], "data": "k"}}
    frames.cell(cell_frame(names=names), save({"k": np.ones(1)}), count=0, index=0)
    second = frames.cell(cell_frame(count=1, names=names), b"", count=1, index=1)
    assert second.names["x"].data is not None


def test_a_name_without_a_value_has_that_of_the_cell_before() -> None:
    frames = Frames(1 << 20)
    names = {"x": {"kind": "tensor", "dtype": "float64", "shape": [1], "data": "k"}}
    first = frames.cell(cell_frame(names=names), save({"k": np.ones(1)}), count=0, index=0)
    second = frames.cell(cell_frame(count=1, names={"x": None}), b"", count=1, index=1)
    assert second.names["x"] is first.names["x"]
    with pytest.raises(FrameError):
        frames.cell(cell_frame(count=2, names={"y": None}), b"", count=2, index=2)


def test_a_message_too_many_does_not_spoil_the_next() -> None:
    frames = Frames(1 << 20)
    names = {"x": {"kind": "tensor", "dtype": "float64", "shape": [1], "data": "k"}}
    frames.cell(cell_frame(), b"", count=0, index=0)  # forged
    frames.overhear(cell_frame(names=names), save({"k": np.ones(1)}))  # the probe's own
    frames.overhear(b"nonsense", b"\xff")
    seen = frames.cell(cell_frame(count=1, names={"x": None}), b"", count=1, index=1)
    assert seen.names["x"].data is not None


def test_what_cells_share_is_kept_once() -> None:
    x, y = number(1.5), number(2)
    cells = (
        CellObservation(0, "ok", names={"x": x}),
        CellObservation(1, "not_run"),
        CellObservation(2, "ok", names={"y": y, "x": x}),
        CellObservation(3, "ok", names={"x": number(1.5)}),
    )
    capture = Capture(seed=1, run=RunInfo("completed"), cells=cells)
    found = decode(encode(capture)).cells
    assert found[2].names["x"] is found[0].names["x"]
    assert [list(cell.names) for cell in found] == [["x"], [], ["y", "x"], ["x"]]
    assert found[3].names["x"].data == 1.5
    once = replace(capture, cells=cells[:1])
    assert encode(capture).count(b"float64") == 2 * encode(once).count(b"float64")


def test_names_that_come_back_cost_no_more_than_on_the_wire() -> None:
    frames = Frames(1 << 20)
    many = {f"n{i}": {"kind": "text", "text": "x" * 4000} for i in range(50)}
    cells = [frames.cell(cell_frame(names=many), b"", count=0, index=0)]
    for count in range(1, 41):
        names = dict.fromkeys(many) if count % 2 == 0 else {"a": {"kind": "none"}}
        cells.append(
            frames.cell(cell_frame(count=count, names=names), b"", count=count, index=count)
        )
    capture = Capture(seed=1, run=RunInfo("completed"), cells=tuple(cells))
    stored = encode(capture)
    assert len(stored) < 2 * len(encode(replace(capture, cells=capture.cells[:1])))
    found = decode(stored)
    assert [list(cell.names) for cell in found.cells] == [list(cell.names) for cell in cells]
    assert found.cells[40].names["n7"] is found.cells[0].names["n7"]
    part = decode(stored, Part(frozenset({4, 39, 40}), frozenset()))
    assert [len(cell.names) for cell in part.cells] == [50, 1, 50]


@pytest.mark.parametrize(
    ("header", "blob"),
    [
        (b"", b""),
        (b"not json", b""),
        (b"[" * 100_000, b""),
        (b'{"frame": "cell"}', b""),
        (cell_frame(count=1), b""),
        (cell_frame(count="0"), b""),
        (cell_frame(surprise=1), b""),
        (cell_frame(seconds=float("nan")), b""),
        (cell_frame(names={"x": {"kind": "verdict"}}), b""),
        (cell_frame(names={"x" * 300: {"kind": "none"}}), b""),
        (cell_frame(names={str(i): {"kind": "none"} for i in range(2000)}), b""),
        (cell_frame(names={"x": {"kind": "tensor", "dtype": "float32", "data": "k"}}), b""),
        (cell_frame(names={"x": {"kind": "number", "shape": [-1]}}), b""),
        (cell_frame(events=[{"serial": 2**70, "api": "grad"}]), b""),
        (cell_frame(events=[{"serial": 0, "api": "forward"}]), b""),
        (cell_frame(), b"\xff" * 40),
        (cell_frame(), b"\xff\xff\xff\xff\xff\xff\xff\x7f{}"),
        (cell_frame(), save({"k": np.ones(1, np.float16)})),
        (cell_frame(), save({"k": np.ones(1 << 18)})),
        ('{"frame": "cell", "count": 0, "error": {"type": "\ud800", "text": ""}}'
         .encode("utf-8", "surrogatepass"), b""),
    ],
    ids=lambda value: repr(value[:60]),
)  # fmt: skip
def test_what_is_not_of_the_protocol_is_refused(header: bytes, blob: bytes) -> None:
    with pytest.raises(FrameError):
        read(header, blob)


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (np.ones(2), {"dtype": "float64", "shape": [3]}),
        (np.ones(2), {"dtype": "int64", "shape": [2]}),
        (np.ones(2, np.int64), {"dtype": "float32", "shape": [2]}),
        (np.ones(2, np.int64), {"dtype": "bool", "shape": [2]}),
        (np.ones(2, np.bool_), {"dtype": "int64", "shape": [2]}),
        (np.ones(3), {"dtype": "complex64", "shape": []}),
        (np.ones((), np.float64), {"dtype": "complex64", "shape": []}),
    ],
)
def test_a_value_that_lies_about_its_array_is_refused(
    content: object, fields: dict[str, object]
) -> None:
    with pytest.raises(FrameError):
        one_value(content, **fields)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_are_an_observation_or_refused(header: bytes, blob: bytes) -> None:
    try:
        read(header, blob)
    except FrameError:
        return
    raise AssertionError("random bytes became an observation")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)
_keys = st.sampled_from(["names", "events", "figures", "warnings", "error", "events_total"])


@given(st.dictionaries(_keys, _json))
def test_any_json_is_an_observation_or_refused(fields: dict[str, object]) -> None:
    try:
        observed = read(cell_frame(**fields))
    except FrameError:
        return
    assert observed.cell == 4


def full_capture() -> Capture:
    value = Value(
        "tensor", "float32", (2,), np.array([1.0, np.nan]), requires_grad=True, id=3,
        grad=array([np.inf, -0.0], "float32"),
    )  # fmt: skip
    event = Event(
        0, "backward", (value,), (None, value), True, False, (3,),
        (Leaf(3, value, None, value),), (Node(1, "MulBackward0", (2,)), Node(2, "A", (), 3)),
        (None,), Raised("E", "text", 2), 5,
    )  # fmt: skip
    figure = Figure((Axes((Curve(array([0.0]), array([1.0]), "a", "points"),), "t", "x", "y", ()),))
    cell = CellObservation(
        0, "error", 0.5, Raised("E", "t"),
        {"x": value, "z": number(1j), "s": Value("text", text="ы")}, (event,), 7, (figure,),
        (Raised("W", "w"),), (Output("image", "alt", b"\x89PNG"),), ("values",),
    )  # fmt: skip
    call = CallObservation("c", "ok", {"a": value}, (1.0, 2.0), value, {"a": None}, None)
    return Capture(
        9, RunInfo("timeout", 1.0, 5, ("x",)), (cell, CellObservation(1, "not_run")),
        {"c": call}, (Variation("v", "e", "crashed", {"x": value}, (cell,)),),
    )  # fmt: skip


def test_a_capture_survives_being_stored() -> None:
    stored = encode(full_capture())
    again = decode(stored)
    assert encode(again) == stored
    cell = again.cells[0]
    data = cell.names["x"].grad
    assert data is not None and data.data is not None
    assert np.isinf(data.data[0]) and np.signbit(data.data[1])
    assert cell.events[0].nodes[1].leaf == 3
    assert cell.outputs[0].png == b"\x89PNG"
    assert again.cells[1].status == "not_run"
    assert again.calls["c"].cotangent == (1.0, 2.0)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_a_damaged_capture_is_refused_or_whole(position: int, bytes_: bytes) -> None:
    stored = bytearray(encode(full_capture()))
    stored[position : position + len(bytes_)] = bytes_
    try:
        decode(bytes(stored))
    except FrameError:
        return


def test_a_part_of_a_capture_is_what_the_whole_says_of_it() -> None:
    shared, other = array([1.0, 2.0], "float32"), array([3.0], "float32")
    cells = (
        CellObservation(0, "ok", names={"x": shared}),
        CellObservation(1, "ok", names={"x": shared, "y": other}),
        CellObservation(2, "crashed"),
        CellObservation(3, "ok", names={"x": shared, "y": shared}),
        CellObservation(4, "ok", names={"x": shared, "y": shared}),
    )
    variations = tuple(Variation(f"{e}/vary/0", e, "ok", cells=cells[:2]) for e in "ab")
    capture = Capture(1, RunInfo("completed"), cells, variations=variations)
    whole = decode(encode(capture))
    for wanted in ({0}, {1}, {3, 4}, {1, 2, 4}, {0, 1, 2, 3, 4}, set()):
        part = decode(encode(capture), Part(frozenset(wanted), frozenset("b")))
        kept = tuple(cell for cell in whole.cells if cell.cell in wanted)
        assert encode(part) == encode(replace(whole, cells=kept, variations=whole.variations[1:]))
    for text in (b"[]", b'{"cells": 3, "variations": []}', b"{"):
        with pytest.raises(FrameError):
            decode(len(text).to_bytes(8, "big") + text, Part(frozenset(), frozenset()))

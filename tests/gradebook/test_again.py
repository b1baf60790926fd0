"""Whatever is done, doing each of it twice comes to the same as doing it once."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import CallError
from grader.gradebook import Gradebook
from grader.gradebook.columns import Json, Packed
from grader.model.record import Student

from .samples import FULL, HALF, NOON, OTHER, give, handed, later
from .test_book import rows

KEYS = st.sampled_from(["li", "anna"])
TARGETS = st.sampled_from([(), ("loops",), ("loops", "gradient")])
STEPS = st.one_of(
    st.tuples(st.just("hand in"), KEYS, st.binary(max_size=1), st.sampled_from([0, 1])),
    st.tuples(st.just("record"), KEYS, st.sampled_from([HALF, FULL]),
              st.sampled_from([HALF.spec_hash, OTHER.hash])),
    st.tuples(st.just("set"), KEYS, TARGETS, st.sampled_from([None, 0.5, 2.0])),
    st.tuples(st.just("clear"), KEYS, TARGETS),
)  # fmt: skip


def do(book: Gradebook, step: tuple[Any, ...]) -> None:
    """One step; what cannot be done is left."""
    action, key, *more = step
    with suppress(CallError):
        match action, more:
            case "hand in", [data, hours]:
                book.enrol([Student(key)])
                book.hand_in(handed(key, data, submitted_at=later(hours)))
            case "record", [made, spec]:
                give(book, Student(key), replace(made, spec_hash=spec))
            case "set", [target, points]:
                book.set_mark(
                    key, "autograd", *target, points=points, comment="hm", who="Q", why="w"
                )
            case "clear", [target]:
                book.clear_mark(key, "autograd", *target, who="Q", why="w")


@settings(max_examples=10)
@given(st.lists(STEPS, max_size=8))
def test_every_step_twice_is_every_step_once(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        once, twice = (
            Gradebook(Path(folder, name), create=True, clock=lambda: NOON) for name in "ab"
        )
        with once, twice:
            for step in steps:
                do(once, step)
                do(twice, step)
                do(twice, step)
            assert rows(once) == rows(twice)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)  # fmt: skip


@given(JSON)
def test_json_comes_back_from_a_column(value: Any) -> None:
    column = Json()
    back = column.process_result_value(column.process_bind_param(value, None), None)
    assert repr(back) == repr(value)


@given(st.binary())
def test_bytes_come_back_from_a_column(value: bytes) -> None:
    column = Packed()
    assert column.process_result_value(column.process_bind_param(value, None), None) == value

"""`grader grade` while its kernels get ready: which servers there are, and what is told when."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

from grader.cli import instructor
from grader.cli.isolation import Isolation
from grader.errors import MachineError
from tests.cli.conftest import Call

ENDED = "a server of kernels ended"
WEEK = 'title = {en = "W"}\nexercises = ["doubling"]\n'


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What each server was asked to preload; its end is printed beside the errors."""
    asked: list[tuple[str, ...]] = []

    @contextmanager
    def kernels(isolation: Isolation, preload: Sequence[str] = (), *, once: bool) -> Iterator[None]:
        assert once
        asked.append(tuple(preload))
        try:
            yield None
        finally:
            print(ENDED, file=sys.stderr)

    monkeypatch.setattr(instructor, "kernels", kernels)
    return asked


@pytest.fixture
def notebook(small_course: Path) -> Path:
    """Claims no assignment."""
    (small_course / "exercises" / "assignments" / "week.toml").write_text(WEEK)
    path = small_course / "hw.ipynb"
    cells = [nbformat.v4.new_code_cell("x = 1")]
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    return path


def test_an_error_is_told_before_the_server_of_kernels_ends(
    call: Call, notebook: Path, servers: list[tuple[str, ...]]
) -> None:
    other = notebook.parent / "exercises" / "assignments" / "other.toml"
    other.write_text(WEEK)
    code, _, told = call("grade", notebook, "--course", notebook.parent)
    assert code == 2
    assert servers == [()]
    assert 0 < told.index("--assignment") < told.index(ENDED)


def test_progress_is_over_before_an_error_is_told(
    call: Call,
    notebook: Path,
    servers: list[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @contextmanager
    def progress(name: str) -> Iterator[None]:
        try:
            yield None
        finally:
            print("progress ended", file=sys.stderr)

    def grade(*_: object, **__: object) -> None:
        raise MachineError.told("grade.isolation", lacking="a wall of glass")

    monkeypatch.setattr(instructor, "progress", progress)
    monkeypatch.setattr(instructor, "grade", grade)
    code, _, told = call("grade", notebook, "--course", notebook.parent)
    assert code == 3
    order = [told.index(text) for text in ("progress ended", "a wall of glass", ENDED)]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("named", "asked"),
    [((), [(), ("wave",)]), (("--assignment", "week"), [("wave",)])],
    ids=["found in the notebook", "named"],
)
def test_modules_of_the_assignment_are_preloaded(
    call: Call,
    notebook: Path,
    servers: list[tuple[str, ...]],
    named: tuple[str, ...],
    asked: list[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    week = notebook.parent / "exercises" / "assignments" / "week.toml"
    week.write_text(f'{WEEK}preload = ["wave"]\n')

    def grade(*_: object, **__: object) -> None:
        raise MachineError.told("grade.isolation", lacking="a wall of glass")

    monkeypatch.setattr(instructor, "grade", grade)
    code, _, told = call("grade", notebook, "--course", notebook.parent, *named)
    assert code == 3
    assert servers == asked
    assert told.count(ENDED) == len(asked)


def test_an_assignment_that_is_not_there_is_an_error_of_the_call(
    call: Call, notebook: Path, servers: list[tuple[str, ...]]
) -> None:
    code, _, told = call("grade", notebook, "--course", notebook.parent, "--assignment", "nosuch")
    assert code == 2
    assert "nosuch" in told and "week" in told
    assert servers == []

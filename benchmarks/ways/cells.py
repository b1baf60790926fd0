"""A released notebook's cells, by exercise, for graders that want something else beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import nbformat
from nbformat import NotebookNode

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
Tests = Callable[[str], Iterable[NotebookNode]]


def whose(cell: NotebookNode) -> tuple[str, str] | None:
    """The exercise and the name of a released code cell."""
    mark = cell.metadata.get("grader", {})
    if cell.cell_type != "code" or "exercise" not in mark or "cell" not in mark:
        return None
    return mark["exercise"], mark["cell"]


def with_tests(cells: Iterable[NotebookNode], tests: Tests) -> Iterator[NotebookNode]:
    """The cells, and after each exercise's last one what `tests` makes for that exercise."""
    current: str | None = None
    for cell in cells:
        exercise = cell.metadata.get("grader", {}).get("exercise")
        if current is not None and exercise not in (None, current):
            yield from tests(current)
        current = exercise or current
        yield cell
    if current is not None:
        yield from tests(current)


def read(data: bytes) -> NotebookNode:
    """A notebook from its bytes."""
    notebook: NotebookNode = nbformat.reads(data.decode(), as_version=4)
    return notebook

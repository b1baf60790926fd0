"""otter-grader: `otter run`, once for each notebook, without its container."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from benchmarks.submissions import Submitted
from benchmarks.ways.asked import QUESTIONS
from benchmarks.ways.cells import KERNEL, read, with_tests
from benchmarks.ways.environment import call, install
from benchmarks.ways.way import Took, Unavailable

_SETUP = "import otter\ngrader = otter.Notebook()"


class Otter:
    """Its command line; there is none for a folder without containers."""

    name = "otter"
    slow = True

    def prepare(self, warm_up: Submitted) -> None:
        """Install, write the tests, build the autograder, grade one notebook."""
        install("otter-grader")
        self._home = tempfile.TemporaryDirectory(prefix="bench-")
        self._folder = Path(self._home.name) / "assignment"
        tests = self._folder / "tests"
        tests.mkdir(parents=True)
        for exercise in QUESTIONS:
            (tests / f"{_name(exercise)}.py").write_text(_test(exercise), "utf-8")
        self._call("generate", "-t", "tests", "-o", "autograder.zip")
        self.run(0, [warm_up])

    def run(self, number: int, batch: Sequence[Submitted]) -> Took:
        """Grade a batch, one call for each."""
        for submitted in batch:
            target = self._folder / f"{submitted.name}.ipynb"
            target.write_text(nbformat.writes(_convert(read(submitted.data))), "utf-8")
        began = time.perf_counter()
        for submitted in batch:
            (self._folder / "results.json").unlink(missing_ok=True)
            self._call("run", "-a", "autograder.zip", f"{submitted.name}.ipynb")
            if not (self._folder / "results.json").exists():
                raise Unavailable("no results.json")
        return Took(time.perf_counter() - began, len(batch))

    def _call(self, *arguments: str) -> None:
        call("otter", *arguments, folder=self._folder, home=Path(self._home.name))

    def close(self) -> None:
        """Remove the folder."""
        if hasattr(self, "_home"):
            self._home.cleanup()


def _name(exercise: str) -> str:
    return exercise.replace("-", "_")


def _convert(notebook: NotebookNode) -> NotebookNode:
    """Our cells, with calls of otter's checks after each exercise, as `otter assign` puts them."""
    cells = list(with_tests(notebook.cells, _check))
    for cell in cells:
        cell.metadata.pop("grader", None)
    notebook.cells = [nbformat.v4.new_code_cell(_SETUP), *cells]
    notebook.metadata = {"kernelspec": KERNEL}
    return notebook


def _check(exercise: str) -> Iterable[NotebookNode]:
    yield nbformat.v4.new_code_cell(f'grader.check("{_name(exercise)}")')


def _test(exercise: str) -> str:
    cases = [
        {"code": f">>> bool({question.expression})\nTrue\n", "hidden": question.hidden}
        | {"locked": False, "points": 1}
        for question in QUESTIONS[exercise]
    ]
    suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": _name(exercise), "points": None, "suites": [suite]}
    return f"OK_FORMAT = True\n\ntest = {test!r}\n"

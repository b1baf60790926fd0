"""nbgrader: a course with the same assignment, `autograde` and `generate_feedback`."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from benchmarks.submissions import ASSIGNMENT, COURSE, Submitted, starter
from benchmarks.ways.asked import QUESTIONS
from benchmarks.ways.cells import KERNEL, read, whose, with_tests
from benchmarks.ways.environment import call, install
from benchmarks.ways.way import Took, Unavailable
from grader.spec import load_assignment

_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'
_STEPS = ("autograde", "generate_feedback")


class Nbgrader:
    """Its command line, called once for a batch."""

    name = "nbgrader"
    slow = True

    def prepare(self, warm_up: Submitted) -> None:
        """Install, make the course, release the assignment, grade one submission."""
        install("nbgrader")
        self._home = tempfile.TemporaryDirectory(prefix="bench-")
        self._course = Path(self._home.name) / "course"
        source = self._course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        source.parent.mkdir(parents=True)
        (self._course / "nbgrader_config.py").write_text(_CONFIG, "utf-8")
        released = read(starter(load_assignment(COURSE, ASSIGNMENT)))
        source.write_text(nbformat.writes(_convert(released)), "utf-8")
        self._call("generate_assignment", ASSIGNMENT)
        self.run(0, [warm_up])

    def run(self, number: int, batch: Sequence[Submitted]) -> Took:
        """Grade a batch; calls with nothing left to do tell what starting costs."""
        for folder in ("submitted", "autograded", "feedback"):
            shutil.rmtree(self._course / folder, ignore_errors=True)
        for submitted in batch:
            student = f"{submitted.name}r{number}"
            target = self._course / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
            target.parent.mkdir(parents=True)
            target.write_text(nbformat.writes(_convert(read(submitted.data))), "utf-8")
        seconds = self._grade()
        pages = list((self._course / "feedback").rglob("*.html"))
        if len(pages) != len(batch):
            raise Unavailable(f"{len(pages)} pages of feedback for {len(batch)} notebooks")
        startup = self._grade()
        return Took(seconds - startup, len(batch), startup)

    def _grade(self) -> float:
        began = time.perf_counter()
        for step in _STEPS:
            self._call(step, ASSIGNMENT)
        return time.perf_counter() - began

    def _call(self, *arguments: str) -> None:
        call("nbgrader", *arguments, folder=self._course, home=Path(self._home.name))

    def close(self) -> None:
        """Remove the course."""
        if hasattr(self, "_home"):
            self._home.cleanup()


def _convert(notebook: NotebookNode) -> NotebookNode:
    """Our cells with nbgrader's marks, and its test cells."""
    notebook.cells = list(with_tests(notebook.cells, _tests))
    for cell in notebook.cells:
        named = whose(cell)
        locked = bool(cell.metadata.get("grader", {}).get("locked"))
        if named is not None:
            cell.metadata["nbgrader"] = _mark("-".join(named), locked=locked, solution=not locked)
        cell.metadata.pop("grader", None)
    notebook.metadata = {"kernelspec": KERNEL}
    return notebook


def _tests(exercise: str) -> Iterable[NotebookNode]:
    for number, question in enumerate(QUESTIONS[exercise]):
        source = f"assert {question.expression}"
        if question.hidden:
            source = f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
        cell: NotebookNode = nbformat.v4.new_code_cell(source)
        cell.metadata["nbgrader"] = _mark(f"{exercise}-test-{number}", grade=True, points=1)
        yield cell


def _mark(
    name: str, *, grade: bool = False, locked: bool = True, solution: bool = False, points: int = 0
) -> dict[str, object]:
    mark: dict[str, object] = {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "locked": locked,
        "solution": solution,
        "task": False,
    }
    return mark | ({"points": points} if grade else {})

"""`pytest exercises/`: every exercise against every sample solution of its author.

For each `exercise.toml` that pytest meets in a course: the files load without a mistake, each
sample gets what it must get in one of the exercise's languages, the reference computes in the
precision it is asked for, and every check rejects at least one wrong sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.kernel import KernelServer
    from grader.model.exercise import Assignment
    from grader.reference import ReferenceProcess
    from grader.selftest import Sample


class Mismatch(Exception):
    """A self-test that failed, said in words rather than as a traceback."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the exercises of a course."""
    if file_path.name != "exercise.toml" or file_path.parent.parent.name != "exercises":
        return None
    return ExerciseFile.from_parent(parent, path=file_path)


class ExerciseFile(pytest.File):
    """One exercise: its samples are the items."""

    def collect(self) -> Iterator[pytest.Item]:
        """Items of this exercise; one that fails when the files do not load."""
        from grader.errors import SpecError  # noqa: PLC0415 - other people's test runs stay light
        from grader.selftest import in_turn, samples  # noqa: PLC0415
        from grader.spec import load_assignment  # noqa: PLC0415

        course = self.path.parent.parent.parent
        try:
            assignment = load_assignment(course, self.path.parent.name)
            found = samples(course, assignment)
        except SpecError as error:
            yield LoadItem.from_parent(self, name="loads", error=error)
            return
        yield CoverItem.from_parent(self, name="checks-reject", made=(assignment, found))
        for sample in in_turn(assignment.exercises[0], found):
            yield SampleItem.from_parent(self, name=sample.name, made=(assignment, sample))


class _Item(pytest.Item):
    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Mismatches are said in words."""
        if isinstance(excinfo.value, Mismatch):
            return f"{self.path}: {self.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the item stands."""
        return self.path, None, f"{self.path.parent.name}: {self.name}"


class LoadItem(_Item):
    """The files of an exercise do not load: every mistake is listed."""

    def __init__(self, *, error: Exception, **rest: Any) -> None:
        super().__init__(**rest)
        self.error = error

    def runtest(self) -> None:
        """Fail with the mistakes."""
        raise Mismatch(str(self.error))


class CoverItem(_Item):
    """Every check of the exercise rejects at least one sample."""

    def __init__(self, *, made: tuple[Assignment, tuple[Sample, ...]], **rest: Any) -> None:
        super().__init__(**rest)
        self.made = made

    def runtest(self) -> None:
        """Compare the checks with what the wrong samples must get."""
        from grader.selftest import NO_SAMPLE, never_rejected  # noqa: PLC0415

        lacking = never_rejected(*self.made)
        accepted = sum(sample.kind == "accepted" for sample in self.made[1])
        if not accepted:
            lacking.append(NO_SAMPLE.format(exercise=self.path.parent.name))
        if lacking:
            raise Mismatch("\n".join(lacking))


class SampleItem(_Item):
    """One sample gets what it must get."""

    def __init__(self, *, made: tuple[Assignment, Sample], **rest: Any) -> None:
        super().__init__(**rest)
        self.made = made

    def runtest(self) -> None:
        """Grade the sample; for accepted ones the reference's precision is watched too."""
        from grader.selftest import complaints, run  # noqa: PLC0415

        assignment, sample = self.made
        references = _references(self.session, assignment)
        graded = run(assignment, sample, references, _server(self.session).address)
        wrong = complaints(assignment, sample, graded, references)
        if wrong:
            raise Mismatch("\n".join(wrong))


_REFERENCES = pytest.StashKey[dict[str, "ReferenceProcess"]]()


def _references(session: pytest.Session, assignment: Assignment) -> ReferenceProcess:
    from grader.reference import ReferenceProcess  # noqa: PLC0415

    processes = session.config.stash.setdefault(_REFERENCES, {})
    if assignment.id not in processes:
        paths = {exercise.id: Path(exercise.reference) for exercise in assignment.exercises}
        processes[assignment.id] = ReferenceProcess(paths)
    return processes[assignment.id]


_SERVER = pytest.StashKey["KernelServer"]()


def _server(session: pytest.Session) -> KernelServer:
    from grader.kernel import KernelServer  # noqa: PLC0415

    stash = session.config.stash
    if _SERVER not in stash:
        stash[_SERVER] = KernelServer()
    return stash[_SERVER]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the warm processes."""
    for process in config.stash.get(_REFERENCES, {}).values():
        process.close()
    if _SERVER in config.stash:
        config.stash[_SERVER].close()

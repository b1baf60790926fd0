"""A batch in which nothing but faults of the grader comes out stops, and says why."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn, cast

import pytest

from grader.batch import Crew, Event, Finished, Local, Orders, Place, Settings, engine, local
from grader.batch.early import FIRST, Trial
from grader.batch.one import Judged, judged, not_graded
from grader.cli.screen import write_file
from grader.errors import InternalError, SubmissionError
from grader.gradebook import Gradebook
from grader.model.exercise import Assignment
from grader.model.record import HandIn, Student
from grader.reference import ReferenceProcess
from grader.spec import load_assignment
from tests.batch.test_parts import graded_as


@pytest.fixture
def doubling(small_course: Path) -> Assignment:
    return load_assignment(small_course, "doubling")


def fault(assignment: Assignment) -> Judged:
    return not_graded(assignment, 1, None, ValueError("disk full"))


def test_the_first_ten_faults_end_it_and_the_message_says_which(doubling: Assignment) -> None:
    trial = Trial(worked=False)
    for _ in range(FIRST - 1):
        trial.add(fault(doubling))
    with pytest.raises(InternalError, match=r"first 10 .*ValueError: disk full[\s\S]*--keep-going"):
        trial.add(fault(doubling))


def test_one_that_was_graded_is_enough_to_go_on(doubling: Assignment) -> None:
    trial = Trial(worked=False)
    for _ in range(FIRST - 1):
        trial.add(fault(doubling))
    trial.add(judged(lambda: graded_as(doubling, "ok"), doubling, 1, None))
    for _ in range(3 * FIRST):
        trial.add(fault(doubling))


def test_a_file_that_cannot_be_read_says_nothing_of_the_grader(doubling: Assignment) -> None:
    def refuse() -> NoReturn:
        raise SubmissionError("input.not-json", name="x", line=1, column=1)

    trial = Trial(worked=False)
    for _ in range(3 * FIRST):
        trial.add(judged(refuse, doubling, 1, None))
    with pytest.raises(InternalError):
        for _ in range(FIRST):
            trial.add(fault(doubling))


def test_who_has_worked_before_is_not_asked(doubling: Assignment) -> None:
    trial = Trial(worked=True)
    for _ in range(3 * FIRST):
        trial.add(fault(doubling))


def run(
    folder: Path, doubling: Assignment, monkeypatch: pytest.MonkeyPatch, **more: bool
) -> tuple[list[Event], list[str]]:
    """A batch of sixteen in which every call of the grader fails; what it told, and who is open."""

    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(local, "grade", broken)
    told: list[Event] = []
    with (
        Gradebook(folder / "book.db", create=True) as book,
        Place(folder / "out", write_file) as place,
        Crew() as crew,
    ):
        for at in range(FIRST + 6):
            book.enrol([Student(f"s{at:02}")])
            book.hand_in(HandIn(f"s{at:02}", doubling.id, "hw.ipynb", f"{at}".encode()))
        orders = Orders(assignment=doubling)
        settings = Settings(orders=orders, seed=1, **more)
        references = cast(ReferenceProcess, None)
        graders = Local(orders, references, crew=crew, jobs=2, server=None)
        try:
            engine.run(book, settings, graders, place, tell=told.append)
        finally:
            standings = [grade.standing for grade in book.grades(doubling.id)]
    return told, standings


def test_a_class_is_not_gone_through_and_what_was_found_is_kept(
    tmp_path: Path, doubling: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InternalError, match="no space left"):
        run(tmp_path, doubling, monkeypatch)
    with Gradebook(tmp_path / "book.db") as book:
        standings = [grade.standing for grade in book.grades(doubling.id)]
    assert (standings.count("not_graded"), standings.count("pending")) == (FIRST, 6)


def test_it_is_gone_through_where_that_is_wanted(
    tmp_path: Path, doubling: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, standings = run(tmp_path, doubling, monkeypatch, keep_going=True)
    assert sum(isinstance(event, Finished) for event in told) == FIRST + 6
    assert set(standings) == {"not_graded"}

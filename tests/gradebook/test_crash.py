"""A writer is killed at any moment; the book is whole, and the work goes on where it was."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from grader.gradebook import Gradebook
from grader.gradebook.tables import FindingRow, ResultRow, StandingRow

from .samples import FULL, HALF, SPEC
from .test_book import rows
from .writer import CLASS, write

ROOT = Path(__file__).resolve().parents[2]


def killed_after(where: str, lines: int) -> list[str]:
    """What a writer said before it was killed, after so many lines: within a result, or behind it.

    It is asked for no result after that one, however late the kill comes.
    """
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.gradebook.writer", where, "--asked"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
    )  # fmt: skip
    with writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write("go on\n" * (2 + lines // 2))
        writer.stdin.flush()
        said = [line for _, line in zip(range(lines), writer.stdout, strict=False)]
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.readlines()
    return said


def whole(book: Gradebook) -> None:
    """Every result is there with all of its findings, and stands."""
    with book._database.reading() as session:
        for row in session.scalars(select(ResultRow)):
            findings = session.scalar(select(func.count()).where(FindingRow.result_id == row.id))
            assert findings == sum(len(e["checks"]) for e in row.body["exercises"]) == 5
            standing = session.get(StandingRow, row.submission_id)
            assert standing is not None
            assert standing.result_id == row.id
        if book._database.sqlite:
            connection = session.connection()
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_what_was_recorded_stays_and_the_end_is_the_same(place) -> None:
    where, undisturbed = place(), place()
    chance = random.Random(4)
    recorded: set[str] = set()
    for lines in (1, *(chance.randrange(2, 16) for _ in range(4))):
        for line in killed_after(where, lines):
            if line.startswith("recorded"):
                student = line.split()[1]
                assert student not in recorded, "graded twice"
                recorded.add(student)
        with Gradebook(where) as book:
            whole(book)
            there = {g.student.key for g in book.grades("autograd") if g.standing == "graded"}
            assert recorded <= there
            recorded = there
    assert 0 < len(recorded) < len(CLASS)
    write(where)
    write(undisturbed)
    with Gradebook(where) as book, Gradebook(undisturbed) as other:
        whole(book)
        assert book.pending("autograd", SPEC.hash) == []
        marks = [(g.student.key, g.mark) for g in book.grades("autograd")]
        assert marks == [(g.student.key, g.mark) for g in other.grades("autograd")]
        assert {HALF.score, FULL.score} == {mark.score for _, mark in marks if mark}
        assert {t: len(r) for t, r in rows(book).items()} == {
            t: len(r) for t, r in rows(other).items()
        }


def test_two_that_write_at_once_write_what_one_would(place) -> None:
    where, undisturbed = place(), place()
    write(undisturbed)
    command = [sys.executable, "-m", "tests.gradebook.writer", where]
    writers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT) for _ in range(2)]
    assert [writer.wait() for writer in writers] == [0, 0]
    with Gradebook(where) as book, Gradebook(undisturbed) as other:
        whole(book)
        assert list(book.grades("autograd")) == list(other.grades("autograd"))
        assert {t: len(r) for t, r in rows(book).items()} == {
            t: len(r) for t, r in rows(other).items()
        }


def test_a_book_that_was_being_made_is_made_by_the_next(place) -> None:
    where = place()
    writer = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "tests.gradebook.writer", where, "--asked"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT,
        text=True,
    )  # fmt: skip
    with writer:
        assert writer.stderr is not None
        for line in writer.stderr:  # Alembic loads its steps when it is about to run them
            if line.rstrip().endswith("alembic.runtime.migration"):
                break
        writer.send_signal(signal.SIGKILL)
        writer.stderr.read()
    with Gradebook(where, create=True) as book:
        assert book.students() == ()

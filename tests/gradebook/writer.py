"""Writes a class into a gradebook and says each result when it is recorded.

python -m tests.gradebook.writer ADDRESS [--asked]

With `--asked`, it waits for a line of standard input before it begins and before each result, so
that whoever kills it knows how far it can have come.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

from grader.gradebook import Gradebook
from grader.model.record import Student

from .samples import FULL, HALF, NOON, OBSERVED, SPEC, body, handed

CLASS = tuple(Student(f"student{number}") for number in range(30))


def write(where: str, turn: Callable[[], object] = lambda: None) -> None:
    """Hand in what is not there yet, then record what is pending."""
    with Gradebook(where, create=True, clock=lambda: NOON) as book:
        turn()
        book.specify(SPEC)
        for student in CLASS:
            book.enrol([student])
            book.hand_in(handed(student.key, student.key.encode()))
        for work in book.pending("autograd", SPEC.hash):
            turn()
            print("grading", work.student, flush=True)
            made = replace(FULL if work.submission % 2 else HALF, student=work.student)
            book.record(work.submission, made, body(made), OBSERVED)
            print("recorded", work.student, flush=True)


if __name__ == "__main__":
    write(sys.argv[1], *([sys.stdin.readline] if "--asked" in sys.argv else []))

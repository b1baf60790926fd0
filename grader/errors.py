"""The exceptions of the grader.

    GraderError                 anything the grader says on purpose; `exit_code` is the process's
    ├── SubmissionError  (2)    a file that was handed in cannot be graded, as students read it
    ├── SpecError        (2)    an author's mistakes, all of them at once
    ├── CallError        (2)    the command was called in a way that cannot work
    ├── MachineError     (3)    the machine lacks something; says what to install
    └── InternalError    (1)    a fault of the grader itself, never of a submission

A student's failure is never an exception: it is a value (`grader.model.result.Finding`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

Param = str | int | float

STOPPED = 130
"""The exit code of a command that Ctrl-C ended; what newer versions of typer make of it, too."""


class GraderError(Exception):
    """Base of everything the grader raises on purpose.

    What students may read is raised by `told`: `message_id` names a text in the report's catalogs
    and `params` fill it. Without an id the error's text is English, for authors and instructors.
    """

    exit_code = 1
    message_id: str | None = None
    params: Mapping[str, Param] = {}

    @classmethod
    def told(cls, message_id: str, **params: Param) -> Self:
        """An error that people read in their language; `str()` is a plain rendering for logs."""
        error = cls(_plain(message_id, params))
        error.message_id = message_id
        error.params = params
        return error


def _plain(message_id: str, params: Mapping[str, Param]) -> str:
    details = ", ".join(f"{key}={value}" for key, value in params.items())
    return f"{message_id} ({details})" if details else message_id


class SubmissionError(GraderError):
    """A submission that cannot be graded: always a text that students read in their language."""

    exit_code = 2
    message_id: str

    def __init__(self, message_id: str, **params: Param) -> None:
        self.message_id = message_id
        self.params = params
        super().__init__(message_id, params)

    def __str__(self) -> str:
        return _plain(self.message_id, self.params)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in an author's files: where it is, what was expected and what was found."""

    file: str
    key: str
    expected: str
    found: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: expected {self.expected}, found {self.found}"


class SpecError(GraderError):
    """One or more mistakes in the files of a course."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CallError(GraderError):
    """The command line (or the API) was called in a way that cannot work."""

    exit_code = 2


class MachineError(GraderError):
    """The machine lacks something that the grader needs."""

    exit_code = 3


class InternalError(GraderError):
    """A fault of the grader itself. It is never a student's zero: the result is `not_graded`."""

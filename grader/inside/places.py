"""Which line of the student's cell something happened in, and exceptions as the protocol's `R`."""

from __future__ import annotations

import inspect
import sys
import types
from typing import Any

TEXT = 2000


class Place:
    """The cell that runs: the file name that its frames have, and the blank lines that IPython cut.

    Blank lines at the top of a cell are cut before it is compiled, so lines are counted from there.
    """

    def __init__(self) -> None:
        self.file: str | None = None
        self.shift = 0
        self.shifts: dict[str, int] = {}

    def enter(self, file: str | None, source: str) -> None:
        """A cell begins."""
        self.file = file
        self.shift = 0
        for line in source.splitlines():
            if line.strip():
                break
            self.shift += 1
        if file is not None:
            self.shifts[file] = self.shift
            # Else `inspect`, which formats errors, looks at every module for this file, each time.
            inspect.modulesbyfile[file] = "__main__"  # type: ignore[attr-defined]

    def line(self, frame: types.FrameType | None) -> int | None:
        """The line of the innermost frame that belongs to the cell, seen from `frame`."""
        file = self.file
        while frame is not None:
            if frame.f_code.co_filename == file:
                return frame.f_lineno + self.shift
            frame = frame.f_back
        return None

    def here(self) -> int | None:
        """The line that led to the caller."""
        return self.line(sys._getframe(1))

    def raised(self, error: BaseException, line: int | None = None) -> dict[str, Any]:
        """An exception, with the last line of the cell on its traceback."""
        found = line
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.file:
                found = trace.tb_lineno + self.shift
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and type(error.lineno) is int:
            found = error.lineno + self.shift if error.filename == self.file else found
        return {"type": type(error).__name__[:200], "text": text_of(error), "line": found}


def text_of(error: object) -> str:
    """What an exception or warning says, at most 2000 characters of it."""
    try:
        return str(error)[:TEXT]
    except Exception:
        return ""

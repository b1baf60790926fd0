"""Percent scripts (`# %%`), as Spyder, VS Code and jupytext write them."""

from __future__ import annotations

import re

from grader.errors import SubmissionError

MAX_BYTES = 5_000_000
_MARK = re.compile(r"^# ?%%", re.MULTILINE)


def parse(data: bytes, name: str) -> object:
    """The notebook, as JSON data, that a script stands for; one cell where it has no marks.

    Raises:
        SubmissionError: `input.empty`, `input.encoding`, `input.too-many-cells`,
            `input.not-a-script`.
    """
    import jupytext  # noqa: PLC0415 - takes 0.4 s, and most submissions are notebooks

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionError("input.encoding", name=name, offset=error.start) from None
    if not text.strip():
        raise SubmissionError("input.empty", name=name)
    if "\0" in text:
        raise SubmissionError("input.not-a-script", name=name)
    try:
        notebook: object = jupytext.reads(text, fmt="py:percent")
    except Exception as error:  # its header is YAML by whoever wrote it, and anything can be raised
        raise SubmissionError("input.not-a-script", name=name) from error
    return notebook


def marks(data: bytes) -> int:
    """How many cells a script has, at most; counted before the slow work begins."""
    return len(_MARK.findall(data.decode("utf-8", "replace"))) + 1

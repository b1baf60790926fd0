"""The errors of intake."""

from __future__ import annotations

from grader.errors import CallError, SubmissionError


class IntakeError(CallError, SubmissionError):
    """Nothing can be taken in, and why: a call that cannot work, in a text of the catalogs."""

"""When a batch gives up: where nothing but faults of the grader comes out, a class is not a test.

A broken reference, a missing package or a full disk fails every notebook in the same way. After the
first few it is better to say so than to go through the class, each notebook twice.
"""

from __future__ import annotations

from grader.batch.one import Judged
from grader.errors import InternalError

FIRST = 10  # notebooks of different content, all of which failed


class Trial:
    """Watches a batch until the grader has worked once.

    Args:
        worked: it has, in an earlier call, or is not to be asked for.
    """

    def __init__(self, *, worked: bool) -> None:
        self._worked = worked
        self._faults = 0

    def add(self, outcome: Judged) -> None:
        """Count a notebook's outcome. One that cannot be read says nothing of the grader.

        Raises:
            InternalError: the first ten that were run all failed by a fault of the grader.
        """
        if outcome.fault is None:
            self._worked = self._worked or outcome.reason is None
            return
        self._faults += 1
        if not self._worked and self._faults >= FIRST:
            raise InternalError(
                f"Stopped: the first {FIRST} notebooks could all not be graded, by a fault of the "
                f"grader or the course and not of theirs. The last one: {outcome.fault}\n"
                "Nobody lost anything. Try one with `grader grade NOTEBOOK`, the machine with "
                "`grader doctor`, the course with `pytest exercises/`; then call the batch again. "
                "--keep-going goes through the class all the same."
            )

"""A course folder as the place where submissions go.

    DIR/<assignment>/<student>/<time>-<hash>.ipynb     the notebook, byte for byte
    DIR/<assignment>/<student>/attempt-<n>.json        its receipt

Nothing is ever overwritten. Every delivery is an attempt of its own with a file of its own, even
the same content in the same second (`…-2.ipynb`); its receipt says which attempt it repeats. The
attempt's number is taken by creating `attempt-<n>.json`, which succeeds for one of several at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from grader.submit.errors import DeliveryError, not_written
from grader.submit.files import publish
from grader.submit.names import safe_name
from grader.submit.receipt import Envelope, Receipt

_ATTEMPT = re.compile(r"attempt-([1-9][0-9]{0,8})\.json")


def _now() -> datetime:
    return datetime.now(UTC)


class Folder:
    """Submissions in a folder that the course's students can write to."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = _now) -> None:
        self.path = path
        self._clock = clock

    def deliver(self, submission: Envelope) -> Receipt:
        """Put the notebook into the folder.

        Raises:
            DeliveryError: it was not handed in, and nothing of it is left there.
        """
        if not self.path.is_dir():
            raise DeliveryError("submit.error-destination", destination=str(self.path))
        home = self.path / safe_name(submission.assignment) / safe_name(submission.student)
        now = self._clock().astimezone(UTC).replace(microsecond=0)
        digest = hashlib.sha256(submission.content).hexdigest()
        try:
            home.mkdir(parents=True, exist_ok=True)
            notebook = _first_free(home, f"{now:%Y%m%dT%H%M%SZ}-{digest[:12]}", submission.content)
        except OSError as error:
            raise not_written(error, home) from error
        receipt = Receipt(
            sha256=digest,
            time=now.isoformat().replace("+00:00", "Z"),
            attempt=0,
            student=submission.student,
            assignment=submission.assignment,
            destination=str(self.path),
            stored=notebook.relative_to(self.path).as_posix(),
            file=submission.file,
        )
        try:
            return _record(home, receipt)
        except BaseException as error:
            with suppress(OSError):
                notebook.unlink()
            if isinstance(error, OSError):
                raise not_written(error, home) from error
            raise


def _first_free(home: Path, stem: str, content: bytes) -> Path:
    for number in count(1):
        path = home / (f"{stem}.ipynb" if number == 1 else f"{stem}-{number}.ipynb")
        with suppress(FileExistsError):
            publish(path, content)
            return path
    raise AssertionError("unreachable")


def _record(home: Path, receipt: Receipt) -> Receipt:
    """Take the next attempt's number by writing its receipt."""
    while True:
        earlier = dict(_earlier(home))
        same = [number for number, sha256 in earlier.items() if sha256 == receipt.sha256]
        attempt = max(earlier, default=0) + 1
        numbered = replace(receipt, attempt=attempt, same_as=min(same, default=None))
        with suppress(FileExistsError):
            data = numbered.to_json().encode("utf-8", "backslashreplace")
            publish(home / f"attempt-{attempt}.json", data)
            return numbered


def _earlier(home: Path) -> Iterator[tuple[int, str]]:
    """(attempt, sha256) of what is there; a record that cannot be read still counts."""
    for path in home.iterdir():
        if match := _ATTEMPT.fullmatch(path.name):
            sha256 = ""
            with suppress(OSError, ValueError, RecursionError):
                record = json.loads(path.read_text("utf-8"))
                sha256 = str(record.get("sha256")) if isinstance(record, dict) else ""
            yield int(match[1]), sha256

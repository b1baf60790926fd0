"""A submission on its way, and the receipt for it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

from grader.model.submission import Message
from grader.submit.errors import DeliveryError
from grader.submit.files import publish


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is handed in: the very bytes of the notebook, whose they are, and what they answer.

    `file` is what the student calls the notebook; it is recorded and used for nothing else.
    """

    student: str
    assignment: str
    content: bytes
    file: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of a submission.

    Attributes:
        sha256: of the content, in hexadecimal.
        time: when it arrived, by the destination's clock: UTC, ISO 8601, to the second.
        attempt: 1, 2, 3 … of this student for this assignment, whatever the content.
        destination: where it was handed in, as the student named it.
        stored: what it is called there.
        file: what the student calls it.
        same_as: an earlier attempt with the same content, if there is one.
    """

    sha256: str
    time: str
    attempt: int
    student: str
    assignment: str
    destination: str
    stored: str
    file: str = ""
    same_as: int | None = None

    def messages(self, saved: Path) -> tuple[Message, ...]:
        """What the student is told when the receipt is saved as `saved`."""
        facts: dict[str, str | int] = {
            "attempt": self.attempt,
            "time": self.time,
            "hash": self.sha256,
            "file": saved.name,
        }
        said = [Message("submit.delivered", facts)]
        if self.same_as is not None:
            params = {"attempt": self.attempt, "earlier": self.same_as}
            said.append(Message("submit.same-content", params))
        return tuple(said)

    def to_json(self) -> str:
        """The receipt as it is saved."""
        return json.dumps({"schema": 1, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"


class Destination(Protocol):
    """Where submissions go: a course folder now, a service later."""

    def deliver(self, submission: Envelope) -> Receipt:
        """Hand in `submission`: wholly, beside all earlier ones, or not at all.

        Raises:
            DeliveryError: it was not handed in.
        """
        ...


def save_receipt(receipt: Receipt, notebook: Path) -> Path:
    """Save the receipt as `<notebook>.receipt-<attempt>.json`; an earlier one is never replaced.

    Raises:
        DeliveryError: it cannot be saved. The submission is where the receipt says all the same.
    """
    stem = f"{notebook.name}.receipt-{receipt.attempt}"
    data = receipt.to_json().encode("utf-8", "backslashreplace")
    for number in count(1):
        path = notebook.with_name(f"{stem}.json" if number == 1 else f"{stem}-{number}.json")
        try:
            publish(path, data)
        except FileExistsError:
            continue
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise DeliveryError("submit.error-receipt", file=str(path), reason=reason) from error
        return path
    raise AssertionError("unreachable")

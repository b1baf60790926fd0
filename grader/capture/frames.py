"""Turns the messages of one socket into observations. Runs in the slot, apart from references."""

from __future__ import annotations

import contextlib
from typing import Literal

from pydantic import ValidationError

from grader.capture import wire
from grader.capture.wire import Arrays, FrameError
from grader.model.observation import CallObservation, CellObservation
from grader.model.value import Value

__all__ = ["FrameError", "Frames"]

_MOST_NAMES = 10_000


class Frames:
    """The reader of one socket's messages. It remembers what earlier ones brought.

    Args:
        budget: bytes of arrays that it keeps; what would exceed it is a `FrameError`.
    """

    def __init__(self, budget: int) -> None:
        self._arrays: Arrays = {}
        self._left = budget
        self._names: dict[str, Value] = {}

    def _take(self, blob: bytes) -> None:
        for key, data in wire.read_arrays(blob).items():
            if key not in self._arrays:
                self._left -= data.nbytes
                if self._left < 0:
                    raise FrameError("more arrays than the capture may hold")
                self._arrays[key] = data

    def cell(self, header: bytes, blob: bytes, *, count: int, index: int) -> CellObservation:
        """The observation of the cell at `index`, the kernel's `count`-th.

        Raises:
            FrameError: it is not such a message.
        """
        self._take(blob)
        try:
            message = wire.WireCell.model_validate_json(header)
        except (ValidationError, RecursionError) as error:
            raise FrameError(_first(error)) from error
        if message.count != count:
            raise FrameError(f"cell {message.count} where {count} was due")
        status: Literal["ok", "error"] = "ok" if message.error is None else "error"
        observed = wire.cell(message, self._arrays, index, status, self._names)
        self._names |= observed.names
        if len(self._names) > _MOST_NAMES:
            raise FrameError("more names than the capture may hold")
        return observed

    def overhear(self, header: bytes, blob: bytes) -> None:
        """Take note of what a message brings that is no observation: later ones count on it.

        A student who sends one message too many would else make the probe's own unreadable, in
        other exercises too.
        """
        with contextlib.suppress(FrameError, ValidationError, RecursionError):
            self._take(blob)
            message = wire.WireCell.model_validate_json(header)
            self._names |= wire.cell(message, self._arrays, 0, "ok", self._names).names

    def call(self, header: bytes, blob: bytes, *, id: str) -> CallObservation:
        """The answer to the call `id`.

        Raises:
            FrameError: it is not such a message.
        """
        self._take(blob)
        try:
            message = wire.WireCall.model_validate_json(header)
        except (ValidationError, RecursionError) as error:
            raise FrameError(_first(error)) from error
        if message.id != id:
            raise FrameError("the answer to another question")
        return CallObservation(
            id=id,
            status=message.status,
            returned=wire.value(message.returned, self._arrays),
            gradients={
                name: wire.value(item, self._arrays) for name, item in message.gradients.items()
            },
            error=wire._raised(message.error),
            changed=tuple(message.changed),
        )

    @staticmethod
    def rerun_status(
        header: bytes,
        *,
        id: str,
    ) -> Literal["ok", "timeout", "crashed"] | None:
        """How the rerun `id` ended, or None when this is not its last message."""
        try:
            message = wire.WireRerun.model_validate_json(header)
        except (ValidationError, RecursionError):
            return None
        return message.status if message.id == id else None


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        detail = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in detail['loc'])[:100]}: {detail['msg'][:100]}"
    return type(error).__name__

"""Warnings that are shown, as they are shown."""

from __future__ import annotations

import warnings
from typing import Any

from .places import Place, text_of

WARNINGS = 100


class Warned:
    """Listens where Python shows a warning; students who record or replace that go first."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.shown: list[dict[str, Any]] = []
        self.cut = False

    def install(self) -> None:
        """Listen from now on."""
        show = warnings._showwarnmsg_impl  # type: ignore[attr-defined]

        def _showwarnmsg_impl(msg: Any) -> None:
            self.note(msg)
            show(msg)

        warnings._showwarnmsg_impl = _showwarnmsg_impl  # type: ignore[attr-defined]

    def note(self, message: Any) -> None:
        """A warning is about to be shown."""
        try:
            if len(self.shown) >= WARNINGS:
                self.cut = True
                return
            own = message.filename == self.place.file
            line = message.lineno + self.place.shift if own else None
            kind, text = message.category.__name__, text_of(message.message)
            self.shown.append({"type": kind, "text": text, "line": line})
        except Exception:
            self.cut = True

    def take(self) -> tuple[list[dict[str, Any]], set[str]]:
        """The warnings since the last time."""
        shown, self.shown = self.shown, []
        cut, self.cut = self.cut, False
        return shown, {"warnings"} if cut else set()

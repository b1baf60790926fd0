"""What commands say of their own where students may read it: message id → its parameters."""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, ...]] = {
    "command.stopped": (),
    "command.not-run": ("detail",),  # `detail` is what the machine says: an exit code, an exception
    # a question; `ask.yes` and `ask.no` are the words that answer it, besides y and n
    "ask.yes": (),
    "ask.no": (),
    "ask.again": (),
    "explain.unknown": ("id",),
    "explain.near": ("id", "near"),
    "grade.no-course": ("folder",),
    "grade.no-assignment": ("name", "known"),
    "grade.other-assignment": ("name", "claimed", "known"),
    "grade.companion": ("path",),
    "grade.time": ("written",),
    "grade.not-graded": ("exercises",),
    "grade.isolation": ("lacking",),
}

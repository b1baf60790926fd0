"""Layouts that hold several assignments, of which one is meant."""

from __future__ import annotations

from collections.abc import Collection

from grader.intake.errors import IntakeError
from grader.intake.names import natural, shown


def one_assignment(found: Collection[str], wanted: str | None) -> str:
    """The assignment that is `wanted`, or the only one.

    Raises:
        IntakeError: `intake.error-assignment`.
    """
    if wanted is not None and wanted in found:
        return wanted
    if wanted is None and len(found) == 1:
        return next(iter(found))
    names = [shown(name, 60) for name in sorted(found, key=natural)]
    listed = ", ".join(names[:10]) + ("…" if len(names) > 10 else "")
    raise IntakeError(
        "intake.error-assignment", count=len(found), found=listed, wanted=wanted or "–"
    )

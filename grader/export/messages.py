"""What exports say to students, and the parameters that it is said with."""

from __future__ import annotations

MESSAGES: dict[str, frozenset[str]] = {
    "export.late": frozenset({"points", "reason"}),
    "export.withheld": frozenset(),
}

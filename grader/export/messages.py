"""What exports say to students, and the parameters that it is said with."""

from __future__ import annotations

MESSAGES: dict[str, frozenset[str]] = {
    "export.comment": frozenset({"text"}),
    "export.decided": frozenset({"what", "points", "most"}),
    "export.late": frozenset({"percent", "reason"}),
    "export.whole": frozenset(),
    "export.withheld": frozenset(),
}

"""What handing in can say: message id → the names of the parameters that fill its text.

Students read all of these. `submit.error-*` are `DeliveryError`s.
"""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, ...]] = {
    # said before and after; `source` is option, config or system, `file` the notebook's or the
    # receipt's name
    "submit.identity": ("student", "source"),
    "submit.summary": ("file", "assignment", "size"),
    "submit.ask": (),
    "submit.declined": (),
    "submit.delivered": ("attempt", "time", "hash", "file"),
    "submit.same-content": ("attempt", "earlier"),
    # who is it?
    "submit.error-config-unreadable": ("file", "reason"),
    "submit.error-config-encoding": ("file",),
    "submit.error-config-syntax": ("file", "line", "reason"),
    "submit.error-config-student": ("file", "expected"),
    "submit.error-identity-invalid": ("source", "expected"),
    "submit.error-identity-unknown": ("file",),
    # where to?
    "submit.error-destination": ("destination",),
    "submit.error-permission": ("file",),
    "submit.error-full": ("file",),
    "submit.error-write": ("file", "reason"),
    "submit.error-receipt": ("file", "reason"),
}

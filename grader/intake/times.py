"""Times as platforms write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(
    r"(?P<time>\d{4}-?\d{2}-?\d{2}[ T]\d{2}:?\d{2}(?::?\d{2})?)(?:[.,](?P<part>\d{1,9}))?"
    r"\s*(?P<zone>[+-]\d{2}:?\d{2}|[A-Za-z][A-Za-z0-9_+/-]{0,40})?"
)


def parse(text: object) -> datetime | None:
    """A time such as `2026-03-01 12:00:00.123456789 Z`, `… +0300`, `… Europe/Moscow`, in its zone.

    One without a zone is in UTC. None for anything else.
    """
    found = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    try:
        time = datetime.fromisoformat(found["time"])
        zone = _zone(found["zone"] or "UTC")
        time = time.replace(microsecond=int((found["part"] or "0").ljust(6, "0")[:6]), tzinfo=zone)
        time.astimezone(UTC)  # which the first and the last day of the calendar may not have
    except (ValueError, OverflowError, OSError):  # OSError: a folder of the time zones' database
        return None
    return time


def _zone(name: str) -> tzinfo:
    if name.upper() in ("Z", "UTC", "GMT"):
        return UTC
    if name[0] in "+-":
        zone = datetime.strptime(name, "%z").tzinfo
        assert zone is not None
        return zone
    try:
        return ZoneInfo(name)
    except KeyError as error:  # ZoneInfoNotFoundError
        raise ValueError(name) from error

"""Times as people write them: ISO 8601."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from grader.errors import CallError


def moment(text: str) -> datetime:
    """The time in `text`; what has no zone is in UTC, and a date alone is its first moment.

    Raises:
        CallError: it cannot be read.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise CallError(_told(text)) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def end(due: str) -> datetime:
    """When what is due at `due` is over; a date alone, however it is written, lasts the day.

    Raises:
        CallError: it cannot be read.
    """
    time = moment(due)
    with suppress(ValueError):
        date.fromisoformat(due.strip())
        try:
            return time + timedelta(days=1)
        except OverflowError as error:  # the last day of the calendar
            raise CallError(_told(due)) from error
    return time


def _told(text: str) -> str:
    return f"cannot read the time {text!r}; write it like 2026-10-01T23:59:00+03:00"

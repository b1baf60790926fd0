"""Types of columns that hold the same in SQLite and in PostgreSQL."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, LargeBinary, String, TypeDecorator


def plain_json(value: Any, *, sort_keys: bool = True) -> bytes:
    """JSON in one spelling, so that equal data has equal bytes. `NaN` and infinities are kept."""
    text = json.dumps(value, sort_keys=sort_keys, ensure_ascii=True, separators=(",", ":"))
    return text.encode()


class Ready(bytes):
    """JSON data as the database holds it: compressed, by another process perhaps."""


def ready(text: bytes) -> Ready:
    """JSON made ready for a column."""
    return Ready(zlib.compress(text))


class Json(TypeDecorator[Any]):
    """JSON data, compressed. Keys keep their order, and texts any character, NUL too."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """To the database."""
        if value is None:
            return None
        if isinstance(value, Ready):
            return bytes(value)
        return bytes(ready(plain_json(value, sort_keys=False)))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """From the database."""
        return None if value is None else json.loads(zlib.decompress(value))


class Packed(TypeDecorator[bytes]):
    """Bytes, compressed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """To the database."""
        return None if value is None else zlib.compress(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """From the database."""
        return None if value is None else zlib.decompress(value)


class Moment(TypeDecorator[datetime]):
    """A moment as ISO 8601 text in UTC to the microsecond: its order is that of time."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To the database; a time without a zone is taken for UTC."""
        return None if value is None else written(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else datetime.fromisoformat(value)


def written(moment: datetime) -> str:
    """A moment as it is written: `2026-10-01T20:59:00.000000+00:00`."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")

"""The class's page, from lines of the gradebook: what it links to, and what it calls things."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from grader.classroom import Overview
from grader.diagnose import texts
from grader.report.classroom import class_page
from grader.submit.names import safe_name


def class_bytes(
    overview: Overview,
    language: str,
    page: Path,
    reports: Path | None,
    made: datetime | None = None,
) -> bytes:
    """The page of a class as it is to be written to `page`, with links into the folder `reports`.

    Only reports that are there are linked to. `made` is now by default.
    """
    return class_page(
        overview,
        language,
        misconceptions=titles((one.id for one in overview.misconceptions), language),
        links={} if reports is None else links(overview, page, reports),
        made=(made or datetime.now(UTC)).isoformat(timespec="seconds"),
    ).encode()


def titles(misconceptions: Iterable[str], language: str) -> Mapping[str, str]:
    """What misconceptions are called; one that this version no longer knows has no title."""
    found = {}
    for id in misconceptions:
        with suppress(KeyError):
            found[id] = texts(id, language)["title"]
    return found


def links(overview: Overview, page: Path, reports: Path) -> Mapping[str, str]:
    """Student's key → address of their report, seen from the page."""
    there = {path.name for path in reports.glob("*.html")}
    folder = os.path.relpath(reports.resolve(), page.resolve().parent)
    at = "" if folder == "." else quote(folder.replace(os.sep, "/")) + "/"
    named = {line.key: f"{safe_name(line.key)}.html" for line in overview.lines}
    return {key: f"{at}{quote(name)}" for key, name in named.items() if name in there}

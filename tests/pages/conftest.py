"""A browser, and the gallery in files. Without a browser these tests are skipped, with the reason.

`GRADER_PAGES=all` (`make verify-pages`) looks at the whole gallery; else at a few pages of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.gallery.exhibits import Exhibit, build
from scripts.gallery.pages import write
from tests.pages import browser as chromium

ALL = os.environ.get("GRADER_PAGES") == "all"


@pytest.fixture(scope="module")
def browser() -> Iterator[chromium.Browser]:
    """Chromium; its driver keeps an event loop running, which other tests must not meet."""
    if lacks := chromium.lacking():
        pytest.skip(lacks)
    opened = chromium.Browser()
    yield opened
    opened.close()


@dataclass(frozen=True)
class Gallery:
    """The exhibits, and name (`report.zh`) → file of every page."""

    exhibits: Sequence[Exhibit]
    files: Mapping[str, Path]

    def pages(self, language: str) -> dict[str, Path]:
        """The pages in a language; the index is in English."""
        named = {name: file for name, file in self.files.items() if name.endswith(f".{language}")}
        return named | ({"index": self.files["index"]} if language == "en" else {})


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """The gallery, or a part of it."""
    exhibits = build(lambda name: None, few=not ALL)
    return Gallery(exhibits, write(tmp_path_factory.mktemp("gallery"), exhibits))

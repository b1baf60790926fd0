"""A browser. Without one these tests are skipped, with the reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pages import browser as chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[chromium.Browser]:
    """Chromium."""
    if lacks := chromium.lacking():
        pytest.skip(lacks)
    opened = chromium.Browser()
    yield opened
    opened.close()

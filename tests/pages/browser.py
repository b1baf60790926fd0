"""A real Chromium that sees what a page does: nothing a report may do goes unnoticed here."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, PHONE = (1100, 900), (360, 800)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def lacking() -> str:
    """What this machine lacks for these tests, and how to get it; "" for nothing."""
    for package, name in (
        ("playwright", "playwright"),
        ("axe_playwright_python", "axe-playwright-python"),
    ):
        if importlib.util.find_spec(package) is None:
            return f"{name} is not installed: pip install -e '.[test]'"
    if executable() is None:
        return "there is no Chromium. As root: apt-get install chromium fonts-wqy-zenhei"
    return ""


def executable() -> str | None:
    """The system's Chromium."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def axe_source() -> str:
    """axe-core, as the package that bundles it has it."""
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None and found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


@dataclass
class Seen:
    """A page that is open, and all that it did beyond showing itself."""

    page: Any
    events: list[str] = field(default_factory=list)

    def did(self) -> list[str]:
        """What the page asked for or complained of, up to now."""
        return [*self.events]

    def axe(self) -> list[str]:
        """Violations of WCAG at level AA, one line each."""
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(axe_source())
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        found = self.page.evaluate(f"axe.run(document, {json.dumps(options)})")
        return [
            f"{rule['id']}: {node['html'][:120]} ({_why(node)})"
            for rule in found["violations"]
            for node in rule["nodes"][:3]
        ]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(c["message"] for c in [*node["any"], *node["all"], *node["none"]])[:200]


class Browser:
    """One Chromium for a test run."""

    def __init__(self) -> None:
        from playwright.sync_api import sync_playwright

        self._driver = sync_playwright().start()
        self._chromium = self._driver.chromium.launch(executable_path=executable())

    def close(self) -> None:
        """End Chromium."""
        self._chromium.close()
        self._driver.stop()

    @contextmanager
    def open(
        self, file: Path, *, size: tuple[int, int] = WIDE, scheme: str = "light"
    ) -> Iterator[Seen]:
        """The page in `file`, in a profile of its own; nothing but the file is let through."""
        context = self._chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme,
            reduced_motion="reduce",
        )  # fmt: skip
        address = file.resolve().as_uri()
        try:
            page = context.new_page()
            seen = Seen(page)
            log = seen.events
            opened: list[str] = []

            def decide(route: Any, request: Any) -> None:
                if request.url.split("#")[0] == address and not opened:
                    opened.append(request.url)
                    route.continue_()
                else:
                    log.append(f"request {request.url[:100]}")
                    route.abort()

            context.route("**/*", decide)
            page.on("console", lambda message: log.append(f"console {message.text[:200]}"))
            page.on("pageerror", lambda error: log.append(f"error {str(error)[:200]}"))
            page.on("popup", lambda popup: log.append(f"popup {popup.url[:100]}"))
            page.goto(address, wait_until="load")
            yield seen
        finally:
            context.close()

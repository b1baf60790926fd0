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

CANARY = "https://canary.invalid/"
PATIENCE = 300_000  # milliseconds, on a busy machine
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, PHONE, PAPER = (1100, 900), (360, 800), (718, 1000)  # A4 without its margins, in CSS pixels
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

# Words of a table of values that stand letter below letter, because their column is too narrow.
STACKED = """() => [...document.querySelectorAll(".values th, .values code")].filter(one => {
  const range = document.createRange()
  range.selectNodeContents(one)
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top))).size
  return lines > 2 && 3 * lines > one.textContent.trim().length
}).map(one => "stacked: " + one.textContent.trim())"""
UNFOLD = "document.querySelectorAll('details').forEach(d => { d.open = true })"
# Handlers and addresses that could do something once somebody clicks, hovers or prints.
ARMED = """() => [...document.querySelectorAll('*')].flatMap(e => [...e.attributes]
  .filter(a => a.name.startsWith('on') || a.name === 'srcdoc' || a.name === 'style'
    || (['href', 'src', 'action', 'formaction', 'data', 'xlink:href', 'poster', 'srcset', 'ping']
      .includes(a.name)
      && !/^(#|https:\\/\\/docs\\.pytorch\\.org\\/|https:\\/\\/pytorch\\.org\\/|data:image\\/png;)/
        .test(a.value)))
  .map(a => `${e.localName} ${a.name}=${a.value.slice(0, 80)}`))"""
STRANGE = """() => [...document.querySelectorAll(
    'script,iframe,frame,object,embed,form,input,textarea,select,button,base,link,video,audio,' +
    'portal,template,noscript,marquee,dialog,slot,area,map,style:not(head > style),' +
    'meta[http-equiv]:not([http-equiv="Content-Security-Policy"])')]
  .map(e => e.outerHTML.slice(0, 80))"""
# Every text of the page with nothing left out: folded parts, and what screen readers say.
TEXTS = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const inside = walk.currentNode.parentElement;
    if (!inside.closest('style, script, title') && walk.currentNode.data.trim()) {
      found.push(walk.currentNode.data);
    }
  }
  return found;
}"""
# Boxes that hold more than they show.
CUT = """() => [...document.querySelectorAll('body *')].filter(e => {
    const style = getComputedStyle(e);
    return !e.closest('svg') && style.overflowX !== 'visible'
      && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1;
  }).map(e => `${e.localName}.${e.className}: ${e.scrollWidth} in ${e.clientWidth}`)"""
WIDEST = """() => ({
  page: document.documentElement.scrollWidth, window: innerWidth,
  beyond: [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1
      && !e.parentElement.closest('svg, .scroll, pre'))
    .slice(0, 5).map(e => `${e.localName}.${e.getAttribute('class')}`)})"""


def lacking() -> str:
    """What this machine lacks for these tests, and how to get it; "" for nothing."""
    for package, name in (
        ("playwright", "playwright"),
        ("axe_playwright_python", "axe-playwright-python"),
        ("pypdf", "pypdf"),
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
        """What the page ran, asked for or complained of, up to now."""
        from playwright.sync_api import Error

        try:
            ran = self.page.evaluate("typeof __ran === 'undefined' ? 0 : 1")
        except Error as error:  # the page went elsewhere while it was asked
            return [*self.events, str(error)]
        return [*self.events, *(["the canary ran"] if ran else [])]

    def settle(self, frames: int = 60) -> list[str]:
        """What the page did once it has had so many frames to do it in, or has done something."""
        for _ in range(frames):
            if self.did():
                break
            self.page.evaluate("new Promise(requestAnimationFrame)")
        return self.did()

    def touch(self) -> None:
        """Unfold, hover, focus and scroll, as a reader would."""
        self.page.evaluate(UNFOLD)
        self.page.evaluate(
            "document.querySelectorAll('[tabindex], a, summary, input, [autofocus]')"
            ".forEach(e => e.focus())"
        )
        for y in (40, 250, 500, 750):
            self.page.mouse.move(180, y)
        self.page.evaluate("scrollTo(0, document.body.scrollHeight)")

    def axe(self, *, only_contrast: bool = False) -> list[str]:
        """Violations of WCAG at level AA, one line each."""
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(axe_source())
        chosen = {"type": "tag", "values": RULES}
        if only_contrast:
            chosen = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
        options = {"runOnly": chosen, "resultTypes": ["violations"]}
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
        self._chromium = self._driver.chromium.launch(
            executable_path=executable(), timeout=PATIENCE
        )

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
            page.set_default_timeout(PATIENCE)
            seen = Seen(page)
            log = seen.events

            def decide(route: Any, request: Any) -> None:
                if request.url.split("#")[0] == address and len(opened) == 0:
                    opened.append(request.url)
                    route.continue_()
                else:
                    log.append(f"request {request.url[:100]}")
                    route.abort()

            def dismiss(dialog: Any) -> None:
                log.append(f"dialog {dialog.message[:100]}")
                dialog.dismiss()

            opened: list[str] = []
            context.route("**/*", decide)
            page.on("dialog", dismiss)
            page.on("console", lambda message: log.append(f"console {message.text[:200]}"))
            page.on("pageerror", lambda error: log.append(f"error {str(error)[:200]}"))
            page.on("popup", lambda popup: log.append(f"popup {popup.url[:100]}"))
            page.on("download", lambda made: log.append(f"download {made.url[:100]}"))
            page.on("websocket", lambda socket: log.append(f"socket {socket.url[:100]}"))
            page.on("worker", lambda worker: log.append(f"worker {worker.url[:100]}"))
            page.goto(address, wait_until="load")
            yield seen
        finally:
            context.close()

"""Pictures of reports for the documentation: `python scripts/screenshots.py`, into docs/images/.

It opens pages of the gallery (`make gallery` first) in the system's Chromium and keeps each picture
small: a palette is enough for text and curves.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image

from tests.pages.browser import Browser, lacking

COURSE = Path(__file__).resolve().parent.parent
MOST = 300_000  # bytes of all pictures together


@dataclass(frozen=True, slots=True)
class Picture:
    """What to take: a page of the gallery, the window, and up to where (a CSS selector)."""

    name: str
    page: str
    size: tuple[int, int]
    scheme: str = "light"
    start: str = ""


PICTURES = (
    Picture("report", "report.en", (1000, 1010)),
    Picture("report-why", "report.en", (1000, 820), start="#exercise-3 .checks"),
)


def take(browser: Browser, picture: Picture, gallery: Path) -> bytes:
    """One picture as a small PNG."""
    file = gallery / f"{picture.page}.html"
    with browser.open(file, size=picture.size, scheme=picture.scheme) as seen:
        if picture.start:
            seen.page.evaluate(
                f"document.querySelector({picture.start!r}).scrollIntoView({{behavior: 'instant'}})"
            )
        raw = seen.page.screenshot()
    small = io.BytesIO()
    with Image.open(io.BytesIO(raw)) as image:
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        few.save(small, "PNG", optimize=True)
    return small.getvalue()


def main() -> int:
    """Take all pictures; nothing is written when together they are too large."""
    gallery = Path(sys.argv[1]) if len(sys.argv) > 1 else COURSE / ".gallery"
    if lacks := lacking():
        print(lacks, file=sys.stderr)
        return 3
    if not (gallery / "index.html").is_file():
        print(f"there is no gallery in {gallery}: make gallery", file=sys.stderr)
        return 2
    browser = Browser()
    try:
        taken = {picture.name: take(browser, picture, gallery) for picture in PICTURES}
    finally:
        browser.close()
    size = sum(len(data) for data in taken.values())
    if size > MOST:
        print(f"{size:,} bytes of pictures are more than {MOST:,}", file=sys.stderr)
        return 1
    folder = COURSE / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in taken.items():
        (folder / f"{name}.png").write_bytes(data)
        print(f"{len(data):8,} bytes  {folder / name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())

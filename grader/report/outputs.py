"""What a cell printed and drew, bounded and checked, ready to be shown."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.model.observation import CellObservation, Figure, Output
from grader.report.inert import clip, one_line, printed
from grader.report.language import text
from grader.report.pictures.chart import Chart, chart

PNG = b"\x89PNG\r\n\x1a\n"
PICTURE_BYTES = 400_000
SIDE = 6000  # pixels
PIXELS = 16_000_000
TEXT_LIMIT = 4000
LINES = 80
FIGURES = 32
_NAMED = re.compile(r"<Figure size \d+x\d+ with \d+ Axes>")
_PLACES = re.compile(
    r"(?:~|\.{0,2})/[^\s:\"'<>]{0,300}/(?:site-packages|dist-packages|python3\.\d+)/"
)
OUTPUTS = 40


@dataclass(frozen=True, slots=True)
class Shot:
    """One output as the page shows it: text, or a picture with its alternative text.

    A picture is a data URI, or a chart of what was drawn.
    """

    kind: str
    text: str = ""
    left_out: int = 0
    picture: str = ""
    alt: str = ""
    chart: Chart | None = None


@dataclass(slots=True)
class Budget:
    """What one page may still show, so that a thousand cells stay a page."""

    characters: int = 120_000
    picture_bytes: int = 6_000_000

    def take(self, wanted: int) -> int:
        """As many characters as are left, `wanted` at most."""
        granted = max(0, min(wanted, self.characters))
        self.characters -= granted
        return granted


def shots(cell: CellObservation, language: str, budget: Budget) -> tuple[Shot, ...]:
    """The outputs of `cell`: neighbouring prints together, an unsound PNG named as such.

    Figures of which there is no PNG, because their data tell all, are drawn from their data; beside
    PNGs that is all of the cell's, since which of them a PNG shows is not known.
    """
    pictures = 0
    shown = []
    outputs = _joined(cell.outputs[:OUTPUTS])
    undrawn = [o for o in outputs if o.kind != "image" and _NAMED.fullmatch(o.text.strip())]
    pictured = any(output.kind == "image" for output in outputs)
    charted = _charts(cell, language) if undrawn or not pictured else ()
    for output in outputs:
        if charted and output in undrawn:
            continue
        if output.kind == "image":
            alt = _alt(pictures, cell.figures, language)
            shown.append(_picture(output.png, alt, language, budget))
            pictures += 1
        else:
            shown.append(_text(output, budget))
    told = (shot for shot in shown if shot.text or shot.picture or shot.left_out)
    return (*told, *charted)


def _charts(cell: CellObservation, language: str) -> tuple[Shot, ...]:
    drawn = (chart(figure) for figure in cell.figures[:FIGURES])
    return tuple(
        Shot("chart", chart=made, alt=_alt(number, cell.figures, language))
        for number, made in enumerate(drawn)
        if made is not None
    )


def sound_png(png: bytes) -> bool:
    """Whether `png` begins as a PNG of a size that a browser can unpack."""
    if len(png) > PICTURE_BYTES or png[:8] != PNG or png[8:16] != b"\0\0\0\rIHDR":
        return False
    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    return 0 < width <= SIDE and 0 < height <= SIDE and width * height <= PIXELS


def _joined(outputs: Iterable[Output]) -> list[Output]:
    joined: list[Output] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and last.kind == output.kind == "stdout" and len(last.text) < TEXT_LIMIT:
            joined[-1] = Output("stdout", last.text + output.text)
        else:
            joined.append(output)
    return joined


def _text(output: Output, budget: Budget) -> Shot:
    head = output.text[: 2 * TEXT_LIMIT]
    limit = budget.take(min(TEXT_LIMIT, len(head)))
    if not limit:
        return Shot(output.kind, "", len(output.text))
    told = printed(head).strip("\n")
    if output.kind in ("error", "stderr"):
        told = without_places(told)
    shown, left_out = clip(told, limit, LINES)
    return Shot(output.kind, shown, left_out + len(output.text) - len(head))


def without_places(told: str) -> str:
    """A traceback without the folders of the machine that it happened on."""
    return _PLACES.sub("", told)


def _picture(png: bytes, alt: str, language: str, budget: Budget) -> Shot:
    if not sound_png(png):
        return Shot("refused", text("report.picture.refused", language))
    if len(png) > budget.picture_bytes:
        return Shot("refused", text("report.picture.too-many", language))
    budget.picture_bytes -= len(png)
    uri = "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    return Shot("image", picture=uri, alt=alt)


def _alt(position: int, figures: tuple[Figure, ...], language: str) -> str:
    number = position + 1
    if position >= len(figures):
        return text("report.picture.alt", language, number=number)
    curves = [curve for axes in figures[position].axes for curve in axes.curves]
    labels = ", ".join(one_line(curve.label, 40) for curve in curves[:6] if curve.label)
    if not labels:
        return text("report.picture.alt-curves", language, number=number, count=len(curves))
    return text(
        "report.picture.alt-labels", language, number=number, count=len(curves), labels=labels
    )

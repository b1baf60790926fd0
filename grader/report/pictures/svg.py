"""The few elements of SVG that the pictures are made of; colours are classes of the style sheet."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from grader.report.inert import one_line
from grader.report.language import text

WORDS = 60  # characters of one label
_NONE = Markup("")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, what stands below it, and the words for those who do not see it (`alt`)."""

    svg: Markup
    alt: str
    caption: Markup = _NONE


def beside(was: Picture, meant: Picture, language: str) -> Picture:
    """Two pictures next to each other, each under its heading and with what is said of it."""
    parts = [
        Markup('<figure><figcaption>{}</figcaption>{}<p class="quiet">{}</p></figure>').format(
            text(id, language), one.svg, one.caption
        )
        for id, one in (("picture.was", was), ("picture.meant", meant))
    ]
    svg = Markup('<div class="beside">{}</div>').format(Markup("").join(parts))
    return Picture(svg, f"{was.alt} {text('picture.meant', language)}: {meant.alt}")


def drawing(width: float, height: float, alt: str, kind: str, body: str) -> Markup:
    """An `svg` element of that size in CSS pixels; `body` is SVG made by this module."""
    return Markup(
        f'<svg class="pic {kind}" role="img" aria-label="{escape(alt)}" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">{body}</svg>'
    )


def words(x: float, y: float, text: str, kind: str = "", anchor: str = "middle") -> str:
    """A label; the text is a stranger's."""
    styled = f' class="{kind}"' if kind else ""
    placed = f' text-anchor="{anchor}"' if anchor != "middle" else ""  # the style sheet's default
    return f'<text{styled} x="{x:g}" y="{y:g}"{placed}>{escape(one_line(text, WORDS))}</text>'


def box(x: float, y: float, width: float, height: float, *, kind: str, radius: float = 0) -> str:
    """A rectangle."""
    round_ = f' rx="{radius:g}"' if radius else ""
    return (
        f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{round_}/>'
    )


def line(path: str, kind: str) -> str:
    """A path; `path` is made of numbers and letters by the caller."""
    return f'<path class="{kind}" d="{path}"/>'

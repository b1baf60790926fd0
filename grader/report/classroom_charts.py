"""The class page's charts, as SVG that stretches with the page while its text does not.

Across, everything is in percent of the width; down, in pixels. What a chart says stands in its
label or in the numbers beside it; nothing but numbers and texts of our own is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from grader.classroom import FEW, POOR, Distribution, Outcome
from grader.report.language import number, text

OUTCOMES: tuple[Outcome, ...] = ("passed", "partial", "failed", "skipped", "missing", "open")

_TOP, _FLOOR, _BOX, _TICKS, _HEIGHT = 20.0, 186.0, 198.0, 222.0, 230
_MARGIN = 2.5  # percent, for the numbers at both ends
_LEAST = -0.5  # where the axis of correlations begins


def percent(share: float, language: str) -> str:
    """A share as percent, to one decimal where it is small: `7 %`, `12 %`, `0.3 %`."""
    value = 100 * share
    shown = number(round(value, 1) if 0 < abs(value) < 1 else round(value), language)
    return text("class.percent", language, value=shown)


def histogram(marks: Distribution, language: str) -> Markup:
    """How many have how much: a bar a bin, and below them the middle half with the median."""
    bins = len(marks.counts)
    most = max(marks.counts)
    bars, said = [], []
    for at, count in enumerate(marks.counts):
        low, high = at / bins, (at + 1) / bins
        words = text(
            "class.marks.bin", language, low=round(100 * low), high=round(100 * high), count=count
        )
        said.append(words)
        if not count:
            continue
        height = max(2.0, (_FLOOR - _TOP) * count / most)
        bars.append(
            f'<g><title>{escape(words)}</title><rect class="bar" x="{_x(low):.2f}%" '
            f'y="{_FLOOR - height:.1f}" width="{_x(high) - _x(low) - 0.3:.2f}%" '
            f'height="{height:.1f}"/><text class="count" x="{_x((low + high) / 2):.2f}%" '
            f'y="{_FLOOR - height - 5:.1f}">{count}</text></g>'
        )
    ticks = [
        f'<text class="tick" x="{_x(tick / 100):.2f}%" y="{_TICKS}">{tick}</text>'
        for tick in range(0, 101, 20)
    ]
    lower, upper = (min(1.0, max(0.0, q)) for q in (marks.lower, marks.upper))
    box = (
        f'<rect class="half" x="{_x(lower):.2f}%" y="{_BOX - 2}" '
        f'width="{max(0.4, _x(upper) - _x(lower)):.2f}%" height="4" rx="2"/>'
        f'<circle class="median" cx="{_x(min(1.0, max(0.0, marks.median))):.2f}%" '
        f'cy="{_BOX}" r="4.5"/>'
    )
    label = "; ".join([text("class.marks", language), *said])
    return Markup(
        f'<svg class="histogram" role="img" width="100%" height="{_HEIGHT}" '
        f'aria-label="{escape(label)}">'
        f'<line class="axis" x1="{_x(0):.2f}%" x2="{_x(1):.2f}%" y1="{_FLOOR}" y2="{_FLOOR}"/>'
        f"{''.join(bars)}{box}{''.join(ticks)}</svg>"
    )


def _x(share: float) -> float:
    return _MARGIN + share * (100 - 2 * _MARGIN)


def parts(counts: Mapping[Outcome, int], language: str) -> Markup:
    """What the answers to an item came to, side by side in one bar; undecided ones last."""
    total = sum(counts.values())
    said = [(one, counts[one]) for one in OUTCOMES if counts.get(one)]
    drawn, left = [], 0.0
    for outcome, count in said:
        width = 100 * count / total
        word = f"{text(f'class.outcome.{outcome}', language)}: {count}"
        drawn.append(
            f'<rect class="{outcome}" x="{left:.2f}%" y="0" width="{width:.2f}%" height="12">'
            f"<title>{escape(word)}</title></rect>"
        )
        left += width
    label = ", ".join(f"{text(f'class.outcome.{one}', language)}: {count}" for one, count in said)
    return Markup(
        f'<svg class="parts" role="img" width="100%" height="12" aria-label="{escape(label)}">'
        f"{''.join(drawn)}</svg>"
    )


def place(correlation: float, n: int) -> Markup:
    """Where a correlation of `n` answers lies on −0.5 to 1; decoration of the number beside it.

    Of few answers it is mostly chance, and no colour says otherwise (`grader.classroom.items`).
    """
    at = _along(max(_LEAST, correlation))
    kind = "plain"
    if n >= FEW and correlation < POOR:
        kind = "bad" if correlation < 0 else "low"
    return Markup(
        '<svg class="place" aria-hidden="true" width="100%" height="12">'
        f'<line class="axis" x1="2%" x2="98%" y1="6" y2="6"/>'
        f'<line class="zero" x1="{_along(0):.2f}%" x2="{_along(0):.2f}%" y1="1" y2="11"/>'
        f'<circle class="{kind}" cx="{at:.2f}%" cy="6" r="4"/></svg>'
    )


def _along(correlation: float) -> float:
    return 2 + 96 * (correlation - _LEAST) / (1 - _LEAST)


def share(part: int, whole: int) -> Markup:
    """A part of the class as a bar; decoration of the number beside it."""
    width = 100 * part / whole if whole else 0.0
    return Markup(
        '<svg class="share" aria-hidden="true" width="100%" height="12">'
        '<rect class="whole" x="0" y="0" width="100%" height="12" rx="2"/>'
        f'<rect class="part" x="0" y="0" width="{width:.2f}%" height="12" rx="2"/></svg>'
    )


def legend(used: Sequence[Outcome], language: str) -> Markup:
    """What the colours of `parts` mean, for those that are used."""
    return Markup("").join(
        Markup(
            '<li><svg aria-hidden="true" class="parts" width="12" height="12">'
            '<rect class="{}" width="12" height="12"/></svg> {}</li>'
        ).format(one, text(f"class.outcome.{one}", language))
        for one in used
    )

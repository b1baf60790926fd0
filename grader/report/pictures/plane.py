"""Where a number lies on an axis: spans, round ticks, and a curve's path. Pixels are CSS's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

TICKS = 5

Floats = npt.NDArray[np.float64]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, in pixels, and what it says."""

    at: float
    label: str


def span(values: Iterable[Floats]) -> Span | None:
    """From the least to the greatest value with a margin; None where that is no number."""
    finite = [part[np.isfinite(part)] for part in values]
    ends = [(float(part.min()), float(part.max())) for part in finite if part.size]
    if not ends:
        return None
    least, greatest = min(low for low, _ in ends), max(high for _, high in ends)
    width = greatest - least
    margin = 0.05 * width or 0.5 * abs(least) or 1.0
    least, greatest = least - margin, greatest + margin
    return (least, greatest) if math.isfinite(greatest - least) and greatest > least else None


def placed(values: Floats, over: Span, start: float, end: float) -> Floats:
    """Pixels for values: `start` for the span's lower end, `end` for its upper."""
    return start + (values - over[0]) / (over[1] - over[0]) * (end - start)


def path(x: Floats, y: Floats) -> str:
    """SVG's path through points, to a tenth of a pixel; NaN lifts the pen."""
    seen = np.isfinite(x) & np.isfinite(y)
    across, up = np.round(np.where(seen, x, 0), 1), np.round(np.where(seen, y, 0), 1)
    if seen.all():  # one formatting of all points takes half the time of one each
        form = "M" + "L".join(["%g %g"] * seen.size)
        return form % tuple(np.stack((across, up), axis=1).ravel().tolist())
    points = [f"{a:g} {b:g}" for a, b in zip(across.tolist(), up.tolist(), strict=True)]
    strokes = np.split(np.arange(seen.size), np.flatnonzero(~seen))
    drawn = ([points[i] for i in stroke.tolist() if seen[i]] for stroke in strokes)
    return "".join("M" + "L".join(stroke) for stroke in drawn if stroke)


def ticks(over: Span, start: float, end: float, count: int = TICKS) -> tuple[Tick, ...]:
    """Round numbers within a span: multiples of 1, 2 or 5 times a power of ten."""
    rough = (over[1] - over[0]) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in (1.0, 2.0, 5.0) if m * power >= rough), 10 * power)
    first = math.ceil(over[0] / step)
    numbers: Sequence[float] = [(first + i) * step for i in range(2 * count)]
    place = (end - start) / (over[1] - over[0])
    return tuple(
        Tick(round(start + (number - over[0]) * place, 1), f"{number:.6g}")
        for number in numbers
        if number <= over[1]
    )

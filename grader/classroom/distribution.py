"""How the marks of a class are spread."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_MANY = 60  # marks from which bins half as wide still hold several each


@dataclass(frozen=True, slots=True)
class Distribution:
    """Marks as shares of the highest, 0 to 1.

    Attributes:
        counts: how many marks lie in each of equally wide bins over [0, 1]; the last holds 1 too,
            and whatever a person gave beyond it.
        lower, upper: the quartiles (inclusive method: the class is the population).
        spread: the standard deviation of the population.
    """

    n: int
    counts: tuple[int, ...]
    mean: float
    median: float
    lower: float
    upper: float
    spread: float
    lowest: float
    highest: float


def distribution(shares: Sequence[float]) -> Distribution | None:
    """The distribution of at least one mark; None of none."""
    if not shares:
        return None
    bins = 20 if len(shares) >= _MANY else 10
    counts = [0] * bins
    for share in shares:
        # 0.35 · 20 is 6.999…, which belongs into the bin that begins with 0.35
        counts[max(0, min(bins - 1, int(share * bins + 1e-9)))] += 1
    several = shares if len(shares) > 1 else [*shares, *shares]
    lower, median, upper = statistics.quantiles(several, n=4, method="inclusive")
    return Distribution(
        n=len(shares),
        counts=tuple(counts),
        mean=statistics.fmean(shares),
        median=median,
        lower=lower,
        upper=upper,
        spread=statistics.pstdev(shares),
        lowest=min(shares),
        highest=max(shares),
    )

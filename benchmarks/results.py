"""From rounds to ratios, a table, and `results.json`."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent / "results.json"
RATIOS = {
    "nbgrader_over_ours": ("nbgrader", "ours"),
    "otter_over_ours": ("otter", "ours"),
    "nbclient_over_ours": ("nbclient", "ours"),
    "ours_over_floor": ("ours", "floor"),
    "isolation_overhead": ("ours", "ours-bare"),
}


@dataclass
class Figures:
    """One way: seconds and CPU seconds a notebook in each round, or why there are none."""

    name: str
    notebooks: int = 0
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    startup_seconds: float = 0.0
    unavailable: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For the file."""
        if self.unavailable is not None or not self.seconds:
            return {"unavailable": self.unavailable or "no rounds"}
        return {
            "notebooks_a_round": self.notebooks,
            "seconds_a_notebook": {
                "median": statistics.median(self.seconds),
                "min": min(self.seconds),
                "max": max(self.seconds),
                "rounds": self.seconds,
            },
            "cpu_seconds_a_notebook": statistics.median(self.cpu_seconds),
            "startup_seconds": self.startup_seconds,
        }


def ratios(ways: Mapping[str, Figures]) -> dict[str, list[float]]:
    """Each ratio in each round; a ratio whose ways were not both measured is absent."""
    found = {}
    for name, (over, under) in RATIOS.items():
        if over in ways and under in ways:
            pairs = zip(ways[over].seconds, ways[under].seconds, strict=False)
            rounds = [a / b for a, b in pairs]
            if rounds and not (ways[over].unavailable or ways[under].unavailable):
                found[name] = rounds
    return found


def table(ways: Mapping[str, Figures], memory: float | str | None) -> str:
    """What is printed."""
    head = (
        f"{'way':<10} {'a round':>7} {'s/notebook':>11} {'min':>8} {'max':>8} {'CPU s':>7} "
        f"{'start-up':>9}"
    )
    lines = [head, *(_row(way) for way in ways.values()), ""]
    for name, rounds in ratios(ways).items():
        lines.append(
            f"{name:<20} {statistics.median(rounds):8.2f}   ({min(rounds):.2f} – {max(rounds):.2f})"
        )
    if memory is not None:
        value = memory if isinstance(memory, str) else f"{memory:8.1f} MB"
        lines.append(f"{'added_per_kernel':<20} {value}")
    return "\n".join(lines)


def _row(way: Figures) -> str:
    if way.unavailable is not None or not way.seconds:
        return f"{way.name:<10} not measured: {way.unavailable}"
    return (
        f"{way.name:<10} {way.notebooks:>7} {statistics.median(way.seconds):>11.3f} "
        f"{min(way.seconds):>8.3f} {max(way.seconds):>8.3f} "
        f"{statistics.median(way.cpu_seconds):>7.3f} {way.startup_seconds:>9.1f}"
    )


def write(
    ways: Mapping[str, Figures],
    memory: float | str | None,
    *,
    command: Sequence[str],
    settings: Mapping[str, Any],
) -> None:
    """Write `results.json`."""
    measured = ratios(ways)
    added = {"added_mb_per_kernel": memory} if isinstance(memory, float) else {}
    body = {
        "ratios": {name: statistics.median(rounds) for name, rounds in measured.items()},
        "ratio_rounds": measured,
        "memory": added if not isinstance(memory, str) else {"unavailable": memory},
        "ways": {name: way.as_json() for name, way in ways.items()},
        "machine": {
            "cores": len(os.sched_getaffinity(0)),
            "system": platform.platform(),
            "python": platform.python_version(),
            "torch": version("torch"),
        },
        "command": " ".join(command),
        "settings": settings,
    }
    FILE.write_text(json.dumps(body, indent=2) + "\n", "utf-8")

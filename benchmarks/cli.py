"""`make bench`: the same notebooks through this grader and through others, in interleaved rounds.

examples:
  make bench                                          all of it (about a quarter of an hour)
  make bench BENCH='--only ours,floor --rounds 5'     quick
  python benchmarks/bench.py --only ours,ours-bare --rounds 10
  python benchmarks/bench.py --only memory
  python benchmarks/bench.py --soak 500               does anything pile up?

Prints a table and writes benchmarks/results.json. docs/benchmark.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from benchmarks import memory, results
from benchmarks.processes import cpu_seconds, family
from benchmarks.results import Figures
from benchmarks.soak import CRITERION, soak
from benchmarks.submissions import ASSIGNMENT, COURSE, Submitted, submissions
from benchmarks.ways.nbgrader import Nbgrader
from benchmarks.ways.otter import Otter
from benchmarks.ways.ours import Ours
from benchmarks.ways.plain import Plain
from benchmarks.ways.warm import Floor
from benchmarks.ways.way import Unavailable, Way
from grader.errors import GraderError
from grader.spec import load_assignment

WAYS = ("ours", "ours-bare", "nbgrader", "otter", "nbclient", "floor")


def main(arguments: Sequence[str]) -> int:
    """Measure; 1 when a soak found growth, or our own ways could not be measured."""
    options = _parser().parse_args(arguments)
    if options.soak:
        return soak(options.soak)
    chosen = options.only or [*WAYS, "memory"]
    assignment = load_assignment(COURSE, ASSIGNMENT)
    notebooks = submissions(assignment, max(options.notebooks, options.peer_notebooks))
    figures = {name: Figures(name) for name in WAYS if name in chosen}
    added = _memory() if "memory" in chosen else None
    with ExitStack() as stack:
        ready = _prepare([_way(name, options.in_flight) for name in figures], figures, notebooks[0])
        for way in ready:
            stack.callback(way.close)
        for number in range(options.rounds):
            for way in ready:
                count = options.peer_notebooks if way.slow else options.notebooks
                _round(way, figures[way.name], number, _batch(notebooks, number, count))
    print(results.table(figures, added))
    results.write(
        figures,
        added,
        command=["benchmarks/bench.py", *arguments],
        settings={k: v for k, v in vars(options).items() if k not in ("only", "soak")},
    )
    own = [way for way in figures.values() if way.name.startswith("ours")]
    return 1 if any(way.unavailable for way in own) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--notebooks", type=int, default=24, metavar="N", help="a round (24)")
    parser.add_argument(
        "--peer-notebooks", type=int, default=3, metavar="N",
        help="a round, for nbgrader, otter and nbclient (3)",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="of all ways (3)")
    parser.add_argument("--in-flight", type=int, default=8, metavar="N", help="of ours (8)")
    parser.add_argument(
        "--only", type=_names, metavar="NAMES", help=f"some of {', '.join((*WAYS, 'memory'))}"
    )
    parser.add_argument(
        "--soak", type=int, metavar="N",
        help=f"grade N notebooks one after another instead; exit code 1 unless, {CRITERION}",
    )  # fmt: skip
    return parser


def _names(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in (*WAYS, "memory")]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return names


def _way(name: str, in_flight: int) -> Way:
    if name == "ours":
        return Ours(name, in_flight, None)
    if name == "ours-bare":
        return Ours(name, in_flight, ())
    others: dict[str, Callable[[], Way]]
    others = {"nbgrader": Nbgrader, "otter": Otter, "nbclient": Plain, "floor": Floor}
    return others[name]()


def _memory() -> float | str:
    _say("memory")
    try:
        return memory.added_mb_per_kernel()
    except (Unavailable, GraderError) as why:
        return str(why)


def _prepare(ways: list[Way], figures: dict[str, Figures], warm_up: Submitted) -> list[Way]:
    """Those that can be measured; the others say why not."""
    ready = []
    for way in ways:
        _say(f"preparing {way.name}")
        try:
            way.prepare(warm_up)
        except (Unavailable, GraderError) as why:
            figures[way.name].unavailable = _short(why)
            _say(f"{way.name}: {why}")
            way.close()
        else:
            ready.append(way)
    return ready


def _batch(notebooks: Sequence[Submitted], number: int, count: int) -> list[Submitted]:
    """`count` notebooks, others in each round."""
    return [notebooks[(number * count + i) % len(notebooks)] for i in range(count)]


def _round(way: Way, figures: Figures, number: int, batch: list[Submitted]) -> None:
    if figures.unavailable is not None:
        return
    before = cpu_seconds(family())
    try:
        took = way.run(number + 1, batch)
    except (Unavailable, GraderError) as why:
        figures.unavailable = f"round {number + 1}: {_short(why)}"
        _say(f"{way.name}: {why}")
        return
    figures.notebooks = took.notebooks
    figures.seconds.append(took.seconds / took.notebooks)
    figures.cpu_seconds.append((cpu_seconds(family()) - before) / took.notebooks)
    figures.startup_seconds = took.startup
    _say(f"round {number + 1}: {way.name} {figures.seconds[-1]:.3f} s a notebook")


def _short(why: Exception) -> str:
    """The last line, for a table."""
    lines = str(why).strip().splitlines()
    return lines[-1] if lines else type(why).__name__


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

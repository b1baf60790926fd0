"""`make bench-class`: a class from files to marks and pages by `grader batch`, beside nbgrader.

examples:
  make bench-class                          1,000 notebooks, 30 for nbgrader
  make bench-class CLASS='--n 150'          quick
  python -m benchmarks.class_bench --n 40 --peer-notebooks 4

Prints a table and writes benchmarks/class.json. docs/benchmark.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from benchmarks.classes import Class, Member
from benchmarks.processes import cpu_seconds, family
from benchmarks.submissions import ASSIGNMENT, COURSE, Submitted
from benchmarks.ways.nbgrader import Nbgrader
from benchmarks.ways.way import Unavailable

FILE = Path(__file__).resolve().parent / "class.json"
FEW = 100
WARM = 10  # results before the cost of one is measured: by then everything has started
CHANGES = (
    ("numerics/rounding.py", "\nGAP = 4.0", "\nGAP = 8.0"),
    ("__init__.py", '__version__ = "', '__version__ = "0+tolerance.'),
)
_QUIET: dict[str, Any] = {"capture_output": True, "text": True}


@dataclass
class Graded:
    """A class through `grader batch`, in one call.

    Attributes:
        notebooks: how many.
        seconds: of the whole call, start and end included.
        cpu_seconds: a notebook, of all processes, from the tenth result to the last; and its
            share of the end.
        closing_seconds: from the last result to the end.
        memory_mb: of the coordinating process alone (USS), by the number of results so far.
        peak_mb: the largest (RSS) that it ever was, the table and pages at the end included.
        outcomes: how many ended how.
        exit_code: 1 when somebody was not graded.
    """

    notebooks: int
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    closing_seconds: float = 0.0
    peak_mb: float = 0.0
    memory_mb: dict[int, float] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    exit_code: int = 0


def main(arguments: Sequence[str]) -> int:
    """Measure; 1 when something could not be measured, or somebody was not graded."""
    options = _parser().parse_args(arguments)
    made = Class()
    unavailable: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="bench-class-") as name:
        folder = Path(name)
        _say(f"making {options.n} notebooks")
        members = [made.member(number) for number in range(options.n)]
        few = members[: min(FEW, options.n // 2)]
        peer = _unless(unavailable, "nbgrader", lambda: _peer(members, options.peer_notebooks))
        small = _batch(folder, "few", few)
        whole = _batch(folder, "all", members)
        regrade = _unless(unavailable, "regrade", lambda: _regrade(folder))
    figures = _figures(options, small, whole, peer, regrade)
    body = figures | {
        "unavailable": unavailable,
        "seconds_a_notebook": {"ours": whole.seconds / whole.notebooks, "nbgrader": peer},
        "regrade_seconds": regrade,
        "peer_notebooks": options.peer_notebooks,
        "classes": [vars(small), vars(whole)],
        "mix": Counter(member.kind for member in members),
        "machine": {
            "cores": len(os.sched_getaffinity(0)),
            "system": platform.platform(),
            "python": platform.python_version(),
            "torch": version("torch"),
        },
        "command": " ".join(("benchmarks.class_bench", *arguments)),
    }
    FILE.write_text(json.dumps(body, indent=2) + "\n", "utf-8")
    print(_table(figures, whole, unavailable.get("nbgrader") or peer or 0.0))
    return 1 if unavailable or small.exit_code or whole.exit_code else 0


def _unless(unavailable: dict[str, str], what: str, measure: Callable[[], float]) -> float | None:
    """A figure; None, and why, where it cannot be had."""
    try:
        return measure()
    except Unavailable as why:
        unavailable[what] = str(why)
        _say(f"{what}: {why}")
        return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.class_bench", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--n", type=_many, default=1000, metavar="N", help="notebooks (1000)")
    parser.add_argument(
        "--peer-notebooks", type=int, default=30, metavar="N", help="for nbgrader (30)"
    )
    return parser


def _many(text: str) -> int:
    number = int(text)
    if number < 4:
        raise argparse.ArgumentTypeError(f"expected at least 4, found {number}")
    return number


def _peer(members: Sequence[Member], count: int) -> float:
    """Seconds that nbgrader takes for each of `count` samples of the class, without its start."""
    those = [Submitted(m.name, m.data) for m in members if m.kind == "sample"][:count]
    way = Nbgrader()
    try:
        _say("preparing nbgrader")
        way.prepare(those[0])
        _say(f"nbgrader: {len(those)}")
        took = way.run(1, those)
    finally:
        way.close()
    return took.seconds / took.notebooks


def _batch(folder: Path, name: str, members: Sequence[Member]) -> Graded:
    """Grade a class, and watch."""
    count, submissions, out = len(members), folder / name, folder / f"out-{name}"
    _say(f"grading {count}")
    submissions.mkdir()
    for member in members:
        (submissions / f"{member.name}.ipynb").write_bytes(member.data)
    graded = Graded(count)
    command = ["batch", ASSIGNMENT, str(submissions), "-o", str(out), "--seed", "1"]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *command, "--progress", "json"],
        cwd=COURSE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    watched = psutil.Process(process.pid)
    start = last = 0.0
    warm = min(WARM, count // 4)
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            event: dict[str, Any] = json.loads(line)
            if event["event"] == "finished":
                graded.outcomes[f"{event['outcome']}, {event['run']}"] += 1
                done = event["done"]
                if done == count or done % 25 == 0:
                    graded.memory_mb[done] = watched.memory_full_info().uss / 1e6
                if done == warm:
                    start = cpu_seconds(family(process.pid))
                if done == count:
                    last = time.perf_counter()
                    used = cpu_seconds(family(process.pid)) - start
                    graded.cpu_seconds = used / (count - warm)
            elif event["event"] == "ended":
                graded.closing_seconds = time.perf_counter() - last
                graded.peak_mb = _peak_mb(process.pid)
    graded.exit_code = process.returncode
    if process.returncode not in (0, 1):
        raise SystemExit(f"grader batch ended with exit code {process.returncode}")
    graded.seconds = time.perf_counter() - began
    graded.cpu_seconds += graded.closing_seconds / count  # one thread that computes
    return graded


def _peak_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text("ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", text)
    return int(found[1]) / 1000 if found else 0.0


def _regrade(folder: Path) -> float:
    """Seconds to judge the class again by a copy of the grader with another tolerance.

    Raises:
        Unavailable: `grader regrade` fails.
    """
    changed = folder / "grader"
    shutil.copytree(COURSE / "grader", changed, ignore=shutil.ignore_patterns("__pycache__"))
    for name, before, after in CHANGES:
        text = (changed / name).read_text("utf-8")
        if text.count(before) != 1:
            raise Unavailable(f"grader/{name}: expected {before!r} once")
        (changed / name).write_text(text.replace(before, after), "utf-8")
    compileall.compile_dir(changed, quiet=1)  # as an installed package is
    book = folder / "out-all" / "gradebook.db"
    command = [sys.executable, "-m", "grader", "regrade"]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    known = subprocess.run([*command, "--help"], cwd=folder, env=environment, check=False, **_QUIET)
    if known.returncode:
        raise Unavailable("there is no `grader regrade`")
    began = time.perf_counter()
    ended = subprocess.run(
        [*command, str(book), "--yes", "--course", str(COURSE)],
        cwd=folder, env=environment, check=False, **_QUIET,
    )  # fmt: skip
    if ended.returncode not in (0, 1):  # 1: somebody has to be run again
        raise Unavailable(f"grader regrade: {ended.stderr.strip()[-300:]}")
    return time.perf_counter() - began


def _figures(
    options: argparse.Namespace,
    small: Graded,
    whole: Graded,
    peer: float | None,
    regrade: float | None,
) -> dict[str, float | None]:
    """What is held against the bounds."""
    each = whole.seconds / whole.notebooks
    few = min(whole.memory_mb, key=lambda done: abs(done - small.notebooks))
    return {
        "n": options.n,
        "nbgrader_over_ours": None if peer is None else peer / each,
        "coordinator_growth_mb": whole.memory_mb[whole.notebooks] - whole.memory_mb[few],
        "cost_ratio_1000_over_100": whole.cpu_seconds / small.cpu_seconds,
        "regrade_share": None if regrade is None else regrade / whole.seconds,
    }


def _table(figures: dict[str, float | None], whole: Graded, peer: float | str) -> str:
    lines = [f"{key:<26} {'not measured' if value is None else f'{value:10.3f}'}"
             for key, value in figures.items()]  # fmt: skip
    lines += [
        f"{'seconds a notebook':<26} {whole.seconds / whole.notebooks:10.3f}",
        f"{'CPU seconds a notebook':<26} {whole.cpu_seconds:10.3f}",
        f"{'nbgrader, seconds':<26} {peer if isinstance(peer, str) else f'{peer:10.3f}'}",
        f"{'largest coordinator, MB':<26} {whole.peak_mb:10.1f}",
        "ended: " + ", ".join(f"{count} {how}" for how, count in whole.outcomes.most_common()),
    ]
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make verify-numerics`: the tolerances, judged on many generated answers, and what peers say.

Draws programs until both kinds of answers are as many as asked, on every core; prints the counts,
writes `benchmarks/numerics.json`, and exits with 1 where a promise of `docs/numerics.md` is broken.

    python -m tests.numerics.verify                      100,000 right and 100,000 wrong answers
    python -m tests.numerics.verify 5000 --seed 7        fewer, and others
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from grader.numerics import compare
from tests.numerics.cases import DTYPES, Case, cases, described, fault

BLOCK = 5  # seeds that a process draws at a time, in every dtype
SINGLE = ("float32", "complex64")
DOUBLE = ("float64", "complex128")
SHARE = 0.001  # of the cases in single precision may be undecidable
OUT = Path("benchmarks/numerics.json")


@dataclass
class Tally:
    """Counts by (dtype, right or wrong, well or ill conditioned, who judged, verdict)."""

    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    open: list[dict[str, Any]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.counts += other.counts
        self.faults += other.faults
        self.open += other.open

    def count(self, **wanted: str) -> int:
        """How many cases: by dtype, kind, well, judge, verdict."""
        keys = ("dtype", "kind", "well", "judge", "verdict")
        asked = {keys.index(name): value for name, value in wanted.items()}
        return sum(
            n for key, n in self.counts.items() if all(key[i] == v for i, v in asked.items())
        )


def peers(case: Case) -> Iterator[tuple[str, str]]:
    """What fixed tables say of a case: the reference in the student's dtype is what they expect."""
    own = case.expectation.own
    assert own is not None and own.data is not None and case.actual.data is not None
    to = getattr(torch, case.dtype)
    actual, expected = (torch.tensor(data).to(to) for data in (case.actual.data, own.data))
    try:
        torch.testing.assert_close(actual, expected)
        yield "assert_close", "equal"
    except AssertionError:
        yield "assert_close", "different"
    yield "allclose", "equal" if torch.allclose(actual, expected) else "different"


def block(first: int) -> Tally:
    """Judge the cases of some seeds, in every dtype."""
    torch.set_num_threads(1)
    found = Tally()
    for seed in range(first, first + BLOCK):
        for dtype in DTYPES:
            for case in cases(seed, dtype):
                one(case, seed, found)
    return found


def one(case: Case, seed: int, found: Tally) -> None:
    ours = compare(case.actual, case.expectation, case.dtype)
    key = (case.dtype, "right" if case.right else "wrong", "well" if case.well else "ill")
    for judge, verdict in (("grader", ours.verdict), *peers(case)):
        found.counts[*key, judge, verdict] += 1
    if fault(case, ours.verdict):
        found.faults.append(f"{described(case, seed)}: {ours.worst} {ours.tolerance}")
    if ours.verdict == "undecidable" and case.dtype in SINGLE + DOUBLE:
        assert ours.overlap is not None and ours.tolerance is not None
        found.open.append(
            {
                "case": described(case, seed),
                "overlap": ours.overlap if ours.overlap < 1e300 else None,
                "floor": ours.tolerance.floor,
                "gap": ours.tolerance.gap,
                "spread": ours.tolerance.spread,
            }
        )


def run(wanted: int, seed: int, jobs: int) -> Tally:
    """Blocks of seeds in order, until there are enough of both kinds."""
    total = Tally()
    said = time.monotonic()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        running: set[Future[Tally]] = set()
        while True:
            while len(running) < 2 * jobs:
                running.add(pool.submit(block, seed))
                seed += BLOCK
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                total.add(future.result())
            right, wrong = (total.count(kind=k, judge="grader") for k in ("right", "wrong"))
            enough = min(right, wrong) >= wanted
            if enough or time.monotonic() - said > 5:
                said = time.monotonic()
                print(f"{right:,} right, {wrong:,} wrong, {len(total.faults)} faults", flush=True)
            if enough:
                for future in running:
                    future.cancel()
                return total


def summary(total: Tally, seed: int, seconds: float) -> dict[str, Any]:
    """What `benchmarks/numerics.json` holds."""

    def counts(judge: str, **which: str) -> dict[str, int]:
        def number(kind: str, verdict: str) -> int:
            return total.count(judge=judge, kind=kind, verdict=verdict, **which)

        return {
            "right": total.count(judge=judge, kind="right", **which),
            "false_rejections": sum(number("right", v) for v in ("different", "shape", "kind")),
            "wrong": total.count(judge=judge, kind="wrong", **which),
            "false_acceptances": number("wrong", "equal"),
            "undecidable": number("right", "undecidable") + number("wrong", "undecidable"),
        }

    return {
        **counts("grader"),
        "well_conditioned": counts("grader", well="well"),
        "by_dtype": {
            dtype: {
                **counts("grader", dtype=dtype),
                "well_conditioned": counts("grader", dtype=dtype, well="well"),
                "assert_close": counts("assert_close", dtype=dtype),
                "allclose": counts("allclose", dtype=dtype),
            }
            for dtype in DTYPES
        },
        "assert_close": counts("assert_close"),
        "allclose": counts("allclose"),
        "undecidable_cases": total.open,
        "faults": total.faults,
        "seed": seed,
        "seconds": round(seconds, 1),
        "torch": torch.__version__,
    }


def broken(found: dict[str, Any]) -> list[str]:
    """The promises that the counts break."""
    wrong = list(found["faults"])
    for dtypes, share, part in ((SINGLE, SHARE, None), (DOUBLE, 0.0, "well_conditioned")):
        for dtype in dtypes:
            counts = found["by_dtype"][dtype]
            counts = counts[part] if part else counts
            allowed = share * (counts["right"] + counts["wrong"])
            if counts["undecidable"] > allowed:
                wrong.append(f"{dtype}: {counts['undecidable']} undecidable, {allowed:g} at most")
    for case in found["undecidable_cases"]:
        if case["overlap"] is not None and case["overlap"] <= 1:
            wrong.append(f"undecidable without an overlap: {case}")
    return wrong


def table(found: dict[str, Any]) -> str:
    """The counts, and beside them those of the peers."""
    head = (
        f"{'':<12}{'right':>9}{'rejected':>9}{'wrong':>9}{'accepted':>9}{'undecid.':>9}"
        f" | {'assert_close':>12}{'':>8} | {'allclose':>8}"
    )
    lines = [head, f"{'':<57} | {'rejected':>9}{'accepted':>9}   | rejected accepted"]
    for name in (*DTYPES, "all"):
        row = found if name == "all" else found["by_dtype"][name]
        close, near = row["assert_close"], row["allclose"]
        lines.append(
            f"{name:<12}{row['right']:>9,}{row['false_rejections']:>9,}{row['wrong']:>9,}"
            f"{row['false_acceptances']:>9,}{row['undecidable']:>9,}"
            f" | {close['false_rejections']:>9,}{close['false_acceptances']:>9,}"
            f"   | {near['false_rejections']:>8,} {near['false_acceptances']:>8,}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wanted", type=int, nargs="?", default=100_000, help="of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    begun = time.monotonic()
    total = run(options.wanted, options.seed, options.jobs)
    found = summary(total, options.seed, time.monotonic() - begun)
    print(table(found))
    OUT.parent.mkdir(exist_ok=True)
    temporary = OUT.with_suffix(".part")
    temporary.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    temporary.replace(OUT)
    print(f"{OUT}: {len(found['undecidable_cases'])} undecidable in single and double precision")
    wrong = broken(found)
    for line in wrong[:40]:
        print(line)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

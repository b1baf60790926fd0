"""What the catalogue names on every sample, mutant and pair: `make verify-diagnosis`.

Prints the confusions and the rates, and writes them to `benchmarks/diagnosis.json`:

- `top1`, `top2`: the share of wrong samples on which the right name comes first, or second;
- `on_accepted`: how many accepted samples get a name (must be 0);
- `mutants_top1`: the share of mutants that are wrong on which a right name comes first, and
  `on_right_mutants`: how many mutants that are still right get a name;
- `pairs_named`: the share of answers with two mistakes of which one at least is named;
- `pairs_absent`: the share of them on which something is named that is not there
  (`cell-stopped` and `wrong-shape` only say what is seen, and so are never absent).

Pairs are drawn by seeds, about 330 wrong answers each, and the rates are those of all together;
where there are several, the rates of each are printed too. The matchers were written and changed
with the pairs of 20 to 23 and of 27 at hand; for 24 to 26, which count here, nothing was changed.
Whoever changes a matcher for those takes new ones: `--pairs-seed 28 --pairs-seed 29`.

A sample's name is that of its folder, `solutions/<exercise>/wrong/<misconception>/`. What is
matched never holds it: the notebook that runs has neither the path nor the outcome block.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.cli.screen import progress
from grader.diagnose import ids
from grader.model.exercise import Assignment
from grader.selftest import Sample, samples
from grader.spec import load_assignment
from tests.diagnose.gathered import COURSE, Gathered, gather

PAIRS_SEEDS = (24, 25, 26)
# What generators call by names of their own.
_ALSO = {
    "other-name": "right-value-under-another-name",
    "missing-underscore": "requires-grad-called",
}
# What these say is seen and not concluded: that a cell stopped, that a shape is another one.
_SEEN = frozenset(["cell-stopped", "wrong-shape"])
_SHOWN = 40
# What is promised of the whole catalogue: at least, and at most.
AT_LEAST = {"top1": 0.95, "top2": 0.99, "mutants_top1": 0.85, "pairs_named": 0.9}
AT_MOST = {"on_accepted": 0, "on_right_mutants": 0, "pairs_absent": 0.05}


@dataclass(frozen=True)
class Named:
    """One answer: what is wrong with it, and what was named, likeliest first."""

    what: str
    truth: frozenset[str]
    named: tuple[str, ...]

    @property
    def first(self) -> bool:
        """Whether a right name comes first."""
        return bool(self.named) and self.named[0] in self.truth

    @property
    def absent(self) -> frozenset[str]:
        """Names of what is not there."""
        return frozenset(self.named) - self.truth - _SEEN

    @property
    def second(self) -> bool:
        """Whether a right name is among the first two."""
        return bool(self.truth & set(self.named[:2]))


def named(what: str, truth: Iterable[str], shown: Gathered) -> Named:
    """What the catalogue says about a gathered run."""
    known = frozenset(_ALSO.get(name, name) for name in truth)
    return Named(what, known, tuple(one.id for one in shown.diagnoses))


def confusions(found: Iterable[Named]) -> Counter[tuple[str, str]]:
    """How often something else came first: (truth, what was named or `nothing`)."""
    return Counter(
        ("|".join(sorted(one.truth)), one.named[0] if one.named else "nothing")
        for one in found
        if not one.first
    )


def share(count: int, total: int) -> float:
    """A share to four digits; 1 of nothing."""
    return round(count / total, 4) if total else 1.0


def of_samples(found: list[Named], accepted: list[Named]) -> dict[str, Any]:
    """The rates of samples."""
    return {
        "wrong": len(found),
        "top1": share(sum(one.first for one in found), len(found)),
        "top2": share(sum(one.second for one in found), len(found)),
        "accepted": len(accepted),
        "on_accepted": sum(bool(one.named) for one in accepted),
    }


def of_mutants(wrong: list[Named], right: list[Named]) -> dict[str, Any]:
    """The rates of mutants: those that are wrong, and those that are right all the same."""
    return {
        "mutants": len(wrong),
        "mutants_top1": share(sum(one.first for one in wrong), len(wrong)),
        "right_mutants": len(right),
        "on_right_mutants": sum(bool(one.named) for one in right),
    }


def of_pairs(found: list[Named]) -> dict[str, Any]:
    """The rates of answers with two mistakes."""
    absent = sum(bool(one.absent) for one in found)
    return {
        "pairs": len(found),
        "pairs_named": share(sum(bool(set(one.named) & one.truth) for one in found), len(found)),
        "pairs_absent": share(absent, len(found)) if found else 0.0,
    }


def gathered(
    course: Path, chosen: list[Any], label: str, jobs: int
) -> Iterator[tuple[Any, Gathered]]:
    """Runs with a progress bar."""
    with progress(label) as update:
        yield from gather(course, chosen, jobs=jobs, progress=update)


def is_right(shown: Gathered) -> bool:
    """Whether every check passed."""
    return all(finding.status == "passed" for finding in shown.findings)


def verify(
    course: Path, assignment: Assignment, jobs: int, seeds: Sequence[int] = PAIRS_SEEDS
) -> dict[str, Any]:
    """All rates, pairs of all seeds together; prints the confusions of each part."""
    chosen: list[Sample] = [s for s in samples(course, assignment) if s.kind != "starter"]
    wrong: list[Named] = []
    accepted: list[Named] = []
    for sample, shown in gathered(course, chosen, "samples", jobs):
        kind, misconception, *_ = sample.name.split("/")
        what = f"{sample.exercise} {sample.name}"
        if kind == "accepted":
            accepted.append(named(what, (), shown))
        else:
            wrong.append(named(what, (misconception,), shown))
    rates = of_samples(wrong, accepted)
    report("samples", wrong)
    for one in accepted:
        if one.named:
            print(f"  a right answer got {', '.join(one.named)}: {one.what}")
    return rates | generated(course, assignment, jobs, seeds)


def generated(
    course: Path, assignment: Assignment, jobs: int, seeds: Sequence[int]
) -> dict[str, Any]:
    """The rates of mutants and pairs; none where the generators are not there."""
    try:
        from tests.mutants import mutants, pairs
    except ImportError:
        print("no tests/mutants: mutants and pairs are left out")
        return {}
    wrong: list[Named] = []
    right: list[Named] = []
    for one, shown in gathered(course, list(mutants(course, assignment)), "mutants", jobs):
        group = right if is_right(shown) else wrong
        group.append(named(f"{one.exercise} {one.operator}", one.truth, shown))
    report("mutants", wrong)
    for one in right:
        if one.named:
            print(f"  a mutant that is right got {', '.join(one.named)}: {one.what}")
    both: list[Named] = []
    for seed in seeds:
        drawn = list(pairs(course, assignment, seed))
        found = [
            named(f"{one.exercise} {one.operator}", one.truth, shown)
            for one, shown in gathered(course, drawn, f"pairs {seed}", jobs)
            if not is_right(shown)
        ]
        print(f"pairs of seed {seed}: {json.dumps(of_pairs(found))}")
        report_pairs(found)
        both += found
    return of_mutants(wrong, right) | {"pairs_seeds": list(seeds)} | of_pairs(both)


def report(label: str, found: list[Named]) -> None:
    """Print what was taken for what, and where."""
    wrong = confusions(found)
    print(f"{label}: {len(found)}, of which {sum(wrong.values())} got another name first")
    for (truth, instead), count in wrong.most_common(_SHOWN):
        where = next(
            one.what
            for one in found
            if not one.first
            and (one.named or ("nothing",))[0] == instead
            and "|".join(sorted(one.truth)) == truth
        )
        print(f"  {count:3}  {truth}  →  {instead}   ({where})")
    if len(wrong) > _SHOWN:
        print(f"  and {len(wrong) - _SHOWN} kinds more")


def report_pairs(found: list[Named]) -> None:
    """Print the answers with two mistakes on which something absent is named, or neither."""
    for one in found:
        truth = " + ".join(sorted(one.truth))
        if one.absent:
            print(f"  {', '.join(sorted(one.absent))} is absent from {truth}   ({one.what})")
        elif not set(one.named) & one.truth:
            print(f"  neither is named of {truth}   ({one.what})")


class _Failures(logging.Handler):
    """Remembers matchers that failed."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def broken(rates: Mapping[str, Any]) -> list[str]:
    """The promises that these rates do not keep."""
    low = [f"{key}: {rates[key]} < {m}" for key, m in AT_LEAST.items() if rates.get(key, m) < m]
    high = [f"{key}: {rates[key]} > {m}" for key, m in AT_MOST.items() if rates.get(key, m) > m]
    return low + high


def main() -> int:
    """Verify this repository's course; 1 if a matcher failed or a promise is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=2, help="notebooks in flight, 2")
    parser.add_argument("--assignment", default="all", help="which exercises, `all`")
    parser.add_argument(
        "--pairs-seed",
        type=int,
        action="append",
        metavar="N",
        help="draw pairs by this seed; may be given again, default 24, 25 and 26",
    )
    chosen = parser.parse_args()
    failures = _Failures()
    logging.getLogger("grader.diagnose").addHandler(failures)
    assignment = load_assignment(COURSE, chosen.assignment)
    rates = verify(COURSE, assignment, chosen.jobs, chosen.pairs_seed or PAIRS_SEEDS)
    rates["entries"] = len(ids())
    print(json.dumps(rates, indent=1))
    if chosen.assignment == "all":
        path = COURSE / "benchmarks" / "diagnosis.json"
        half = path.with_suffix(".half")
        half.write_text(json.dumps(rates, indent=1) + "\n", "utf-8")
        half.replace(path)
        print(f"written to {path.relative_to(COURSE)}")
    wrong = [*sorted(set(failures.said)), *broken(rates)]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

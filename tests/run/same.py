"""`python -m tests.run.same`: every sample solution, in forked kernels and in ones by themselves.

Samples of different exercises are handed in together: the n-th of each exercise in notebook n. The
two results must be the same, but for what the machine decides: times, memory, isolation. A cell
that never ends is ended sooner than a course would, in both.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.kernel import KernelServer
from grader.model.exercise import Assignment
from grader.pipeline import diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import to_json
from grader.selftest import Sample, notebook, samples
from grader.spec import load_assignment, references

COURSE = Path(__file__).resolve().parents[2]
ASSIGNMENT = "all"
_SEED = 11
_CELL_SECONDS = 5.0  # of CPU time
_THE_MACHINES = ("seconds", "peak_memory_bytes", "isolation")


def rounds(assignment: Assignment) -> list[list[Sample]]:
    """The samples of each notebook."""
    found = samples(COURSE, assignment)
    columns = [[s for s in found if s.exercise == e.id] for e in assignment.exercises]
    return [
        [column[number] for column in columns if number < len(column)]
        for number in range(max(map(len, columns)))
    ]


def differences(
    assignment: Assignment, chosen: list[Sample], process: ReferenceProcess, server: str
) -> list[str]:
    """Where the two results of one notebook differ, as paths with both values."""
    data = notebook(assignment, chosen)
    results = []
    for address in (server, None):
        graded = grade(data, "same.ipynb", assignment, process, seed=_SEED, server=address)
        texts = diagnosis_texts(graded.result)
        results.append(dict(_leaves("", to_json(graded.result, "en", texts))))
    forked, alone = results
    return [
        f"{path}: {forked.get(path)!r} forked, {alone.get(path)!r} by itself"
        for path in sorted({*forked, *alone})
        if forked.get(path) != alone.get(path)
    ]


def _leaves(path: str, node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key not in _THE_MACHINES:
                yield from _leaves(f"{path}.{key}", value)
    elif isinstance(node, list):
        yield f"{path}#", len(node)
        for number, value in enumerate(node):
            yield from _leaves(f"{path}[{number}]", value)
    else:
        yield path, node


def main() -> int:
    """Compare all samples; 1 when a result differs."""
    parser = argparse.ArgumentParser("python -m tests.run.same", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="notebooks at once")
    parser.add_argument("--from", type=int, default=1, metavar="N", dest="first",
                        help="the notebook to begin with, of a run that was stopped")  # fmt: skip
    asked = parser.parse_args()
    loaded = load_assignment(COURSE, ASSIGNMENT)
    assignment = replace(loaded, limits=replace(loaded.limits, cell_seconds=_CELL_SECONDS))
    every = rounds(assignment)
    chosen = every[asked.first - 1 :]
    same = 0
    with (
        ReferenceProcess(references(COURSE, assignment)) as process,
        KernelServer() as server,
        ThreadPoolExecutor(asked.jobs) as pool,
    ):
        found = pool.map(
            lambda together: differences(assignment, together, process, server.address), chosen
        )
        for number, (together, lines) in enumerate(zip(chosen, found, strict=True), asked.first):
            same += not lines
            word = "DIFFER" if lines else "same  "
            print(f"{word} {number:3} of {len(every)}: {len(together)} samples", flush=True)
            for line in lines:
                print(f"       {line}", flush=True)
    print(f"{sum(map(len, chosen))} samples: {same} notebooks passed, {len(chosen) - same} failed")
    return 0 if same == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())

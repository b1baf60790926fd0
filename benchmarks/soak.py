"""Many notebooks one after another through this grader: does anything pile up?"""

from __future__ import annotations

import multiprocessing.util
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import descriptors, family, pss_bytes
from benchmarks.submissions import ASSIGNMENT, COURSE, submissions
from benchmarks.ways.ours import Ours
from grader.spec import load_assignment

CHECK_EVERY = 100
DIFFERENT = 24
KB_PER_NOTEBOOK = 64
CRITERION = (
    f"after the first {CHECK_EVERY} notebooks: no more descriptors, processes or temporary files, "
    f"and at most {KB_PER_NOTEBOOK} kB of memory more for each notebook"
)


@dataclass(frozen=True, slots=True)
class Held:
    """What this process and all its descendants hold between two notebooks."""

    notebooks: int
    memory_mb: float
    descriptors: int
    processes: int
    files: int

    def __str__(self) -> str:
        return (
            f"{self.notebooks:6} notebooks  {self.memory_mb:8.1f} MB  "
            f"{self.descriptors:4} descriptors  {self.processes:3} processes  {self.files:4} files"
        )


def soak(count: int) -> int:
    """Grade `count` notebooks; 1 when what is held grew, else 0."""
    multiprocessing.util.get_temp_dir()  # removed when this process ends, after the folder
    with tempfile.TemporaryDirectory(prefix="b-") as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        ours = Ours("ours", 1, None)
        different = submissions(load_assignment(COURSE, ASSIGNMENT), DIFFERENT)
        ours.prepare(different[0])
        try:
            history = []
            for number in range(1, count + 1):
                ours.grade(different[number % DIFFERENT], number)
                if number % CHECK_EVERY == 0 or number == count:
                    history.append(_held(number, Path(folder)))
                    print(history[-1], flush=True)
        finally:
            ours.close()
            tempfile.tempdir = None
    grown = _grown(history)
    print(f"Criterion: {CRITERION}.")
    print(f"Grew: {', '.join(grown)}." if grown else "Nothing grew.")
    return 1 if grown else 0


def _held(number: int, folder: Path) -> Held:
    time.sleep(0.5)  # whoever is being reaped may leave
    processes = family()
    try:
        memory = pss_bytes(processes) / 1e6
    except OSError as error:
        print(f"memory cannot be read: {error}", file=sys.stderr)
        memory = float("nan")
    files = sum(1 for _ in folder.rglob("*"))
    return Held(number, memory, descriptors(processes), len(processes), files)


def _grown(history: list[Held]) -> list[str]:
    first, last = history[0], history[-1]
    allowed = KB_PER_NOTEBOOK * (last.notebooks - first.notebooks) / 1000
    counted = ("descriptors", "processes", "files")
    grown = [name for name in counted if getattr(last, name) > getattr(first, name)]
    return grown + ([] if last.memory_mb <= first.memory_mb + allowed else ["memory"])

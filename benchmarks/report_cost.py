"""What a report costs: CPU milliseconds and bytes of pages, Markdown and notebooks.

    python benchmarks/report_cost.py [NOTEBOOK …]

Grades the notebooks once (by default four sample submissions of the assignment `autograd`, made
here: right, and wrong in three ways), then writes each report many times in this process and prints
the median and the fastest of the CPU times. The first rendering, which compiles templates and
texts, is not counted. Exit code 1 when a page without its images has 120 kB or more.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from grader.kernel import KernelServer
from grader.pipeline import Graded, diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import LANGUAGES, html, markdown, notebook
from grader.selftest import notebook as handed_in
from grader.selftest import samples
from grader.spec import load_assignment, references

COURSE = Path(__file__).resolve().parent.parent
TIMES = 60
BYTES = 120_000
IMAGES = re.compile(r"data:image/png;base64,[^\"]*")


def main() -> int:
    """Print a table; 1 when a page is too large."""
    large = False
    print(f"{'submission':<20} {'what':<9} {'median ms':>9} {'least ms':>9} {'bytes':>9}")
    for name, graded in _graded([Path(name) for name in sys.argv[1:]]).items():
        for what, write in _writers(graded).items():
            median, least, written = _cost(write)
            size = len(IMAGES.sub("", written).encode())
            large = large or (what.startswith("html") and size >= BYTES)
            print(f"{name:<20} {what:<9} {median:>9.2f} {least:>9.2f} {size:>9}")
    return int(large)


def _writers(graded: Graded) -> Mapping[str, Callable[[], str]]:
    made: dict[str, Callable[[], str]] = {}
    for language in LANGUAGES:
        result = replace(graded.result, language=language)
        texts = diagnosis_texts(result)

        def page(result=result, texts=texts, language=language):  # type: ignore[no-untyped-def]
            return html(
                result, graded.submission, graded.capture, language, texts,
                assignment=graded.assignment,
            )  # fmt: skip

        made[f"html {language}"] = page
    texts = diagnosis_texts(graded.result)
    said = graded.result.language
    made["markdown"] = lambda: markdown(graded.result, said, texts)
    made["notebook"] = lambda: notebook(
        graded.result, graded.submission, graded.capture, said, texts
    ).decode()
    return made


def _cost(write: Callable[[], str]) -> tuple[float, float, str]:
    """Median and least CPU time in milliseconds, and what was written."""
    written = write()
    times = []
    for _ in range(TIMES):
        begun = time.process_time()
        write()
        times.append(1000 * (time.process_time() - begun))
    return statistics.median(times), min(times), written


def _graded(paths: list[Path]) -> dict[str, Graded]:
    assignment = load_assignment(COURSE, "autograd")
    data = {path.name: path.read_bytes() for path in paths}
    if not data:
        found = samples(COURSE, assignment)
        for number, name in enumerate(("right", "wrong-1", "wrong-2", "wrong-3")):
            kind = "accepted" if name == "right" else "wrong"
            chosen = []
            for exercise in assignment.exercises:
                own = [s for s in found if s.exercise == exercise.id and s.kind == kind]
                chosen.append(own[(5 * number) % len(own)])
            data[f"{name}.ipynb"] = handed_in(assignment, chosen, "en")
    with ReferenceProcess(references(COURSE, assignment)) as process, KernelServer() as server:
        return {
            name: grade(content, name, assignment, process, seed=1, server=server.address)
            for name, content in data.items()
        }


if __name__ == "__main__":
    sys.exit(main())

"""Entries that no sample shows are shown by the lines beside their texts."""

from __future__ import annotations

from pathlib import Path

from grader import diagnose
from grader.kernel import KernelServer
from grader.pipeline import grade
from grader.reference import ReferenceProcess
from grader.selftest import notebook, samples
from grader.spec import load_assignment, references
from scripts.gallery.snippets import snippets


def test_wrong_lines_get_the_name_that_they_stand_beside(
    course: Path, tmp_path: Path, kernels: KernelServer
) -> None:
    found = samples(course, load_assignment(course, "all"))
    shown = {s.diagnosis or s.name.split("/")[1] for s in found if s.kind == "wrong"}
    folder, written = snippets(tmp_path, sorted({*diagnose.ids()} - shown))
    assert written
    named = {}
    with ReferenceProcess(references(folder, load_assignment(folder, "snippets"))) as process:
        for sample in written:
            alone = load_assignment(folder, sample.exercise)
            data = notebook(alone, [sample])
            graded = grade(data, "lines.ipynb", alone, process, seed=1, server=kernels.address)
            named[sample.exercise] = [one.id for one in graded.result.exercises[0].diagnoses]
    assert {id: names for id, names in named.items() if id not in names} == {}

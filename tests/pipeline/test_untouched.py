"""A notebook handed in as it was given out: nothing was done, and no mistake was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.kernel import KernelServer
from grader.pipeline import grade
from grader.reference import ReferenceProcess
from grader.spec import load_assignment, references
from tests.pipeline.conftest import filled

NOT_DONE = {"no-choice"}  # what says that something was left as it was


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_done_scores_nothing_and_is_called_no_mistake(
    course: Path, kernels: KernelServer, language: str
) -> None:
    assignment = load_assignment(course, "all")
    data = filled(assignment, {}, language)
    with ReferenceProcess(references(course, assignment)) as process:
        result = grade(data, "hw.ipynb", assignment, process, seed=1, server=kernels.address).result
    assert result.status == "graded"
    assert {one.id: one.score for one in result.exercises if one.score} == {}
    named = {
        (one.id, diagnosis.id)
        for one in result.exercises
        for diagnosis in one.diagnoses
        if diagnosis.id not in NOT_DONE
    }
    assert sorted(named) == []

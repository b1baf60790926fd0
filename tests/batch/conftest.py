"""One class, graded once without a disturbance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.spec import load_assignment
from tests.batch.samples import Events, batch, class_of, written


@dataclass(frozen=True)
class Undisturbed:
    """A finished batch of the small class."""

    submissions: Path
    out: Path
    code: int
    events: Events
    said: str


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, course: Path) -> Undisturbed:
    """The small class in a folder, and what a batch made of it."""
    folder = tmp_path_factory.mktemp("class")
    files = class_of(course, load_assignment(course, "autograd"))
    submissions = written(folder / "submissions", files)
    out = folder / "out"
    ended = batch("autograd", submissions, "-o", out, "--seed", "5", course=course)
    return Undisturbed(submissions, out, *ended)

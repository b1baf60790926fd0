"""A typo in the name of an assignment is the caller's mistake, not the course's."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli.named import named_assignment
from grader.errors import CallError

from .conftest import Call

COURSE = Path(__file__).parent.parent.parent


def test_the_assignments_there_are_stand_in_the_error(call: Call, tmp_path: Path) -> None:
    code, _, err = call(
        "release", "nosuch", "--course", COURSE, "--language", "en", "-o", tmp_path / "hw.ipynb"
    )
    assert code == 2
    assert "autograd, " in err
    assert "found 'nosuch'" in err
    assert "mistake in the course" not in err


@pytest.mark.parametrize("name", ["autograd", "backward-twice"])
def test_assignments_and_exercises_are_found(name: str) -> None:
    assert named_assignment(COURSE, name).id == name


def test_a_course_without_assignments_says_none(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="none"):
        named_assignment(tmp_path, "autograd")

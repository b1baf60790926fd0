"""Students read of checks and cells by what they see of them, not by the author's names."""

from dataclasses import replace

import pytest

from grader.model.result import ExerciseResult
from grader.model.submission import Message
from grader.report.texts import naming_exercises, naming_parts
from tests.report.samples import RESULT

PARTS = {"vector": {"en": "2. A vector", "ru": "2. Вектор"}}
EXERCISE = ExerciseResult("flow", {"en": "Control flow"}, 0.0, 1.0, "failed", (), parts=PARTS)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "2. A vector"), ("ru", "2. Вектор"), ("zh", "2. A vector")]
)
def test_a_cell_is_called_by_its_heading(language: str, said: str) -> None:
    message = Message("check.cell.empty", {"cell": "vector"})
    assert naming_parts(message, EXERCISE, language).params == {"cell": said}


@pytest.mark.parametrize("cell", ["given", 3])
def test_a_cell_without_a_heading_keeps_its_name(cell: str | int) -> None:
    message = Message("check.cell.empty", {"cell": cell})
    assert naming_parts(message, EXERCISE, "en") == message


def test_a_notice_names_the_cell_in_its_exercise_only() -> None:
    result = replace(RESULT, exercises=(EXERCISE,))
    params: dict[str, str | int | float] = {"exercise": "flow", "cell": "vector"}
    known = naming_exercises(Message("notice.cell-missing", params), result, "en")
    assert known.params == {"exercise": "Control flow", "cell": "2. A vector"}
    other = Message("notice.cell-missing", {**params, "exercise": "elsewhere"})
    assert naming_exercises(other, result, "en") == other

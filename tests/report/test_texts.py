"""Students read of checks and cells by what they see of them, not by the author's names."""

from dataclasses import replace

import pytest

from grader.model.exercise import Exercise, headings
from grader.model.result import ExerciseResult
from grader.model.submission import Message
from grader.report.texts import naming_exercises, naming_parts
from tests.report.samples import RESULT

PARTS = {"vector": {"en": "2. A vector", "ru": "2. Вектор"}}
EXERCISE = ExerciseResult("flow", {"en": "Control flow"}, 0.0, 1.0, "failed", (), parts=PARTS)


def exercise(prompts: dict[str, dict[str, str]]) -> Exercise:
    return Exercise(id="flow", title={"en": "Flow"}, points=1.0, checks=(), prompts=prompts)


def test_headings_are_the_bold_words_that_a_cells_text_begins_with() -> None:
    prompts = {
        "en": {
            "": "**Not of a cell.**",
            "given": "The next cell is given. **Do not** change it.",
            "vector": "\n**2. A vector.** Run `f`.",
            "mend": "**3. `x.grad`, mended:**\nSet …",
        },
        "zh": {"vector": "**2. 向量。** 运行 `f`。"},
    }
    assert headings(exercise(prompts)) == {
        "vector": {"en": "2. A vector", "zh": "2. 向量"},
        "mend": {"en": "3. x.grad, mended"},
    }


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

"""A notebook is brought into line with its assignment, whatever was done to it."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.model.exercise import Assignment
from grader.model.submission import Submission
from grader.notebook import MESSAGES, align, read
from tests.notebook.conftest import ANSWERS, Released, code, markdown, notebook

Cells = list[dict[str, Any]]


def aligned(cells: Cells, metadata: dict[str, Any], assignment: Assignment) -> Submission:
    submission = align(read(notebook(*cells, **metadata), "hw.ipynb"), assignment)
    assert [cell.index for cell in submission.cells] == list(range(len(submission.cells)))
    for message in submission.notices:
        assert tuple(message.params) == MESSAGES[message.id]
    return submission


def named(submission: Submission) -> list[str]:
    return [f"{c.exercise}/{c.name}" for c in submission.cells if c.name is not None]


def told(submission: Submission) -> list[tuple[str, ...]]:
    return [
        (m.id.removeprefix("notice."), *map(str, m.params.values())) for m in submission.notices
    ]


def position(cells: Cells, exercise: str, cell: str) -> int:
    return next(
        i
        for i, c in enumerate(cells)
        if c["metadata"].get("grader", {}).get("cell") == cell
        and c["metadata"]["grader"]["exercise"] == exercise
    )


def answers(submission: Submission) -> dict[tuple[str | None, str], str]:
    return {(c.exercise, c.name): c.source for c in submission.cells if c.name and not c.locked}


def lose_metadata(cells: Cells, *, ids: bool = True) -> Cells:
    lost = copy.deepcopy(cells)
    for index, cell in enumerate(lost):
        cell["metadata"] = {"id": "colab", "outputId": "x"}
        if ids:
            cell["id"] = f"new{index}"
    return lost


ALL = [
    "double/inputs", "double/answer", "double/more", "double/scaled", "slope/points",
    "slope/answer",
]  # fmt: skip


def test_a_filled_in_release_is_recognised_by_its_metadata(
    released: Released, assignment: Assignment
) -> None:
    submission = aligned(*released(), assignment)
    assert named(submission) == ALL
    assert told(submission) == []
    assert {c.how for c in submission.cells if c.kind == "code"} == {"metadata"}
    assert (submission.assignment, submission.spec_hash) == ("demo", "a" * 64)
    assert submission.language == "zh"
    assert answers(submission) == ANSWERS
    assert [c.exercise for c in submission.cells if c.kind == "markdown"] == [
        "double", "double", "slope",
    ]  # fmt: skip


def test_ids_are_enough(released: Released, assignment: Assignment) -> None:
    cells, metadata = released()
    submission = aligned(lose_metadata(cells, ids=False), metadata, assignment)
    assert {c.how for c in submission.cells if c.kind == "code"} == {"id"}
    assert told(submission) == [("metadata-lost",)]
    assert answers(submission) == ANSWERS


@pytest.mark.parametrize("stamped", [True, False])
@pytest.mark.parametrize("prompts", [True, False])
def test_without_metadata_and_ids_sources_and_places_are_enough(
    released: Released, assignment: Assignment, stamped: bool, prompts: bool
) -> None:
    cells, metadata = released()
    kept = [c for c in lose_metadata(cells) if prompts or c["cell_type"] == "code"]
    submission = aligned(kept, metadata if stamped else {"language_info": {"name": "python"}},
                         assignment)  # fmt: skip
    assert named(submission) == ALL
    assert answers(submission) == ANSWERS
    assert not submission.own_names
    assert told(submission)[0] == ("metadata-lost",)
    how = {f"{c.exercise}/{c.name}": c.how for c in submission.cells if c.name}
    assert how["double/inputs"] == "source"
    assert how["double/answer"] == "position"


def test_extra_cells_do_not_take_an_answers_place_when_metadata_is_lost(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    at = position(cells, "double", "answer")
    cells.insert(at, code("print('thinking')"))
    cells.insert(at + 2, code("print(doubled)"))
    submission = aligned(lose_metadata(cells), metadata, assignment)
    assert answers(submission) == ANSWERS


def test_an_edited_locked_cell_is_restored_and_said_so(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    for how in (cells, lose_metadata(cells, ids=False), lose_metadata(cells)):
        spoilt = copy.deepcopy(how)
        spoilt[position(cells, "double", "inputs")]["source"] = (
            "import torch\n\nx = torch.arange(9.0)"
        )
        submission = aligned(spoilt, metadata, assignment)
        cell = next(c for c in submission.cells if c.name == "inputs")
        assert (cell.source, cell.locked) == ("import torch\n\nx = torch.arange(4.0)", True)
        assert ("locked-restored", "double", "inputs") in told(submission)


def test_white_space_in_a_locked_cell_is_restored_without_a_word(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    cells[position(cells, "double", "inputs")]["source"] = "import torch\r\nx = torch.arange(4.0)\n"
    submission = aligned(cells, metadata, assignment)
    assert submission.cells[1].source == "import torch\n\nx = torch.arange(4.0)"
    assert told(submission) == []


def test_a_corrected_spec_still_grades_and_blames_nobody(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    metadata["grader"]["assignment"]["spec_hash"] = "b" * 64
    cells[position(cells, "double", "inputs")]["source"] = "import torch\nx = torch.ones(4)"
    submission = aligned(cells, metadata, assignment)
    assert told(submission) == [
        ("spec-changed", "b" * 12, "a" * 12),
        ("locked-updated", "double", "inputs"),
    ]
    assert submission.spec_hash == "b" * 64
    assert answers(submission) == ANSWERS


@pytest.mark.parametrize(
    ("cell", "before"), [("inputs", "double/answer"), ("more", "double/scaled")]
)
def test_a_missing_locked_cell_comes_back_where_it_was(
    released: Released, assignment: Assignment, cell: str, before: str
) -> None:
    cells, metadata = released()
    del cells[position(cells, "double", cell)]
    submission = aligned(cells, metadata, assignment)
    assert named(submission) == ALL
    back = next(c for c in submission.cells if c.name == cell)
    assert (back.how, back.locked, back.id) == ("restored", True, "")
    assert named(submission)[ALL.index(f"double/{cell}") + 1] == before
    assert told(submission) == [("locked-missing", "double", cell)]


def test_a_missing_last_locked_cell_comes_back_behind_the_extra_cells(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    cells = [*cells[: position(cells, "double", "more")], code("extra = 1", "e")]
    submission = aligned(cells, metadata, assignment)
    assert [c.source for c in submission.cells][-2:] == ["extra = 1", "scale = torch.tensor(3.0)"]
    assert told(submission) == [
        ("exercise-missing", "slope"),
        ("locked-missing", "double", "more"),
        ("cell-missing", "double", "scaled"),
    ]


def test_a_locked_cell_that_became_text_is_missing(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    at = position(cells, "double", "inputs")
    cells[at] = markdown(cells[at]["source"], **cells[at]["metadata"])
    assert told(aligned(cells, metadata, assignment)) == [("locked-missing", "double", "inputs")]


def test_a_new_cell_below_the_prompt_of_a_deleted_answer_is_the_answer(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    cells[position(cells, "double", "answer")] = code("z = x + x", "fresh")
    submission = aligned(cells, metadata, assignment)
    assert answers(submission)["double", "answer"] == "z = x + x"
    assert told(submission) == []


def test_an_extra_cell_behind_an_answer_does_not_become_the_deleted_next_one(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    assignment = replace(assignment, exercises=assignment.exercises[:1])
    cells = cells[: position(cells, "double", "more") + 1]
    cells.insert(-1, code("print(doubled)", "e"))
    submission = aligned(cells, metadata, assignment)
    extra = next(c for c in submission.cells if c.source == "print(doubled)")
    assert (extra.exercise, extra.name) == ("double", None)
    assert told(submission) == [("cell-missing", "double", "scaled")]


def test_copies_of_an_answer_all_have_its_name(released: Released, assignment: Assignment) -> None:
    cells, metadata = released()
    at = position(cells, "double", "answer")
    cells.insert(at + 1, cells[at] | {"id": "copy", "source": "doubled = x + x"})
    submission = aligned(cells, metadata, assignment)
    assert named(submission).count("double/answer") == 2
    assert answers(submission)["double", "answer"] == "doubled = x + x"
    assert told(submission) == [("cell-duplicated", "double", "answer", "2")]


def test_of_copies_of_a_locked_cell_one_is_it_and_the_others_stay_as_they_are(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    at = position(cells, "double", "inputs")
    cells.insert(at, cells[at] | {"id": "copy", "source": "x = torch.ones(4)"})
    submission = aligned(cells, metadata, assignment)
    assert named(submission) == ALL
    assert submission.cells[at].source == "x = torch.ones(4)"
    assert submission.cells[at].name is None
    assert told(submission) == [("cell-duplicated", "double", "inputs", "2")]


def test_reordered_cells_run_as_they_stand_and_it_is_said(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    a, b = position(cells, "double", "answer"), position(cells, "double", "scaled")
    cells[a], cells[b] = cells[b], cells[a]
    submission = aligned(cells, metadata, assignment)
    assert named(submission)[1] == "double/scaled"
    assert told(submission) == [("cells-reordered", "double")]


def test_reordered_exercises_are_noticed(released: Released, assignment: Assignment) -> None:
    cells, metadata = released()
    at = position(cells, "slope", "points") - 1
    assert told(aligned(cells[at:] + cells[:at], metadata, assignment)) == [
        ("exercises-reordered",)
    ]


def test_extra_cells_belong_to_the_cell_before_and_the_first_ones_to_none(
    released: Released, assignment: Assignment
) -> None:
    cells, metadata = released()
    cells.insert(position(cells, "double", "answer") + 1, code("print(doubled)", "e1"))
    cells = [code("import os", "e0"), *cells, code("done = True", "e2"), markdown("bye")]
    submission = aligned(cells, metadata, assignment)
    exercise = {c.id: (c.exercise, c.name) for c in submission.cells if c.id.startswith("e")}
    assert exercise == {"e0": (None, None), "e1": ("double", None), "e2": ("slope", None)}
    assert submission.cells[-1].exercise == "slope"
    assert told(submission) == []


def test_a_strangers_notebook_has_names_of_its_own_and_gets_nothing_inserted(
    assignment: Assignment,
) -> None:
    cells = [code("import torch\n\nx = torch.arange(4.0)"), markdown("# Mine"), code("y = 1")]
    submission = aligned(cells, {"language_info": {"name": "python"}}, assignment)
    assert submission.own_names
    assert told(submission) == [("own-names",)]
    assert [c.source for c in submission.cells] == [c["source"] for c in cells]
    assert {c.exercise for c in submission.cells} == {None}
    assert (submission.language, submission.assignment) == ("en", None)


def test_a_stamped_notebook_without_any_known_cell_has_names_of_its_own_too(
    released: Released, assignment: Assignment
) -> None:
    submission = aligned([code("print('all my own work')")], released()[1], assignment)
    assert submission.own_names
    assert submission.assignment == "demo"


def test_the_language_is_told_by_the_prompts_when_the_stamp_is_lost(
    released: Released, assignment: Assignment
) -> None:
    cells, _ = released()
    cells[0]["source"] = assignment.exercises[0].prompts["zh"][""]
    kept = [c for c in lose_metadata(cells) if c["cell_type"] == "code" or c["id"] == "new0"]
    assert aligned(kept, {"language_info": {"name": "python"}}, assignment).language == "zh"


def test_another_assignment_is_refused(released: Released, assignment: Assignment) -> None:
    cells, metadata = released()
    with pytest.raises(SubmissionError) as caught:
        aligned(cells, metadata, replace(assignment, id="other"))
    assert caught.value.message_id == "input.other-assignment"
    assert caught.value.params == {"expected": "other", "found": "demo"}


@pytest.mark.parametrize(
    "mark",
    [3, "x", [], {"exercise": 1, "cell": []}, {"exercise": "double", "cell": "no-such"},
     {"exercise": "x" * 10_000, "cell": "answer"}, {"exercise": "double", "cell": None}],
)  # fmt: skip
def test_mangled_cell_metadata_is_ignored(
    released: Released, assignment: Assignment, mark: object
) -> None:
    cells, metadata = released()
    cells[position(cells, "double", "answer")]["metadata"]["grader"] = mark
    assert answers(aligned(cells, metadata, assignment)) == ANSWERS


def test_a_percent_script_names_its_cells(assignment: Assignment) -> None:
    script = (
        '# %% name="inputs"\nx = 1\n\n# %% name="answer" exercise="double"\ndoubled = 2 * x\n\n'
        '# %% name="scaled"\nprint(3)\n\n# %% name="answer" exercise="slope"\nslopes = 3\n'
    )
    submission = align(read(script.encode(), "hw.py"), assignment)
    assert answers(submission) == {
        ("double", "answer"): "doubled = 2 * x",
        ("double", "scaled"): "print(3)",
        ("slope", "answer"): "slopes = 3",
    }
    assert [c.source for c in submission.cells if c.locked] == [
        cell.source for e in assignment.exercises for cell in e.cells if cell.locked
    ]


def test_an_assignment_of_one_exercise_is_filled_by_names_alone(assignment: Assignment) -> None:
    one = replace(assignment, exercises=assignment.exercises[1:])
    submission = align(read(b'# %% name="answer"\nslopes = 3\n', "a.py"), one)
    assert named(submission) == ["slope/points", "slope/answer"]


def test_many_cells_without_metadata_are_aligned_in_reasonable_work(
    released: Released, assignment: Assignment
) -> None:
    """The comparison is linear in a cell's length and bounded; this would not end otherwise."""
    cells, metadata = released()
    extra = [code("x = ((" * 500 + "a," * 500) for _ in range(800)]
    submission = aligned(lose_metadata(cells[:2] + extra + cells[2:]), metadata, assignment)
    assert len(submission.cells) >= 800


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 2**32),
    edits=st.lists(
        st.sampled_from(["drop", "copy", "swap", "edit", "strip", "strip-id", "text", "extra"]),
        max_size=12,
    ),
    stamped=st.booleans(),
)
def test_whatever_was_done_to_a_release_it_can_be_run(
    released: Released, assignment: Assignment, seed: int, edits: list[str], stamped: bool
) -> None:
    rng = random.Random(seed)
    cells, metadata = released()
    for edit in edits:
        i, j = rng.randrange(len(cells)), rng.randrange(len(cells))
        if edit == "drop" and len(cells) > 1:
            del cells[i]
        elif edit == "copy":
            cells.insert(j, copy.deepcopy(cells[i]))
        elif edit == "swap":
            cells[i], cells[j] = cells[j], cells[i]
        elif edit == "edit":
            cells[i]["source"] = "edited = 1"
        elif edit == "strip":
            cells[i]["metadata"] = {}
        elif edit == "strip-id":
            cells[i].pop("id", None)
        elif edit == "text":
            cells[i]["cell_type"] = "markdown"
        else:
            cells.insert(i, code("extra = 1"))
    submission = aligned(cells, metadata if stamped else {}, assignment)
    locked = [(c.exercise, c.name) for c in submission.cells if c.locked]
    assert len(set(locked)) == len(locked)
    originals = [c for c in submission.cells if c.how != "restored"]
    assert len(originals) == len(cells)
    texts = {(e.id, c.name): c for e in assignment.exercises for c in e.cells}
    for cell, given_cell in zip(originals, cells, strict=True):
        if not cell.locked:
            assert cell.source == given_cell["source"]
    for cell in submission.cells:
        if cell.name is not None:
            template = texts[cell.exercise or "", cell.name]
            assert cell.locked == template.locked
            assert not cell.locked or cell.source == template.source
    present = {c.exercise for c in submission.cells if c.name}
    if not submission.own_names:
        for (exercise, name), template in texts.items():
            assert not template.locked or exercise not in present or (exercise, name) in locked
